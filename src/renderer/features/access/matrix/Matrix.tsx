import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type FocusEvent,
  Fragment,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type SyntheticEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useRem } from '../../../lib/appearance.ts';
import { principalWords } from '../../../lib/principals.ts';
import { simulatorPath } from '../../../lib/question.ts';
import { navigate } from '../../../lib/route.ts';
import type { ActionGroup } from '../action-groups.ts';
import type { AccountGroup, KeyPrincipal, ReachOf } from '../principals.ts';
import classes from './matrix.module.css';
import { reachFacts } from './reach.ts';

const ROW_REM = 2.25;
const COLUMN_REM = 6.25;
/** Rows of the head: the groups of actions, and the actions. */
const HEAD_ROWS = 2;

interface Props {
  readonly keyId: string;
  readonly columns: readonly ActionGroup[];
  readonly groups: readonly AccountGroup[];
  readonly reachOf: ReachOf;
}

type Line =
  | { readonly principal: KeyPrincipal; readonly title?: undefined }
  | { readonly principal?: undefined; readonly title: string };

const linesOf = (groups: readonly AccountGroup[]): Line[] =>
  groups.flatMap(({ title, principals }): Line[] => [{ title }, ...principals.map((principal) => ({ principal }))]);

/** The line at `index`, or the next one in a direction that holds a principal. */
function nearest(lines: readonly Line[], index: number, step: 1 | -1): number {
  const within = Math.max(0, Math.min(lines.length - 1, index));
  if (lines[within]?.principal) return within;
  const next = within + step;
  return lines[next]?.principal ? next : within - step;
}

/**
 * Principals by actions as a grid, of which only the visible cells exist. One cell is in the tab order; the arrows, Home, End
 * and the page keys move along, Enter asks the simulator.
 */
export function Matrix({ keyId, columns, groups, reachOf }: Props) {
  const lines = useMemo(() => linesOf(groups), [groups]);
  const actions = useMemo(() => columns.flatMap((group) => group.actions), [columns]);
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState({ line: 0, column: 0 });
  const line = nearest(lines, active.line, 1);
  const column = Math.min(active.column, actions.length - 1);
  const rem = useRem();
  const rowHeight = ROW_REM * rem;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    scrollPaddingStart: rowHeight * 3,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: actions.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => COLUMN_REM * rem,
    overscan: 2,
  });
  useEffect(() => {
    if (rem <= 0) return;
    virtual.measure();
    across.measure();
  }, [virtual, across, rem]);
  const inSight = across.getVirtualItems();
  const from = inSight[0]?.index ?? 0;
  const to = (inSight.at(-1)?.index ?? 0) + 1;
  const rows = virtual.getVirtualItems();
  // The way in by Tab has to exist, whatever was scrolled out of sight.
  const entry = {
    line: rows.some(({ index }) => index === line) ? line : nearest(lines, rows[0]?.index ?? 0, 1),
    column: Math.max(from, Math.min(to - 1, column)),
  };

  /** The cell an event came from. One listener serves all cells, of which there may be thousands. */
  function cellOf({ target }: SyntheticEvent) {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null;
    const row = button?.closest<HTMLElement>('[data-line]');
    return button && row ? { line: Number(row.dataset.line), column: Number(button.dataset.column) } : null;
  }

  function onFocus(event: FocusEvent): void {
    const cell = cellOf(event);
    if (cell) setActive(cell);
  }

  function onClick(event: MouseEvent): void {
    const cell = cellOf(event);
    const principal = cell && lines[cell.line]?.principal;
    const action = cell && actions[cell.column];
    if (principal && action) navigate(simulatorPath({ keyId, principal: principal.PrincipalArn, actions: [action] }));
  }

  function moveTo(toLine: number, toColumn: number): void {
    const target = {
      line: nearest(lines, toLine, toLine < line ? -1 : 1),
      column: Math.max(0, Math.min(actions.length - 1, toColumn)),
    };
    setActive(target);
    virtual.scrollToIndex(target.line);
    across.scrollToIndex(target.column);
    // The cell may only exist after the scroll, and the one before only until then: keys that come meanwhile go to what holds both.
    body.current?.focus({ preventScroll: true });
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        scroller.current
          ?.querySelector<HTMLElement>(`[data-line="${target.line}"] [data-column="${target.column}"]`)
          ?.focus(),
      ),
    );
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 4);
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [line + 1, column],
      ArrowUp: [line - 1, column],
      ArrowRight: [line, column + 1],
      ArrowLeft: [line, column - 1],
      PageDown: [line + page, column],
      PageUp: [line - page, column],
      Home: [line, 0],
      End: [line, actions.length - 1],
    };
    const target = moves[event.key];
    if (!target) return;
    event.preventDefault();
    moveTo(...target);
  }

  return (
    <div ref={scroller} className={classes.scroller}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked by arrow keys is a grid
        role="grid"
        className={classes.table}
        style={{ ['--actions' as string]: actions.length, ['--column' as string]: `${COLUMN_REM}rem` }}
        aria-label="Who can do what with the key"
        aria-rowcount={lines.length + HEAD_ROWS}
        aria-colcount={actions.length + 1}
        aria-readonly
      >
        <Head columns={columns} />
        <tbody
          ref={body}
          tabIndex={-1}
          className={classes.body}
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onClick={onClick}
        >
          {rows.map(({ index, key, start }) => {
            const each = lines[index];
            if (!each) return null;
            return each.principal ? (
              <Row
                key={key}
                principal={each.principal}
                actions={actions}
                reachOf={reachOf}
                line={index}
                top={start}
                column={index === entry.line ? entry.column : null}
                from={from}
                to={to}
              />
            ) : (
              <tr
                key={key}
                className={classes.account}
                style={{ transform: `translateY(${start}px)` }}
                aria-rowindex={index + HEAD_ROWS + 1}
              >
                <th scope="rowgroup" className={classes.accountTitle} colSpan={actions.length + 1}>
                  {each.title}
                </th>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const Head = memo(function Head({ columns }: Pick<Props, 'columns'>) {
  return (
    <thead className={classes.head}>
      <tr className={classes.row} aria-rowindex={1}>
        <td className={classes.who} />
        {columns.map(({ title, actions: { length } }) => (
          <th
            key={title}
            scope="colgroup"
            className={classes.group}
            colSpan={length}
            style={{ gridColumn: `span ${length}` }}
          >
            <span className={classes.groupTitle}>{title}</span>
          </th>
        ))}
      </tr>
      <tr className={classes.row} aria-rowindex={2}>
        <th scope="col" className={classes.who}>
          Principal
        </th>
        {columns
          .flatMap((group) => group.actions)
          .map((action) => (
            <th key={action} scope="col" className={`${classes.heading} ${classes.action}`}>
              <Breakable name={action.replace('kms:', '')} />
            </th>
          ))}
      </tr>
    </thead>
  );
});

/** A name in capitals that may break before each of its words. */
function Breakable({ name }: { name: string }) {
  return name.split(/(?=[A-Z][a-z])/).map((word, index) => (
    <Fragment key={word}>
      {index > 0 ? <wbr /> : null}
      {word}
    </Fragment>
  ));
}

interface RowProps {
  readonly principal: KeyPrincipal;
  readonly actions: readonly string[];
  readonly reachOf: ReachOf;
  readonly line: number;
  readonly top: number;
  /** The cell in the tab order, if it is in this row. */
  readonly column: number | null;
  /** The actions whose cells exist. */
  readonly from: number;
  readonly to: number;
}

const Row = memo(function Row({ principal, actions, reachOf, line, top, column, from, to }: RowProps) {
  const { PrincipalArn, Kind } = principal;
  const name = Kind === 'root' ? 'root' : principalWords(PrincipalArn);
  return (
    <tr
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      data-line={line}
      aria-rowindex={line + HEAD_ROWS + 1}
    >
      <th scope="row" className={classes.who} title={PrincipalArn}>
        {name}
        {Kind === 'other' ? (
          <span className={classes.aside} title="Named by the policy or a grant, and nobody of this vault">
            outside
          </span>
        ) : null}
      </th>
      {actions.slice(from, to).map((action, nth) => {
        const index = from + nth;
        const reach = reachOf(principal, action);
        const { word, means, Icon } = reachFacts[reach];
        return (
          <td key={action} aria-colindex={index + 2} style={{ gridColumnStart: index + 2 }}>
            <button
              type="button"
              className={classes.cell}
              data-reach={reach}
              data-column={index}
              tabIndex={index === column ? 0 : -1}
              title={`${name}, ${action}: ${word.toLowerCase()}, ${means}. Click to see why.`}
              aria-label={`${word}: ${name}, ${action}`}
            >
              <Icon size={14} aria-hidden />
              <span className={classes.word}>{word}</span>
            </button>
          </td>
        );
      })}
    </tr>
  );
});
