import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { RefusalDetails } from '../components/decision/RefusalDetails.tsx';
import { NoticeLinks } from '../components/NoticeLinks.tsx';
import { recordOf } from './api.ts';
import { refusalOf } from './decisions.ts';
import { asCofferError } from './errors.ts';
import { onSessionEnd } from './session.ts';
import { rememberUndo, takeUndo, type Undo, useLastUndo } from './undo.ts';

const SHORT_MS = 4_000;
/** Time to read it and to reach what it offers. */
const OFFER_MS = 8_000;
const LONG_MS = 12_000;

/** What can be done about something that was done. */
export interface Aftermath {
  /** What the call answered: the notice links to its record. */
  readonly answer?: unknown;
  /** How to take it back. */
  readonly undo?: Undo;
}

interface Notice {
  readonly message: ReactNode;
  readonly title?: string | undefined;
  readonly color?: string;
  readonly icon: ReactNode;
  /** Milliseconds it stays, unless somebody points at it or is inside; false: until it is put away. */
  readonly stays: number | false;
  /** Read out at once, not when there is a pause. */
  readonly urgent?: boolean;
}

let made = 0;

function show({ message, title, color, icon, stays, urgent }: Notice): string {
  made += 1;
  const id = `notice-${made}`;
  notifications.show({
    id,
    message,
    ...(title ? { title } : {}),
    ...(color ? { color } : {}),
    icon,
    autoClose: stays,
    // The list of notices is a polite live region itself.
    role: urgent ? 'alert' : 'group',
    ...(urgent ? {} : { 'aria-label': title ?? 'Notice' }),
    // It does not go while the keyboard is inside it; the pointer's being there is seen to by the list.
    onFocusCapture: () => void notifications.update({ id, message, autoClose: false }),
    onBlurCapture: () => void notifications.update({ id, message, autoClose: stays }),
  });
  return id;
}

/** Says what was done, with a link to its record and the way back where there is one. */
export function notifySuccess(message: string, title?: string, { answer, undo }: Aftermath = {}): void {
  const record = recordOf(answer);
  // What is done next is the last thing done, also when it cannot be taken back.
  if (undo || record) rememberUndo(undo ?? null);
  const close = () => notifications.hide(id);
  const id = show({
    message:
      record || undo ? (
        <>
          {message}
          <NoticeLinks
            record={record}
            onLeave={close}
            onUndo={
              undo &&
              (() => {
                close();
                void undoAct(undo);
              })
            }
          />
        </>
      ) : (
        message
      ),
    title,
    color: 'green',
    icon: <IconCheck size={18} aria-hidden />,
    stays: record || undo ? OFFER_MS : SHORT_MS,
  });
}

export function notifyInfo(message: string, title?: string): void {
  show({ message, title, icon: <IconInfoCircle size={18} aria-hidden />, stays: OFFER_MS });
}

/** Shows a failure until it is put away; its code is the title, so that it can be looked up. A refusal says why and stays. */
export function notifyError(error: unknown): void {
  const { code, message } = asCofferError(error);
  const refusal = refusalOf(error);
  show({
    title: code,
    message: refusal ? (
      <>
        {message}
        <RefusalDetails refusal={refusal} bounded />
      </>
    ) : (
      message
    ),
    color: 'red',
    icon: <IconAlertTriangle size={18} aria-hidden />,
    stays: refusal ? false : LONG_MS,
    urgent: true,
  });
}

async function undoAct(wanted: Undo): Promise<void> {
  const undo = takeUndo(wanted);
  if (!undo) {
    notifyInfo('Something else was done since: only the last act can be undone.');
    return;
  }
  try {
    notifySuccess(`${undo.title}: done.`, 'Undone', { answer: await undo.run() });
  } catch (error) {
    notifyError(error);
  }
}

/** Takes the last act back; does nothing when there is none that can be. */
export async function undoLast(): Promise<void> {
  const { undo } = useLastUndo.getState();
  if (undo) await undoAct(undo);
}

/** Puts the keyboard into the newest notice; answers whether there is one. */
export function focusNotice(): boolean {
  const buttons = [...document.querySelectorAll<HTMLElement>('.mantine-Notification-root')]
    .at(-1)
    ?.querySelectorAll<HTMLElement>('a, button');
  buttons?.[0]?.focus();
  return buttons !== undefined && buttons.length > 0;
}

// A notice may name a key or a file: it goes with the session.
onSessionEnd(() => notifications.clean());
