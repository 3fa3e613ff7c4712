import { create } from 'zustand';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { inCalls } from '../../../shared/contract/paths-per-call.ts';
import { invoke, on } from '../../lib/api.ts';
import { onSessionEnd } from '../../lib/session.ts';

export type PlanItem = CallOutput<'files.plan'>['items'][number];

/** What was dropped, picked or opened, and is being looked at. */
export interface Look {
  readonly id: number;
  /** Where it lies is found first, where that is not known. */
  readonly step: 'finding' | 'looking';
  /** Paths. */
  readonly seen: number;
  readonly total: number;
  /** Files that were seen in folders. */
  readonly files: number;
}

/** All that is being looked at now. */
export const useLooks = create<{ readonly looks: readonly Look[] }>()(() => ({ looks: [] }));

const stops = new Map<number, AbortController>();
let looks = 0;
let calls = 0;

/** A look, for those who do it. */
export interface Looking {
  readonly id: number;
  readonly signal: AbortSignal;
  readonly tell: (changes: Partial<Omit<Look, 'id'>>) => void;
}

/** Ends a look: it is gone at once, and the main process is told that nobody waits for it. */
export const endLook = (id: number): void => stops.get(id)?.abort();

/** Ends everything that is being looked at. */
export function endLooks(): void {
  for (const id of stops.keys()) endLook(id);
}

onSessionEnd(endLooks);

/**
 * Looks at something in sight of the person, who can end it; answers undefined once it was ended, or the vault was locked.
 * @throws what `work` throws before.
 */
export async function look<T>(
  first: Pick<Look, 'step' | 'total'>,
  work: (looking: Looking) => Promise<T>,
): Promise<T | undefined> {
  const id = ++looks;
  const stop = new AbortController();
  const { signal } = stop;
  stops.set(id, stop);
  useLooks.setState((state) => ({ looks: [...state.looks, { id, seen: 0, files: 0, ...first }] }));
  const tell: Looking['tell'] = (changes) =>
    useLooks.setState((state) => ({
      looks: state.looks.map((each) => (each.id === id ? { ...each, ...changes } : each)),
    }));
  const ended = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
  try {
    return await Promise.race([work({ id, signal, tell }), ended]);
  } finally {
    stops.delete(id);
    useLooks.setState((state) => ({ looks: state.looks.filter((each) => each.id !== id) }));
  }
}

/** What would happen to each path, asked for in several calls. @throws the signal's reason once the look is ended. */
export async function planOf(
  paths: readonly string[],
  outputFolder: string,
  { signal, tell }: Looking,
): Promise<PlanItem[]> {
  const plan: PlanItem[] = [];
  let files = 0;
  for (const some of inCalls(paths)) {
    signal.throwIfAborted();
    const id = ++calls;
    const stopFollowing = on('files.planned', (told) => {
      if (told.id === id) tell({ seen: plan.length + told.paths, files: files + told.files });
    });
    // It may be over by itself in this moment, or with the vault.
    const cancel = () => void invoke('files.cancelPlan', { id }).catch(() => undefined);
    signal.addEventListener('abort', cancel);
    try {
      const { items } = await invoke('files.plan', { id, paths: some, ...(outputFolder ? { outputFolder } : {}) });
      plan.push(...items);
      for (const item of items) if (item.kind === 'folder') files += item.files;
    } finally {
      stopFollowing();
      signal.removeEventListener('abort', cancel);
    }
    tell({ seen: plan.length, files });
  }
  signal.throwIfAborted();
  return plan;
}
