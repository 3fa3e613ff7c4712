import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, PASSPHRASE, test } from '../support/app.ts';

test.use({ alias: 'very-private-alias' });

test('locks by button and by keyboard, and unlocks with the passphrase', async ({ page }) => {
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await expect(page.getByText('very-private-alias').first()).toBeVisible();
  await page.getByRole('button', { name: 'Lock' }).click();
  const passphrase = page.getByLabel('Passphrase', { exact: true });
  await expect(passphrase).toBeFocused();
  // Nothing of the vault stays in the page.
  expect(await page.content()).not.toContain('very-private-alias');

  await passphrase.fill('not the passphrase');
  await page.keyboard.press('Enter');
  await expect(passphrase).toHaveAccessibleDescription(/That passphrase does not open this vault/);
  await passphrase.fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();

  await page.keyboard.press('Control+Shift+L');
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
});

test.describe('at first run', () => {
  test.use({ alias: undefined });

  test('unlocks with a recovery code, and says where one was mistyped', async ({ app, page }) => {
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Passphrase again').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Make the vault' }).click();
    const list = page.getByRole('list', { name: 'Recovery code' });
    await list.waitFor();
    const groups = await list.locator('code').allInnerTexts();
    const again = await app.restart();
    await again.getByRole('button', { name: 'Use the recovery code' }).click();
    const field = again.getByLabel('Recovery code');
    await field.fill(groups.slice(1).join('-'));
    await again.getByRole('button', { name: 'Unlock' }).click();
    await expect(field).toHaveAccessibleDescription(/36 letters and digits/);
    await field.fill(groups.join(' ').toLowerCase());
    await again.getByRole('button', { name: 'Unlock' }).click();
    await expect(again.getByRole('navigation', { name: 'Screens' })).toBeVisible();
  });
});

test('a damaged vault says what was found and offers a backup or salvage', async ({ app, page }) => {
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  const folder = path.join(app.home, 'vault');
  const journal = (await readdir(folder)).find((name) => name.startsWith('journal-'));
  const file = path.join(folder, journal ?? '');
  const bytes = await readFile(file);
  bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
  await writeFile(file, bytes);

  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('alert').getByText('The vault is damaged').first()).toBeVisible();
  await page.getByRole('button', { name: 'Salvage what is whole' }).click();
  const salvaged = path.join(app.home, 'salvaged');
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(PASSPHRASE);
  await page.getByLabel('New folder', { exact: true }).fill(salvaged);
  await page.getByRole('button', { name: 'Salvage', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('recovered into the new folder');
  await page.getByRole('button', { name: 'Go on to unlock it' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});

test('opens another folder and finds no vault there', async ({ app, page }) => {
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Open another vault folder' }).click();
  await page.getByLabel('Folder', { exact: true }).fill(path.join(app.home, 'elsewhere'));
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await expect(page.getByRole('heading', { name: 'Make your vault' })).toBeVisible();
  await page.getByRole('button', { name: 'Open another vault folder' }).click();
  await page.getByLabel('Folder', { exact: true }).fill(path.join(app.home, 'vault'));
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
});
