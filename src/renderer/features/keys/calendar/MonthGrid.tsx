import { type KeyboardEvent, useMemo, useRef } from 'react';
import { formatNumber } from '../../../lib/format.ts';
import classes from './calendar.module.css';
import { dayOf, daysLater, isSameMonth, type Month, monthOf, monthsLater, noonOf, startOf, weeksOf } from './dates.ts';
import { byDay, type Counts, countsOf, eventKinds, type KeyEvent } from './events.ts';
import { countWords, eventLooks } from './looks.ts';

const weekday = new Intl.DateTimeFormat('en', { weekday: 'short' });
const weekdayLong = new Intl.DateTimeFormat('en', { weekday: 'long' });
const fullDay = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const monthName = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' });

export const dayWords = (day: string): string => fullDay.format(noonOf(day));
export const monthWords = (month: Month): string => monthName.format(startOf(month));

interface Props {
  readonly month: Month;
  readonly today: string;
  /** The day that is looked at, which is in the tab order. */
  readonly reached: string;
  /** The day whose events alone are listed, or `null`. */
  readonly chosen: string | null;
  readonly events: readonly KeyEvent[];
  readonly onReach: (day: string) => void;
  readonly onChoose: (day: string) => void;
}

/** One month as a grid: arrows go by days, the page keys by months, Enter lists one day alone. */
export function MonthGrid({ month, today, reached, chosen, events, onReach, onChoose }: Props) {
  const weeks = useMemo(() => weeksOf(month), [month]);
  const counted = useMemo(() => {
    return new Map(byDay(events).map(([day, of]) => [day, countsOf(of)]));
  }, [events]);
  const body = useRef<HTMLTableSectionElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const noon = noonOf(reached);
    const inMonth = (later: number) => {
      const to = monthsLater(monthOf(noon), later);
      const last = new Date(to.year, to.month + 1, 0).getDate();
      return dayOf(new Date(to.year, to.month, Math.min(noon.getDate(), last), 12));
    };
    const moves: Readonly<Record<string, string>> = {
      ArrowLeft: daysLater(reached, -1),
      ArrowRight: daysLater(reached, 1),
      ArrowUp: daysLater(reached, -7),
      ArrowDown: daysLater(reached, 7),
      Home: daysLater(reached, -((noon.getDay() + 6) % 7)),
      End: daysLater(reached, 6 - ((noon.getDay() + 6) % 7)),
      PageUp: inMonth(-1),
      PageDown: inMonth(1),
    };
    const to = moves[event.key];
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onReach(to);
    // The month it is in may have to be drawn first.
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-day="${to}"]`)?.focus());
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose days are walked by arrow keys is a grid
    <table role="grid" className={classes.month} aria-label={monthWords(month)}>
      <thead>
        <tr>
          {(weeks[0] ?? []).map((day) => (
            <th key={day} scope="col" abbr={weekdayLong.format(noonOf(day))}>
              {weekday.format(noonOf(day))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => {
              const counts = counted.get(day);
              return (
                <td key={day} data-out={isSameMonth(monthOf(noonOf(day)), month) ? undefined : true}>
                  <button
                    type="button"
                    data-day={day}
                    className={classes.day}
                    tabIndex={day === reached ? 0 : -1}
                    aria-pressed={day === chosen}
                    aria-current={day === today ? 'date' : undefined}
                    aria-label={`${dayWords(day)}: ${counts ? countWords(counts) : 'nothing'}`}
                    onFocus={() => onReach(day)}
                    onClick={() => onChoose(day)}
                  >
                    <span className={classes.number}>{noonOf(day).getDate()}</span>
                    {counts ? <Marks counts={counts} /> : null}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Marks({ counts }: { counts: Counts }) {
  return (
    <span className={classes.marks} aria-hidden>
      {eventKinds
        .filter((kind) => counts[kind] > 0)
        .map((kind) => {
          const { icon: Icon } = eventLooks[kind];
          return (
            <span key={kind} className={classes.mark} data-kind={kind}>
              <Icon size={13} />
              {formatNumber(counts[kind])}
            </span>
          );
        })}
    </span>
  );
}
