import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { formatNumber } from '../../../lib/format.ts';
import { keyPath } from '../../../lib/route.ts';
import { keyName } from '../model.ts';
import classes from './calendar.module.css';
import { byDay, type KeyEvent } from './events.ts';
import { eventLooks } from './looks.ts';
import { dayWords } from './MonthGrid.tsx';

const SHOWN = 100;

/** What is said of an event beside its kind. */
function noteOf({ kind, later, key }: KeyEvent): string | null {
  if (kind === 'rotation') {
    if (key.KeyState === 'Disabled') return 'It is disabled: it rotates once it is enabled.';
    if (later) return `By its period of ${formatNumber(key.RotationPeriodInDays ?? 0)} days.`;
    return null;
  }
  if (kind === 'expiry') return 'Import it again before, or the key cannot be used.';
  return 'Until then the deletion can be cancelled.';
}

/** The same events as a list by days, each with the way to its key. */
export function Agenda({ events, empty }: { events: readonly KeyEvent[]; empty: string }) {
  const [all, setAll] = useState(false);
  const shown = all ? events : events.slice(0, SHOWN);
  const days = useMemo(() => byDay(shown), [shown]);
  if (events.length === 0) return <Text c="dimmed">{empty}</Text>;
  return (
    <Stack gap="sm">
      {days.map(([day, of]) => (
        <section key={day}>
          <Title order={3} size="h5">
            {dayWords(day)}
          </Title>
          <ul className={classes.agenda}>
            {of.map((event) => (
              <Item key={`${event.kind} ${event.key.KeyId}`} event={event} />
            ))}
          </ul>
        </section>
      ))}
      {shown.length < events.length ? (
        <Group>
          <Button variant="default" size="compact-sm" onClick={() => setAll(true)}>
            Show all {formatNumber(events.length)}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

function Item({ event }: { event: KeyEvent }) {
  const { kind, time, key } = event;
  const { icon: Icon, says } = eventLooks[kind];
  const note = noteOf(event);
  return (
    <li>
      <span className={classes.mark} data-kind={kind} aria-hidden>
        <Icon size={16} />
      </span>
      <div className={classes.what}>
        <Anchor
          href={`#${keyPath(key.KeyId, kind === 'rotation' ? 'rotation' : kind === 'expiry' ? 'import' : undefined)}`}
        >
          {keyName(key)}
        </Anchor>
        <Text c="dimmed" size="xs">
          {says} <RelativeTime value={time} plain />
          {note === null ? '.' : `. ${note}`}
        </Text>
      </div>
    </li>
  );
}
