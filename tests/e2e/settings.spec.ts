import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, PASSPHRASE, test } from '../support/app.ts';
import { expectAccessibleHere, startAndCancel } from '../support/window.ts';

const NEXT = 'quite another phrase 7';

test.use({ alias: 'in-the-backup' });

test('changes the passphrase: the new one opens, the old one does not', async ({ page }) => {
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the passphrase' });
  await dialog.getByLabel('Current passphrase').fill('wrong wrong wrong');
  await dialog.getByLabel('New passphrase', { exact: true }).fill(NEXT);
  await dialog.getByLabel('New passphrase again').fill(NEXT);
  await dialog.getByRole('button', { name: 'Change' }).click();
  await expect(dialog.getByLabel('Current passphrase')).toHaveAccessibleDescription(/does not open/);
  await dialog.getByLabel('Current passphrase').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Change' }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('does not open this vault')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(NEXT);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});

test('removes a way in, and keeps the last one besides the keychain', async ({ page }) => {
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Remove: Recovery code' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  const ways = page.getByRole('list', { name: 'Ways in' });
  await expect(ways.getByRole('listitem')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Remove: Passphrase' })).toBeDisabled();
  await expect(ways).toContainText('the last way in besides the keychain');
});

test('backs up, restores into a new folder, both cancelled once, and unlocks what was restored', async ({
  app,
  page,
}) => {
  test.setTimeout(120_000);
  const folder = path.join(app.home, 'backups');
  await mkdir(folder);
  await app.go('/settings/backup');
  await page.getByLabel('Folder for the backup', { exact: true }).fill(folder);
  await page.getByLabel('Passphrase for the backup', { exact: true }).fill(NEXT);
  await page.getByLabel('Passphrase for the backup again').fill(NEXT);
  await startAndCancel(page, 'Back up now', 'Cancel: Writing the backup and reading it back');
  await expect(page.getByRole('progressbar', { name: /^Progress: Writing the backup/ })).toBeHidden();
  expect(await readdir(folder)).toEqual([]);
  // What was typed is still there.
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The backup is written and checked' })).toBeVisible();
  const [file = ''] = await readdir(folder);
  expect(file).toMatch(/\.coffer-backup$/);

  await page.getByRole('button', { name: 'Lock and restore a backup' }).click();
  await page.getByLabel('Backup file', { exact: true }).fill(path.join(folder, file));
  await page.getByLabel('Passphrase of the backup').fill('not that one at all');
  await page.getByLabel('New folder for the vault', { exact: true }).fill(path.join(app.home, 'restored'));
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(page.getByLabel('Passphrase of the backup')).toHaveAccessibleDescription(/does not open this backup/);
  await expectAccessibleHere(page, 'restoring with a wrong passphrase');
  await page.getByLabel('Passphrase of the backup').fill(NEXT);
  await startAndCancel(page, 'Restore', 'Cancel: Restoring the backup');
  await expect(page.getByRole('button', { name: 'Back', exact: true })).toBeEnabled();
  expect(await readdir(app.home)).not.toContain('restored');
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  // The backup's passphrase opens what was restored; the old vault's does not.
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('does not open this vault')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(NEXT);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await expect(page.getByText('in-the-backup').first()).toBeVisible();
  await expect(page.getByText('The passphrase is its only way in.')).toBeVisible();
});

test('remembers the theme, the name and when to lock', async ({ app, page }) => {
  await app.go('/settings/appearance');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  // What a browser's window cannot do is said instead of offered.
  const doubleClick = page.getByRole('switch', { name: 'Open encrypted files with Coffer' });
  await expect(doubleClick).toHaveCount(app.shell === 'electron' ? 1 : 0);
  await expect(page.getByText('Only where Coffer runs in Electron')).toHaveCount(app.shell === 'electron' ? 0 : 1);
  await page.getByRole('tab', { name: 'Vault and locking' }).click();
  await page.getByLabel('Name of the vault').fill('Renamed');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('banner').getByText('Renamed')).toBeVisible();
  await page
    .getByRole('switch', { name: 'Lock when the computer sleeps or its screen is locked' })
    .click({ force: true });
  await expect(
    page.getByRole('switch', { name: 'Lock when the computer sleeps or its screen is locked' }),
  ).not.toBeChecked();

  const again = await app.restart();
  await expect(again.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(again.getByRole('heading', { name: 'Renamed' })).toBeVisible();
  await again.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await again.getByRole('button', { name: 'Unlock' }).click();
  await again.getByRole('link', { name: 'Settings', exact: true }).click();
  await again.getByRole('tab', { name: 'Vault and locking' }).click();
  await expect(
    again.getByRole('switch', { name: 'Lock when the computer sleeps or its screen is locked' }),
  ).not.toBeChecked();
});
