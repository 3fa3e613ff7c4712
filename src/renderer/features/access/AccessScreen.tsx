import { Tabs } from '@mantine/core';
import { type IconProps, IconTable, IconTestPipe, IconUserCheck, IconUsers } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Screen } from '../../components/Screen.tsx';
import { navigate, useRoute } from '../../lib/route.ts';
import { RetirableGrants } from '../keys/index.ts';
import { PeopleTab } from '../people/index.ts';
import { KeyAccess } from './matrix/KeyAccess.tsx';
import { Simulator } from './simulator/Simulator.tsx';

interface AccessTab {
  readonly id: string;
  readonly title: string;
  readonly icon: ComponentType<IconProps>;
  readonly Body: ComponentType;
  /** What the palette finds it by, besides its title. */
  readonly keywords: string;
}

/** The parts of the section, each at `#/access/<id>`. */
export const accessTabs: readonly AccessTab[] = [
  {
    id: 'simulator',
    title: 'Simulator',
    icon: IconTestPipe,
    Body: Simulator,
    keywords: 'simulate policy allowed denied',
  },
  {
    id: 'key',
    title: 'Who can use a key',
    icon: IconTable,
    Body: KeyAccess,
    keywords: 'matrix principals permissions',
  },
  {
    id: 'people',
    title: 'People',
    icon: IconUsers,
    Body: PeopleTab,
    keywords: 'users roles accounts iam mfa second factor access keys',
  },
  {
    id: 'grants',
    title: 'Grants to retire',
    icon: IconUserCheck,
    Body: RetirableGrants,
    keywords: 'ListRetirableGrants RetireGrant end',
  },
];

/** Access: who may do what, and why. */
export function AccessScreen() {
  const { section } = useRoute();
  const current = accessTabs.find(({ id }) => id === section) ?? accessTabs[0];
  return (
    <Screen wide>
      <PageHeader title="Access" description="Who may do what with the keys, and which statement says so." />
      <Tabs
        value={current?.id ?? null}
        onChange={(id) => id && navigate(`/access/${id}`, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="lg" aria-label="Parts of Access">
          {accessTabs.map(({ id, title, icon: Icon }) => (
            <Tabs.Tab key={id} value={id} leftSection={<Icon size={17} stroke={1.7} aria-hidden />}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {accessTabs.map(({ id, Body }) => (
          <Tabs.Panel key={id} value={id}>
            <Body />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Screen>
  );
}
