import { useEffect, useId, useRef } from 'react';
import { create } from 'zustand';

/** Something the palette can do. `shortcut` is only shown; whoever registers the command also listens to it. */
export interface Command {
  /** Unique, and what a menu of the shell sends: `vault.lock`. */
  readonly id: string;
  readonly title: string;
  readonly keywords?: string;
  readonly group: string;
  readonly run: () => void;
  readonly shortcut?: string;
}

interface Registry {
  readonly byOwner: ReadonlyMap<string, readonly Command[]>;
}

const useRegistry = create<Registry>()(() => ({ byOwner: new Map() }));

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

export function useAllCommands(): Command[] {
  const byOwner = useRegistry((registry) => registry.byOwner);
  return [...byOwner.values()].flat();
}

/** Runs a command by its id; answers whether there is one now. */
export function runCommand(id: string): boolean {
  const command = [...useRegistry.getState().byOwner.values()].flat().find((each) => each.id === id);
  command?.run();
  return command !== undefined;
}
