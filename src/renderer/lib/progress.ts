import { useEffect, useState } from 'react';
import type { EventPayload } from '../../shared/contract/index.ts';
import { on } from './api.ts';
import { codeOf } from './errors.ts';

type Told = 'audit.progress' | 'vault.progress';

/** How much of a job of the main process is done, from 0 to 1. */
export function useProgress<N extends Told>(event: N, job: EventPayload<N>['job']): number {
  const [share, setShare] = useState(0);
  useEffect(() => on(event, (told) => told.job === job && setShare(told.done / Math.max(1, told.total))), [event, job]);
  return share;
}

/** What the work answers, or undefined when whoever asked for it ended it. @throws what else it throws. */
export async function unlessCancelled<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'Cancelled') return undefined;
    throw error;
  }
}
