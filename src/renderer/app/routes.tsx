import { Button } from '@mantine/core';
import {
  IconActivity,
  IconCompass,
  IconFiles,
  IconKey,
  type IconProps,
  IconSettings,
  IconSignature,
  IconUserShield,
} from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { EmptyState } from '../components/EmptyState.tsx';
import { Screen } from '../components/Screen.tsx';
import { AccessScreen } from '../features/access/index.ts';
import { ActivityScreen } from '../features/activity/index.ts';
import { FilesScreen } from '../features/files/index.ts';
import { CalendarScreen, KeyScreen, KeyStoresScreen, KeysScreen } from '../features/keys/index.ts';
import { SettingsScreen } from '../features/settings/index.ts';
import { SignScreen } from '../features/sign/index.ts';
import { navigate, type Route, type ScreenName } from '../lib/route.ts';

/** The entries of the rail, in order. */
export const places: readonly {
  readonly path: string;
  readonly title: string;
  readonly icon: ComponentType<IconProps>;
  readonly screens: readonly ScreenName[];
  readonly keywords: string;
}[] = [
  {
    path: '/keys',
    title: 'Keys',
    icon: IconKey,
    screens: ['keys', 'key', 'key-calendar', 'key-stores'],
    keywords: 'kms alias list',
  },
  { path: '/files', title: 'Files', icon: IconFiles, screens: ['files'], keywords: 'encrypt decrypt drop folder' },
  {
    path: '/sign',
    title: 'Sign & verify',
    icon: IconSignature,
    screens: ['sign'],
    keywords: 'signature detached openssl public key check',
  },
  {
    path: '/access',
    title: 'Access',
    icon: IconUserShield,
    screens: ['access'],
    keywords: 'policy permission who may simulator matrix iam people',
  },
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
    case 'key-calendar':
      return <CalendarScreen />;
    case 'key-stores':
      return <KeyStoresScreen />;
    case 'files':
      return <FilesScreen />;
    case 'sign':
      return <SignScreen />;
    case 'access':
      return <AccessScreen />;
    case 'activity':
      return <ActivityScreen />;
    case 'settings':
      return <SettingsScreen />;
    case 'unknown':
      return (
        <Screen>
          <EmptyState
            icon={IconCompass}
            alone
            title="There is no such screen"
            action={<Button onClick={() => navigate('/keys', { replace: true })}>Go to Keys</Button>}
          >
            Nothing is at {route.path}.
          </EmptyState>
        </Screen>
      );
  }
}
