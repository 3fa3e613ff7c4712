import { useEffect, useId, useRef } from 'react';
import { create } from 'zustand';
import { navigate } from './route.ts';

/** Something the palette can do. `shortcut` is only shown; whoever registers the command also listens to it. */
export interface Command {
  /** Unique, and what a menu of the shell sends: `vault.lock`. */
  readonly id: string;
  readonly title: string;
  readonly keywords?: string;
  readonly group: string;
  readonly run: () => void;
  readonly shortcut?: string;
  /** One of many of its kind: offered only once something is typed. */
  readonly quiet?: boolean;
  /** Stands for the command of the same id that another screen offers, as long as that is not there. */
  readonly elsewhere?: boolean;
}

interface Registry {
  readonly byOwner: ReadonlyMap<string, readonly Command[]>;
  /** Ids of commands that were run, the last one first. They name no key and no person, and are forgotten at the end. */
  readonly recent: readonly string[];
}

const RECENT_MAX = 5;
/** A screen that does not offer the command by then will not: it says why itself. */
const ARRIVAL_MS = 5_000;

const useRegistry = create<Registry>()(() => ({ byOwner: new Map(), recent: [] }));

function put(owner: string, commands: readonly Command[] | null): void {
  const byOwner = new Map(useRegistry.getState().byOwner);
  if (commands) byOwner.set(owner, commands);
  else byOwner.delete(owner);
  useRegistry.setState({ byOwner });
}

/** Offers `commands` in the palette for as long as the component is there. */
export function useCommands(commands: readonly Command[]): void {
  const owner = useId();
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const shown = JSON.stringify(commands.map(({ run: _run, ...rest }) => rest));
  useEffect(() => {
    const listed = (JSON.parse(shown) as Omit<Command, 'run'>[]).map((command, index) => ({
      ...command,
      run: () => latest.current[index]?.run(),
    }));
    put(owner, listed);
    return () => put(owner, null);
  }, [owner, shown]);
}

/** Every command there is now, each id once. */
function listed(byOwner: Registry['byOwner']): Command[] {
  const all = [...byOwner.values()].flat();
  const here = new Set(all.filter(({ elsewhere }) => !elsewhere).map(({ id }) => id));
  return all.filter(({ id, elsewhere }) => !elsewhere || !here.has(id));
}

export function useAllCommands(): Command[] {
  return listed(useRegistry((registry) => registry.byOwner));
}

/** Ids of the commands that were used last, the last one first. */
export const useRecentCommands = (): readonly string[] => useRegistry((registry) => registry.recent);

const find = (id: string): Command | undefined => listed(useRegistry.getState().byOwner).find((each) => each.id === id);

/** Runs a command by its id; answers whether there is one now. */
export function runCommand(id: string): boolean {
  const command = find(id);
  if (!command) return false;
  useRegistry.setState(({ recent }) => ({
    recent: [id, ...recent.filter((each) => each !== id)].slice(0, RECENT_MAX),
  }));
  command.run();
  return true;
}

let waiting = () => {};

/** Goes to a screen and runs the command of this id there, once the screen offers it. */
function runThere(path: string, id: string): void {
  waiting();
  const tryIt = (): boolean => {
    const command = find(id);
    if (!command || command.elsewhere) return false;
    waiting();
    command.run();
    return true;
  };
  navigate(path);
  if (tryIt()) return;
  const stop = useRegistry.subscribe(tryIt);
  const timer = setTimeout(() => waiting(), ARRIVAL_MS);
  waiting = () => {
    stop();
    clearTimeout(timer);
    waiting = () => {};
  };
}

/** A command of another screen, offered from here: it goes there first. */
export const commandAt = (path: string, command: Omit<Command, 'run' | 'elsewhere'>): Command => ({
  ...command,
  elsewhere: true,
  run: () => runThere(path, command.id),
});
