import path from 'node:path';
import { expect, PASSPHRASE } from '../support/app.ts';
import { damageJournal } from '../support/damage.ts';
import { stop, type Tour } from './stops.ts';

export async function settingsStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  await stop('settings: ways in, locking, backup, endpoint, appearance, about', async () => {
    for (const section of ['ways-in', 'locking', 'backup', 'endpoint', 'appearance', 'about']) {
      await app.go(`/settings/${section}`);
      await expect(page.getByRole('tabpanel')).not.toBeEmpty();
      await picture(`settings-${section}`);
    }
    await app.go('/settings/ways-in');
    await page.getByRole('button', { name: 'Remove: Recovery code' }).click();
    await page.getByRole('dialog').waitFor();
    await picture('settings-remove-way-in');
    await page.keyboard.press('Escape');
  });
  await stop('the palette finds a key by its alias', async () => {
    await page.keyboard.press('Control+k');
    const search = page.getByLabel('Search for a key, a screen or a command');
    await search.waitFor();
    await picture('palette');
    await search.fill('fam');
    await expect(page.getByRole('dialog').getByText('family')).toBeVisible();
    await picture('palette-key');
    await page.keyboard.press('Escape');
  });
}

export async function lockStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  const passphrase = page.getByLabel('Passphrase', { exact: true });
  await stop('the vault locks, refuses a wrong passphrase and opens with the right one', async () => {
    await page.getByRole('button', { name: 'Lock' }).first().click();
    await passphrase.waitFor();
    await expect
      .poll(() => page.content(), 'Nothing of the vault should stay in the page.')
      .not.toContain('Letters, photos');
    await picture('locked');
    await passphrase.fill('not the passphrase');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('That passphrase does not open this vault.').waitFor();
    await picture('locked-wrong-passphrase');
    await page.getByRole('button', { name: 'Use the recovery code' }).click();
    await picture('locked-recovery');
    await page.getByRole('button', { name: 'Use the passphrase' }).click();
    await passphrase.fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await expect(page.getByRole('link', { name: 'family', exact: true })).toBeVisible();
  });
  await stop('a damaged vault says what was found and what can be done', async () => {
    await page.getByRole('button', { name: 'Lock' }).first().click();
    await page.getByRole('button', { name: 'Restore a backup' }).click();
    await picture('restore');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await damageJournal(path.join(app.home, 'vault'));
    await passphrase.fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('The vault is damaged').first().waitFor();
    await picture('damaged');
    await page.getByRole('button', { name: 'Salvage what is whole' }).click();
    await picture('salvage');
  });
}
