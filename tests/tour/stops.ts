import { test } from '@playwright/test';
import type { App } from '../support/app.ts';
import type { Work } from './samples.ts';

export interface Tour {
  readonly app: App;
  readonly work: Work;
  /** Takes a picture of the window in every look. */
  picture(name: string): Promise<void>;
}

/** One stop: named by what it proves. */
export const stop = (proves: string, walk: () => Promise<void>): Promise<void> => test.step(proves, walk);
