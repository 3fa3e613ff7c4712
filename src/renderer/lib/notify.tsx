import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { RefusalDetails } from '../components/decision/RefusalDetails.tsx';
import { refusalOf } from './decisions.ts';
import { asCofferError } from './errors.ts';
import { onSessionEnd } from './session.ts';

export function notifySuccess(message: string, title?: string): void {
  notifications.show({
    message,
    ...(title ? { title } : {}),
    color: 'green',
    icon: <IconCheck size={18} aria-hidden />,
    autoClose: 4000,
  });
}

export function notifyInfo(message: string, title?: string): void {
  notifications.show({
    message,
    ...(title ? { title } : {}),
    icon: <IconInfoCircle size={18} aria-hidden />,
    autoClose: 8000,
  });
}

/** Shows a failure until it is put away; its code is the title, so that it can be looked up. A refusal says why and stays. */
export function notifyError(error: unknown): void {
  const { code, message } = asCofferError(error);
  const refusal = refusalOf(error);
  notifications.show({
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
    autoClose: refusal ? false : 12_000,
  });
}

// A notice may name a key or a file: it goes with the session.
onSessionEnd(() => notifications.clean());
