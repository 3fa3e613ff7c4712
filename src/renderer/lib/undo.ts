import { create } from 'zustand';
import { onSessionEnd } from './session.ts';

/** The inverse of an act: calls of their own, through the same pipeline, recorded and perhaps refused like any other. */
export interface Undo {
  /** What it would do, as a command is named: "Enable invoices again". */
  readonly title: string;
  /** Puts things back; answers the last call's answer. @throws CofferError as those calls refuse, and `ChangedSince`. */
  readonly run: () => Promise<unknown>;
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
