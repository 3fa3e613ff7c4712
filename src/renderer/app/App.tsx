import { Center, getDefaultZIndex, Loader, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FirstRun, useFirstRun } from '../features/first-run/index.ts';
import { LockScreen } from '../features/lock/index.ts';
import { useAppearance } from '../lib/appearance.ts';
import { refreshSession, useSession } from '../lib/session.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { cssVariables, themeFor } from './theme.ts';
import { useKeyboard } from './use-keyboard.ts';
import { useTouch } from './use-touch.ts';
import { useView } from './use-view.ts';

/** The theme is kept by the main process, so nothing is stored in the browser. */
const noStorage = { get: () => 'auto' as const, set() {}, subscribe() {}, unsubscribe() {}, clear() {} };

export function App() {
  const choice = useAppearance((appearance) => appearance.theme);
  const textSize = useAppearance((appearance) => appearance.textSize);
  const theme = useMemo(() => themeFor(textSize), [textSize]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={noStorage}
      {...(choice === 'system' ? {} : { forceColorScheme: choice })}
    >
      <Notifications
        position="bottom-right"
        limit={4}
        aria-live="polite"
        containerWidth="min(26rem, 90vw)"
        notificationMaxHeight="min(40rem, 85vh)"
        // Below dialogs: a notice must not lie on the button that a dialog is waiting for.
        zIndex={getDefaultZIndex('modal') - 1}
      />
      <ErrorBoundary>
        <Body />
      </ErrorBoundary>
    </MantineProvider>
  );
}

function Body() {
  const status = useSession((session) => session.status);
  const failure = useSession((session) => session.failure);
  const settingUp = useFirstRun((flow) => flow.active);
  useKeyboard();
  useView();
  useTouch(status?.state === 'open');
  if (failure && !status)
    return (
      <Center h="100%" p="xl">
        <ErrorNotice error={failure} onRetry={() => void refreshSession()} />
      </Center>
    );
  if (!status)
    return (
      <Center h="100%" aria-busy>
        <Loader aria-label="Coffer is starting" />
      </Center>
    );
  if (status.state === 'locked') return <LockScreen status={status} />;
  if (status.state === 'none' || settingUp) return <FirstRun status={status} />;
  return <Frame status={status} />;
}
