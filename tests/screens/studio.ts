import type { Page } from '@playwright/test';
import type { App } from '../support/app.ts';

/** What the shots are taken with: a window on the demonstration vault, open. */
export interface Studio {
  readonly app: App;
  readonly page: Page;
  /** The id of a key of the demonstration vault. */
  key(alias: string): string;
  /** Takes the window's picture in every look. */
  picture(name: string): Promise<void>;
}
