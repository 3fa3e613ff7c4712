import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { RefusalDetails } from '../components/decision/RefusalDetails.tsx';
import { NoticeLinks } from '../components/NoticeLinks.tsx';
import { NoticeProgress } from '../components/NoticeProgress.tsx';
import { recordOf } from './api.ts';
import { refusalOf } from './decisions.ts';
import { asCofferError } from './errors.ts';
import { onSessionEnd, useSession } from './session.ts';
import { PartlyUndone, rememberUndo, takeUndo, type Undo, useLastUndo, type Watch } from './undo.ts';

const SHORT_MS = 4_000;
/** Time to read it and to reach what it offers. */
const OFFER_MS = 8_000;
const LONG_MS = 12_000;
/** What is over sooner shows no progress. */
const PATIENCE_MS = 500;

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

/** The notice of what was done last. */
let success = '';

function showSuccess(notice: Pick<Notice, 'message' | 'title' | 'stays'>): string {
  notifications.hide(success);
  success = show({ ...notice, color: 'green', icon: <IconCheck size={18} aria-hidden /> });
  return success;
}

/**
 * Says what was done, with a link to its record and the way back where there is one. It takes the place of the one before: only the last
 * act can be undone, and a pile of them would cover what is worked with.
 */
export function notifySuccess(message: string, title?: string, { answer, undo }: Aftermath = {}): void {
  // Locked meanwhile: it may name what is in the vault, and the next session is not the one to take it back.
  if ((answer !== undefined || undo) && useSession.getState().status?.state !== 'open') return;
  const record = recordOf(answer);
  // What is done next is the last thing done, also when it cannot be taken back.
  rememberUndo(undo ?? null);
  const close = () => notifications.hide(id);
  const id = showSuccess({
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
    stays: record || undo ? OFFER_MS : SHORT_MS,
  });
}

/** Says that something went well that changed nothing, as copying: the act before it can still be taken back. `answer` is a call's. */
export function notifyAside(message: string, title?: string, answer?: unknown): void {
  const record = recordOf(answer);
  const id = showSuccess({
    message: record ? (
      <>
        {message}
        <NoticeLinks record={record} onLeave={() => notifications.hide(id)} />
      </>
    ) : (
      message
    ),
    title,
    stays: record ? OFFER_MS : SHORT_MS,
  });
}

export function notifyInfo(message: string, title?: string): void {
  show({ message, title, icon: <IconInfoCircle size={18} aria-hidden />, stays: OFFER_MS });
}

/** Shows a failure until it is put away; its code is the title, so that it can be looked up. A refusal says why and stays, as does a report. */
export function notifyError(error: unknown): void {
  const { code, message } = asCofferError(error);
  // The whole window says that already.
  if (code === 'VaultLocked' && useSession.getState().status?.state !== 'open') return;
  const isReport = error instanceof PartlyUndone;
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
    stays: refusal || isReport ? false : LONG_MS,
    urgent: true,
  });
}

async function undoAct(wanted: Undo): Promise<void> {
  const undo = takeUndo(wanted);
  if (!undo) {
    notifyInfo('Something else was done since: only the last act can be undone.');
    return;
  }
  const { watch, end } = follow(undo.title);
  try {
    notifySuccess(`${undo.title}: done.`, 'Undone', { answer: await undo.run(watch) });
  } catch (error) {
    // It names keys, and they are another session's by now.
    if (useSession.getState().status?.state !== 'open') return;
    if (error instanceof PartlyUndone && useLastUndo.getState().undo === null) rememberUndo(error.rest);
    notifyError(error);
  } finally {
    end();
  }
}

/** Shows how far an undo is once it takes long, with a way to stop it. */
function follow(title: string): { readonly watch: Watch; readonly end: () => void } {
  const stop = new AbortController();
  const forget = onSessionEnd(() => stop.abort());
  const began = performance.now();
  let id: string | undefined;
  const onProgress = (done: number, total: number) => {
    if (stop.signal.aborted || performance.now() - began < PATIENCE_MS) return;
    const message = <NoticeProgress done={done} total={total} onStop={() => stop.abort()} />;
    if (id === undefined) id = show({ message, title, icon: <IconArrowBackUp size={18} aria-hidden />, stays: false });
    else notifications.update({ id, message });
  };
  const end = () => {
    forget();
    if (id !== undefined) notifications.hide(id);
  };
  return { watch: { signal: stop.signal, onProgress }, end };
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
