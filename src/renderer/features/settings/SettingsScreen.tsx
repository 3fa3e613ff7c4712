import { Tabs } from '@mantine/core';
import {
  IconArchive,
  IconClockPause,
  IconDoorEnter,
  IconInfoCircle,
  IconPalette,
  IconPlugConnected,
} from '@tabler/icons-react';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Screen } from '../../components/Screen.tsx';
import { navigate, useRoute } from '../../lib/route.ts';
import { About } from './About.tsx';
import { AppearanceSection } from './AppearanceSection.tsx';
import { Backup } from './Backup.tsx';
import { LocalEndpoint } from './LocalEndpoint.tsx';
import { Locking } from './Locking.tsx';
import classes from './settings.module.css';
import { WaysIn } from './WaysIn.tsx';

/** The parts of the screen, each at `#/settings/<id>`. */
export const sections = [
  { id: 'ways-in', title: 'Ways in', icon: IconDoorEnter, body: WaysIn },
  { id: 'locking', title: 'Vault and locking', icon: IconClockPause, body: Locking },
  { id: 'backup', title: 'Backup', icon: IconArchive, body: Backup },
  { id: 'endpoint', title: 'Local endpoint', icon: IconPlugConnected, body: LocalEndpoint },
  { id: 'appearance', title: 'Appearance', icon: IconPalette, body: AppearanceSection },
  { id: 'about', title: 'About', icon: IconInfoCircle, body: About },
] as const;

export function SettingsScreen() {
  const { section } = useRoute();
  const current = sections.find(({ id }) => id === section) ?? sections[0];
  return (
    <Screen>
      <PageHeader title="Settings" />
      <Tabs
        value={current.id}
        onChange={(id) => id && navigate(`/settings/${id}`, { replace: true })}
        keepMounted={false}
        variant="default"
        classNames={{ tabSection: classes.icon ?? '' }}
      >
        <Tabs.List mb="lg">
          {sections.map(({ id, title, icon: Icon }) => (
            <Tabs.Tab key={id} value={id} leftSection={<Icon size={17} stroke={1.7} aria-hidden />}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {sections.map(({ id, body: Body }) => (
          <Tabs.Panel key={id} value={id} className={classes.panel}>
            <Body />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Screen>
  );
}
