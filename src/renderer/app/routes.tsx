import { Button } from '@mantine/core';
import { IconActivity, IconCompass, IconFiles, IconKey, type IconProps, IconSettings } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { EmptyState } from '../components/EmptyState.tsx';
import { Screen } from '../components/Screen.tsx';
import { ActivityScreen } from '../features/activity/index.ts';
import { FilesScreen } from '../features/files/index.ts';
import { KeyScreen, KeyStoresScreen, KeysScreen } from '../features/keys/index.ts';
import { SettingsScreen } from '../features/settings/index.ts';
import { navigate, type Route, type ScreenName } from '../lib/route.ts';

/** The entries of the rail, in order. */
export const places: readonly {
  readonly path: string;
  readonly title: string;
  readonly icon: ComponentType<IconProps>;
  readonly screens: readonly ScreenName[];
  readonly keywords: string;
}[] = [
  { path: '/keys', title: 'Keys', icon: IconKey, screens: ['keys', 'key', 'key-stores'], keywords: 'kms alias list' },
  { path: '/files', title: 'Files', icon: IconFiles, screens: ['files'], keywords: 'encrypt decrypt drop folder' },
  {
    path: '/activity',
    title: 'Activity',
    icon: IconActivity,
    screens: ['activity'],
    keywords: 'audit trail cloudtrail log',
  },
  { path: '/settings', title: 'Settings', icon: IconSettings, screens: ['settings'], keywords: 'preferences' },
];

export function screenFor(route: Route): ReactNode {
  switch (route.screen) {
    case 'keys':
      return <KeysScreen />;
    case 'key':
      return <KeyScreen key={route.keyId} />;
    case 'key-stores':
      return <KeyStoresScreen />;
    case 'files':
      return <FilesScreen />;
    case 'activity':
      return <ActivityScreen />;
    case 'settings':
      return <SettingsScreen />;
    case 'unknown':
      return (
        <Screen>
          <EmptyState
            icon={IconCompass}
            title="There is no such screen"
            action={<Button onClick={() => navigate('/keys', { replace: true })}>Go to Keys</Button>}
          >
            Nothing is at {route.path}.
          </EmptyState>
        </Screen>
      );
  }
}
