import path from 'node:path';
import { type App, expect, openApp, PASSPHRASE } from '../support/app.ts';
import { damageJournal } from '../support/damage.ts';
import type { Gallery } from '../support/gallery.ts';
import { firstRunStops } from '../tour/stops-first-run.ts';

/** First run, and the ways on from a vault that is elsewhere, lost or damaged: a window of its own, on nothing. */
export async function startShots(shell: App['shell'], gallery: Gallery): Promise<void> {
  const app = await openApp(shell);
  const { page } = app;
  const picture = (name: string) => gallery.picture(page, name);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  try {
    await page.getByRole('heading', { name: 'Make your vault' }).waitFor();
    await press('Open another vault folder');
    await page.getByRole('heading', { name: 'Open another vault folder' }).waitFor();
    await picture('first-run-choose');
    await press('Back');
    await press('Restore a backup');
    await page.getByRole('heading', { name: 'Restore a backup' }).waitFor();
    await picture('first-run-restore');
    await press('Back');
    await firstRunStops({ app, picture });

    await page.getByRole('button', { name: 'Lock' }).first().click();
    const unlock = page.getByRole('button', { name: 'Unlock', exact: true });
    await unlock.waitFor();
    await press('Open another vault folder');
    await picture('choose');
    await press('Back');
    await press('Restore a backup');
    await page.getByLabel('Backup file', { exact: true }).fill(path.join(app.home, 'not-there.coffer-backup'));
    await page.getByLabel('Passphrase of the backup').fill(PASSPHRASE);
    await page.getByLabel('New folder for the vault', { exact: true }).fill(path.join(app.home, 'restored'));
    await press('Restore');
    await page.getByRole('alert').waitFor();
    await picture('restore-refused');
    await press('Back');

    await damageJournal(path.join(app.home, 'vault'));
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await unlock.click();
    await page.getByRole('alert').getByText('The vault is damaged').first().waitFor();
    await picture('damaged');
    await press('Salvage what is whole');
    await page.getByRole('textbox', { name: 'Passphrase' }).fill(PASSPHRASE);
    await page.getByLabel('New folder', { exact: true }).fill(path.join(app.home, 'salvaged'));
    await picture('salvage');
    await press('Salvage');
    await expect(page.getByRole('status')).toContainText('recovered into the new folder');
    await picture('salvaged');
  } finally {
    await app.close();
  }
}
