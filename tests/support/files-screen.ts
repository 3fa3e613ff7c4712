import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from './app.ts';

/** Where files are dropped on the Files screen. */
export const DROP = 'section[aria-label="Drop files here"]';

/** The Files screen of a window, as a person uses it. */
export function filesScreen(window: { readonly app: App; readonly page: Page }) {
  const review = () => window.page.getByRole('region', { name: 'What will happen' });
  const jobs = () => window.page.getByRole('region', { name: 'Jobs', exact: true });
  const start = (button: RegExp) => review().getByRole('button', { name: button }).click();
  const allFinished = (count: number) =>
    expect(jobs()).toContainText(`${count} of ${count} finished`, { timeout: 60_000 });
  /** Shows the Files screen, without the jobs that are over. */
  async function finish(): Promise<void> {
    const { app, page } = window;
    await app.go('/files');
    await page.locator(DROP).waitFor();
    const clear = page.getByRole('button', { name: 'Clear finished' });
    if (await clear.isVisible()) await clear.click();
    await expect(jobs()).toBeHidden();
  }
  return {
    review,
    jobs,
    start,
    allFinished,
    finish,
    /** An empty folder of the test's own, with the Files screen empty before it. */
    async workIn(name: string): Promise<string> {
      await finish();
      const folder = path.join(window.app.home, 'files', name);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    async encrypt(paths: readonly string[]): Promise<void> {
      await window.app.drop(DROP, paths);
      await start(/^Encrypt \d+ items?/);
      await allFinished(paths.length);
    },
    /** The job's row. */
    jobOf: (name: string): Locator => jobs().getByRole('listitem').filter({ hasText: name }),
  };
}
