import { Group, Paper, Table, Text, Title, Tooltip } from '@mantine/core';
import { IconDownload, type IconProps, IconSparkles } from '@tabler/icons-react';
import { type ComponentType, useMemo, useState } from 'react';
import { formatDate, plural } from '../../../lib/format.ts';
import type { KeyDetail } from '../model.ts';
import { isSameMonth, monthOf } from './dates.ts';
import classes from './key-years.module.css';
import { eventLooks } from './looks.ts';
import { type Milestone, milestonesOf, yearsOf } from './years.ts';

const looks: Readonly<Record<Milestone['kind'], { icon: ComponentType<IconProps>; says: string }>> = {
  created: { icon: IconSparkles, says: 'Created' },
  imported: { icon: IconDownload, says: 'First material imported' },
  rotated: { icon: eventLooks.rotation.icon, says: 'Rotated' },
  rotation: { icon: eventLooks.rotation.icon, says: 'Will rotate' },
  expiry: { icon: eventLooks.expiry.icon, says: 'Imported material expires' },
  deletion: { icon: eventLooks.deletion.icon, says: 'Will be deleted' },
};

function words({ kind, time, onDemand, later }: Milestone): string {
  const how = onDemand ? ', on demand' : later ? ', by its period' : '';
  return `${looks[kind].says} on ${formatDate(time)}${how}`;
}

/** What a month holds before the rest is counted. */
const SHOWN = 2;
const monthShort = new Intl.DateTimeFormat('en', { month: 'short' });
const monthLong = new Intl.DateTimeFormat('en', { month: 'long' });
const monthDates = Array.from({ length: 12 }, (_, month) => new Date(2026, month, 1));

/** The key's rotations, past and coming, and its end, on a sheet of years and months. */
export function KeyYears({ detail }: { detail: KeyDetail }) {
  const [now] = useState(Date.now);
  const years = useMemo(() => yearsOf(milestonesOf(detail, now), now), [detail, now]);
  const today = monthOf(now);
  return (
    <Paper withBorder p="md" component="section" aria-label="Past and coming">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Past and coming
        </Title>
        <Text size="xs" c="dimmed">
          What is planned is drawn open.
        </Text>
      </Group>
      <Table.ScrollContainer minWidth={560} type="native">
        <table className={classes.years} aria-label="Rotations by year and month">
          <thead>
            <tr>
              <th scope="col">Year</th>
              {monthDates.map((date) => (
                <th key={date.getMonth()} scope="col" abbr={monthLong.format(date)}>
                  {monthShort.format(date)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {years.map(({ year, months }) => (
              <tr key={year}>
                <th scope="row">{year}</th>
                {months.map((milestones, month) => (
                  <td
                    key={monthDates[month]?.getMonth()}
                    data-now={isSameMonth({ year, month }, today) || undefined}
                    aria-current={isSameMonth({ year, month }, today) ? 'date' : undefined}
                  >
                    <Cell milestones={milestones} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function Cell({ milestones }: { milestones: readonly Milestone[] }) {
  if (milestones.length === 0) return null;
  const rest = milestones.slice(SHOWN);
  return (
    <>
      {milestones.slice(0, SHOWN).map((milestone) => {
        const { icon: Icon } = looks[milestone.kind];
        return (
          <Tooltip key={milestone.time.getTime()} label={words(milestone)}>
            <span className={classes.stone} data-kind={milestone.kind} role="img" aria-label={words(milestone)}>
              <Icon size={13} aria-hidden />
              {milestone.time.getDate()}
            </span>
          </Tooltip>
        );
      })}
      {rest.length > 0 ? (
        <Tooltip label={rest.map(words).join('\n')} style={{ whiteSpace: 'pre-line' }}>
          <span
            className={classes.rest}
            role="img"
            aria-label={`and ${plural(rest.length, 'more')}: ${rest.map(words).join('; ')}`}
          >
            +{rest.length}
          </span>
        </Tooltip>
      ) : null}
    </>
  );
}
