import { create } from 'zustand';
import { CofferError } from '../../shared/kms/errors.ts';
import { onSessionEnd } from './session.ts';
import { type Tag, tagChanges } from './tags.ts';

/** How long work is followed and stopped. */
export interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** The inverse of an act: calls of their own, through the same pipeline, recorded and perhaps refused like any other. */
export interface Undo {
  /** What it would do, as a command is named: "Enable invoices again". */
  readonly title: string;
  /**
   * Puts things back; answers the last call's answer.
   * @throws CofferError as those calls refuse, `ChangedSince`, and of several acts `PartlyUndone`.
   */
  readonly run: (watch: Watch) => Promise<unknown>;
}

/** Several acts, not all of which were taken back. */
export class PartlyUndone extends CofferError {
  /** Takes back those that are left; null when nothing more can be done. */
  readonly rest: Undo | null;

  constructor(message: string, rest: Undo | null) {
    super('PartlyUndone', message);
    this.rest = rest;
  }
}

interface Last {
  /** How the last act is taken back; null when it cannot be, or nothing was done. */
  readonly undo: Undo | null;
}

export const useLastUndo = create<Last>()(() => ({ undo: null }));

/** One level: what was done before the last act is not taken back. */
export const rememberUndo = (undo: Undo | null): void => useLastUndo.setState({ undo });

/** Hands out an undo once: what was taken back is not taken back again. Null when it is not the last any more. */
export function takeUndo(undo: Undo | null): Undo | null {
  if (undo === null || useLastUndo.getState().undo !== undo) return null;
  rememberUndo(null);
  return undo;
}

// It names keys, and whoever unlocks next did not do it.
onSessionEnd(() => rememberUndo(null));

/** What somebody else changed after an act is not overwritten by taking the act back. @throws CofferError `ChangedSince`. */
export function changedSince(what: string): never {
  throw new CofferError('ChangedSince', `${what} was changed again since: nothing was undone.`);
}

/** Whether two JSON texts say the same, however they are laid out. */
export function sameJson(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}

/** What takes tags from `after` back to `before`; any others stay. @throws CofferError `ChangedSince` unless those are `now` as in `after`. */
export function tagsBack(
  before: readonly Tag[],
  after: readonly Tag[],
  now: readonly Tag[],
): ReturnType<typeof tagChanges> {
  const back = tagChanges(after, before);
  const valueIn = (tags: readonly Tag[], name: string) => tags.find(({ TagKey }) => TagKey === name)?.TagValue;
  for (const name of [...back.remove, ...back.put.map(({ TagKey }) => TagKey)])
    if (valueIn(now, name) !== valueIn(after, name)) changedSince('A tag');
  return back;
}
