import {
  ActionIcon,
  Anchor,
  Button,
  Group,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  Title,
  Tooltip,
} from '@mantine/core';
import { IconCalendarEvent, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { DAY_MS } from '../../../../shared/time.ts';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { PageHeader } from '../../../components/PageHeader.tsx';
import { Screen } from '../../../components/Screen.tsx';
import { plural } from '../../../lib/format.ts';
import { useSession } from '../../../lib/session.ts';
import { reloadKeys, useKeys } from '../keys-store.ts';
import type { KeyRow } from '../model.ts';
import { Agenda } from './Agenda.tsx';
import classes from './calendar.module.css';
import { dayOf, endOf, isSameMonth, type Month, monthOf, monthsLater, noonOf, startOf, weeksOf } from './dates.ts';
import { comingBetween, type EventKind, eventKinds, eventsBetween, nextBetween } from './events.ts';
import { eventLooks } from './looks.ts';
import { dayWords, MonthGrid, monthWords } from './MonthGrid.tsx';

/** Months one can go ahead: the longest rotation period. */
const AHEAD = 84;
const FAR_MS = AHEAD * 31 * DAY_MS;
const HALF_DAY_MS = DAY_MS / 2;

/** What is coming for the keys of the window's Region: `#/keys/calendar`. */
export function CalendarScreen() {
  const region = useSession((session) => session.region);
  const { keys, undescribed, error } = useKeys();
  const [now] = useState(Date.now);
  const coming = useMemo(() => keys?.filter((key) => comingBetween(key, now, now + FAR_MS).length > 0), [keys, now]);
  return (
    <Screen>
      <Anchor href="#/keys" size="sm">
        All keys
      </Anchor>
      <PageHeader
        title="Calendar"
        description={`What is coming for the keys in ${region}: rotations, expiries and deletions`}
      />
      {error ? <ErrorNotice error={error} onRetry={() => void reloadKeys()} /> : null}
      {undescribed > 0 ? (
        <Text c="dimmed" size="sm" role="note" mb="sm">
          {plural(undescribed, 'more key is', 'more keys are')} here that you may not see, and so not in the calendar.
        </Text>
      ) : null}
      {coming ? (
        coming.length === 0 ? (
          <EmptyState icon={IconCalendarEvent} title="Nothing is coming">
            No key in {region} rotates by itself, waits for its deletion or has imported material that expires. Switch a
            rotation on in the Rotation tab of a key.
          </EmptyState>
        ) : (
          <Calendar keys={coming} />
        )
      ) : error ? null : (
        <Skeleton height={320} role="status" aria-label="Loading the calendar" />
      )}
    </Screen>
  );
}

function Calendar({ keys }: { keys: readonly KeyRow[] }) {
  const [now] = useState(Date.now);
  const today = dayOf(now);
  const [month, setMonth] = useState<Month>(() => monthOf(now));
  const [reached, setReached] = useState(today);
  const [chosen, setChosen] = useState<string | null>(null);
  const [kind, setKind] = useState<EventKind | 'all'>('all');
  const first = monthOf(now);
  const last = monthsLater(first, AHEAD);
  const all = useMemo(() => {
    const weeks = weeksOf(month);
    const begin = noonOf(weeks[0]?.[0] ?? today).getTime() - HALF_DAY_MS;
    const end = noonOf(weeks.at(-1)?.at(-1) ?? today).getTime() + HALF_DAY_MS;
    // What was due before today has been done.
    return eventsBetween(keys, Math.max(begin, noonOf(today).getTime() - HALF_DAY_MS), end);
  }, [keys, month, today]);
  // The days of the months beside it show what comes on them, too; the list is of this month.
  const events = kind === 'all' ? all : all.filter((event) => event.kind === kind);
  const listed = events.filter(({ time }) =>
    chosen === null ? isSameMonth(monthOf(time), month) : dayOf(time) === chosen,
  );
  const next = useMemo(
    () =>
      listed.length > 0 || chosen !== null
        ? undefined
        : nextBetween(keys, Math.max(now, endOf(month)), now + FAR_MS, kind === 'all' ? undefined : kind),
    [keys, listed.length, chosen, now, month, kind],
  );

  function show(to: Month): void {
    setMonth(to);
    setChosen(null);
    setReached(isSameMonth(to, first) ? today : dayOf(startOf(to)));
  }
  function reach(day: string): void {
    const to = monthOf(noonOf(day));
    if (startOf(to) < startOf(first) || startOf(to) > startOf(last)) return;
    setReached(day);
    if (isSameMonth(to, month)) return;
    setMonth(to);
    setChosen(null);
  }
  const choose = (day: string) => {
    reach(day);
    setChosen((before) => (before === day ? null : day));
  };
  return (
    <div className={classes.frame}>
      <div className={classes.calendar}>
        <Stack gap="sm">
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <Step
                label="The month before"
                off={isSameMonth(month, first)}
                onClick={() => show(monthsLater(month, -1))}
              >
                <IconChevronLeft size={16} aria-hidden />
              </Step>
              <Step label="The month after" off={isSameMonth(month, last)} onClick={() => show(monthsLater(month, 1))}>
                <IconChevronRight size={16} aria-hidden />
              </Step>
              <Title order={2} size="h4" aria-live="polite" className={classes.title}>
                {monthWords(month)}
              </Title>
            </Group>
            <Button
              variant="default"
              size="compact-sm"
              disabled={isSameMonth(month, first)}
              onClick={() => show(first)}
            >
              Today
            </Button>
          </Group>
          <MonthGrid
            month={month}
            today={today}
            reached={reached}
            chosen={chosen}
            events={events}
            onReach={reach}
            onChoose={choose}
          />
          <Months keys={keys} shown={month} first={first} kind={kind} onShow={show} />
        </Stack>
        <section className={classes.list} aria-label="Agenda">
          <SegmentedControl
            aria-label="What is shown"
            size="xs"
            fullWidth
            value={kind}
            onChange={(value) => setKind(value as EventKind | 'all')}
            data={[
              { value: 'all', label: 'All' },
              ...eventKinds.map((value) => ({ value, label: eventLooks[value].title })),
            ]}
          />
          <Group justify="space-between" my="sm">
            <Text c="dimmed" size="xs" role="status">
              {chosen === null ? monthWords(month) : dayWords(chosen)}: {plural(listed.length, 'event')}
            </Text>
            {chosen === null ? null : (
              <Button size="compact-xs" variant="subtle" onClick={() => setChosen(null)}>
                The whole month
              </Button>
            )}
          </Group>
          <Agenda
            key={`${month.year} ${month.month} ${kind} ${chosen}`}
            events={listed}
            empty={
              chosen !== null
                ? 'Nothing is coming on this day.'
                : `Nothing ${isSameMonth(month, first) ? 'more is' : 'is'} coming in ${monthWords(month)}.${next ? ' What comes next:' : ''}`
            }
          />
          {next ? (
            <Stack mt="sm">
              <Agenda events={[next]} empty="" />
            </Stack>
          ) : null}
        </section>
      </div>
    </div>
  );
}

function Step({
  label,
  off,
  onClick,
  children,
}: {
  label: string;
  off: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" aria-label={label} disabled={off} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

const MONTHS = 12;
const shortMonth = new Intl.DateTimeFormat('en', { month: 'short' });

interface MonthsProps {
  readonly keys: readonly KeyRow[];
  readonly shown: Month;
  readonly first: Month;
  readonly kind: EventKind | 'all';
  readonly onShow: (month: Month) => void;
}

/** The next twelve months with how much comes in each, to go there. */
function Months({ keys, shown, first, kind, onShow }: MonthsProps) {
  const { year, month: number } = first;
  const counts = useMemo(() => {
    const begin = { year, month: number };
    const now = Date.now();
    return Array.from({ length: MONTHS }, (_, index) => {
      const month = monthsLater(begin, index);
      const coming = eventsBetween(keys, Math.max(now, startOf(month)), endOf(month));
      return { month, count: kind === 'all' ? coming.length : coming.filter((event) => event.kind === kind).length };
    });
  }, [keys, year, number, kind]);
  const most = Math.max(1, ...counts.map(({ count }) => count));
  return (
    <ol className={classes.months} aria-label="The next twelve months">
      {counts.map(({ month, count }) => (
        <li key={`${month.year} ${month.month}`}>
          <button
            type="button"
            aria-current={isSameMonth(month, shown) ? 'true' : undefined}
            aria-label={`${monthWords(month)}: ${plural(count, 'event')}`}
            onClick={() => onShow(month)}
          >
            <span className={classes.bar} style={{ height: `${(count / most) * 1.75}rem` }} />
            <span>{shortMonth.format(startOf(month))}</span>
            <span className={classes.count}>{count === 0 ? '–' : count}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
