import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, PASSPHRASE, test } from '../support/app.ts';
import { expectAccessibleHere } from '../support/window.ts';

test('leads from nothing to a vault with a key in three steps', async ({ app, page }) => {
  await expect(page.getByRole('heading', { name: 'Make your vault' })).toBeVisible();
  const make = page.getByRole('button', { name: 'Make the vault' });
  await expect(make).toBeDisabled();
  await page.getByLabel('Name').fill('Papers of Ada');
  await page.getByLabel('Passphrase', { exact: true }).fill('too short');
  await expect(page.getByText('3 more characters to go.')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill('something else');
  await expect(page.getByText('The two differ.')).toBeVisible();
  await expect(make).toBeDisabled();
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  const keychain = page.getByRole('switch', { name: "Also open it with this computer's keychain" });
  await expect(keychain).toBeDisabled();
  await expectAccessibleHere(page, 'making a vault');
  await make.click();

  const groups = page.getByRole('list', { name: 'Recovery code' }).locator('code');
  await expect(groups).toHaveCount(9);
  const code = await groups.allInnerTexts();
  await expectAccessibleHere(page, 'the recovery code');
  await page.getByRole('button', { name: 'I have it' }).click();
  const fields = page.getByRole('textbox', { name: /^Group \d$/ });
  await expect(fields).toHaveCount(3);
  for (const field of await fields.all()) await field.fill('UUUU');
  await page.getByRole('button', { name: 'Confirm the code' }).click();
  await expect(page.getByRole('alert')).toContainText('One of the groups');
  await expectAccessibleHere(page, 'typing the code back');
  for (const [index, group] of code.entries()) {
    const field = page.getByRole('textbox', { name: `Group ${index + 1}` });
    // As people type: small letters are as good.
    if (await field.count()) await field.fill(group.toLowerCase());
  }
  await page.getByRole('button', { name: 'Confirm the code' }).click();

  await page.getByLabel('Alias').fill('bad alias!');
  await expectAccessibleHere(page, 'the first key');
  await page.getByRole('button', { name: 'Create and encrypt files' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Alias').fill('papers');
  await page.getByRole('button', { name: 'Create and encrypt files' }).click();
  await expect(page.getByRole('link', { name: 'Files', exact: true })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByText('Papers of Ada')).toBeVisible();

  // The refused alias made no second key.
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await expect(page.getByText(/^(alias\/)?papers$/)).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('arn:aws:kms');
  await expect(page.getByRole('dialog').getByText(/^[0-9a-f-]+…[0-9a-f-]+$/)).toHaveCount(1);
  expect(await readdir(path.join(app.home, 'vault'))).toContain('header.json');
});

test('says why a folder cannot take a vault, and keeps what was typed', async ({ app, page }) => {
  const folder = path.join(app.home, 'taken');
  await mkdir(folder);
  await writeFile(path.join(folder, 'something.txt'), 'here');
  await page.getByLabel('Folder', { exact: true }).fill(folder);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Make the vault' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Folder', { exact: true })).toHaveValue(folder);
  expect(await readFile(path.join(folder, 'something.txt'), 'utf8')).toBe('here');
});

test('reminds of a recovery code that was never typed back, and makes a new one', async ({ app, page }) => {
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Make the vault' }).click();
  await expect(page.getByRole('list', { name: 'Recovery code' })).toBeVisible();
  const again = await app.restart();
  await again.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await again.getByRole('button', { name: 'Unlock' }).click();
  await again.getByRole('link', { name: 'Make a new one' }).click();
  const dialog = again.getByRole('dialog', { name: 'Make a recovery code' });
  await dialog.getByRole('button', { name: 'Make the code' }).click();
  const shown = dialog.getByRole('list', { name: 'Recovery code' }).locator('code');
  await expect(shown).toHaveCount(9);
  const code = await shown.allInnerTexts();
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await expect(dialog.getByRole('textbox', { name: /^Group \d$/ })).toHaveCount(3);
  for (const [index, group] of code.entries()) {
    const field = dialog.getByRole('textbox', { name: `Group ${index + 1}` });
    if (await field.count()) await field.fill(group);
  }
  await dialog.getByRole('button', { name: 'Confirm the code' }).click();
  await expect(dialog).toBeHidden();
  await expect(again.getByText('The recovery code was not confirmed')).toBeHidden();
  // The new one took the old one's place.
  await expect(again.getByRole('list', { name: 'Ways in' }).getByText('Recovery code')).toHaveCount(1);
});

test('keeps the vault folder to its owner', async ({ app }) => {
  await app.firstRun();
  const { mode } = await stat(path.join(app.home, 'vault'));
  // Windows has no such modes: a profile's folders are its owner's there.
  expect(process.platform === 'win32' ? 0 : mode & 0o077).toBe(0);
});
