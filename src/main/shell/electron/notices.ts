import { Notification } from 'electron';
import type { DesktopNotice } from '../shell.ts';

/** Notices that are still shown: one that nobody holds would lose its click. */
const held = new Set<Notification>();

/** Gives a notice of the desktop; `onClick` when the person follows it. Does nothing where the desktop shows none. */
export function giveNotice({ title, body }: DesktopNotice, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notice = new Notification({ title, body });
  held.add(notice);
  notice.on('click', () => {
    held.delete(notice);
    onClick();
  });
  notice.on('close', () => held.delete(notice));
  notice.on('failed', () => held.delete(notice));
  notice.show();
}
