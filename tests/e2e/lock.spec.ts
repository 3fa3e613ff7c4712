import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, PASSPHRASE, test } from '../support/app.ts';
import { damageJournal } from '../support/damage.ts';
import { expectAccessible, expectAccessibleHere, startAndCancel } from '../support/window.ts';

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
  // Four looks of axe at two themes.
  test.setTimeout(120_000);
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  await damageJournal(path.join(app.home, 'vault'));

  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('alert').getByText('The vault is damaged').first()).toBeVisible();
  await expectAccessibleHere(page, 'a damaged vault');
  await page.getByRole('button', { name: 'Salvage what is whole' }).click();
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('not the passphrase');
  await page.getByLabel('New folder', { exact: true }).fill(path.join(app.home, 'nothing'));
  await page.getByRole('button', { name: 'Salvage', exact: true }).click();
  await expect(page.getByText('does not open this vault')).toBeVisible();
  await expectAccessibleHere(page, 'salvaging with a wrong passphrase');
  const salvaged = path.join(app.home, 'salvaged');
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(PASSPHRASE);
  await page.getByLabel('New folder', { exact: true }).fill(salvaged);
  await startAndCancel(page, 'Salvage', 'Cancel: Salvaging what is whole');
  await expect(page.getByRole('button', { name: 'Back', exact: true })).toBeEnabled();
  expect(await readdir(app.home)).not.toContain('salvaged');
  await page.getByRole('button', { name: 'Salvage', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('recovered into the new folder');
  await expect(page.getByRole('status')).toContainText('a record was altered');
  await expect(page.getByText(`read of ${path.join(app.home, 'vault')} into`)).toBeVisible();
  await expectAccessibleHere(page, 'what was salvaged');
  await page.getByRole('button', { name: 'Go on to unlock it' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});

test('a copy of the header that was damaged is written anew, and that is said once', async ({ app, page }) => {
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  const header = path.join(app.home, 'vault', 'header.json');
  await writeFile(header, '{');
  await app.unlock();
  const said = page.getByRole('alert').filter({ hasText: 'What happened while the vault was closed' });
  await expect(said).toContainText('One of the two copies of the vault’s header was missing, damaged or behind.');
  expect(JSON.parse(await readFile(header, 'utf8'))).toMatchObject({ format: 1 });
  await expectAccessible(page, 'a repaired header');
  await said.getByRole('button', { name: 'Put this notice away' }).click();
  await expect(said).toHaveCount(0);
  await page.getByRole('button', { name: 'Lock' }).click();
  await app.unlock();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
  await expect(said).toHaveCount(0);
});

test('a copy of the header that cannot be written anew keeps nobody out, and is said until it can', async ({
  app,
  page,
}) => {
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  const copy = path.join(app.home, 'vault', 'header.copy.json');
  await rm(copy);
  await mkdir(copy);
  await app.unlock();
  const said = page.getByRole('alert').filter({ hasText: 'One more damaged file would cost you this vault' });
  await expect(said).toContainText('could not be written anew: a folder has its name.');
  await expectAccessible(page, 'a header with one good copy');
  await said.getByRole('link', { name: 'Make a backup' }).click();
  await expect(page.getByLabel('Folder for the backup', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+Shift+L');
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  await rmdir(copy);
  await app.unlock();
  await expect(page.getByRole('alert').filter({ hasText: 'What happened while the vault was closed' })).toBeVisible();
  await expect(said).toHaveCount(0);
});

test('a vault whose disk is not connected is asked for before a new one is made', async ({ app, page }) => {
  const vault = path.join(app.home, 'vault');
  await rename(vault, path.join(app.home, 'unplugged'));
  await page.getByRole('button', { name: 'Lock' }).click();
  const said = page.getByRole('alert').filter({ hasText: 'There is no vault in the folder that was opened last' });
  await expect(said).toContainText(vault);
  await expectAccessible(page, 'a vault that is not there');
  await rename(path.join(app.home, 'unplugged'), vault);
  await said.getByRole('button', { name: 'Look again' }).click();
  // The page before has a field for a passphrase, too.
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  await app.unlock();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});

test('opens another folder and finds no vault there', async ({ app, page }) => {
  test.setTimeout(120_000);
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Open another vault folder' }).click();
  await page.getByLabel('Folder', { exact: true }).fill('not a place');
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessibleHere(page, 'choosing a folder that cannot be');
  await page.getByLabel('Folder', { exact: true }).fill(path.join(app.home, 'elsewhere'));
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await expect(page.getByRole('heading', { name: 'Make your vault' })).toBeVisible();
  await page.getByRole('button', { name: 'Restore a backup' }).click();
  await expectAccessibleHere(page, 'restoring where no vault is');
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.getByRole('button', { name: 'Open another vault folder' }).click();
  await expectAccessibleHere(page, 'choosing where no vault is');
  await page.getByLabel('Folder', { exact: true }).fill(path.join(app.home, 'vault'));
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
});

test('a vault whose place cannot be written down is made and opened, and the window says so', async ({ app, page }) => {
  const blocked = path.join(app.home, 'config', 'preferences.json.tmp');
  await mkdir(blocked, { recursive: true });
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Open another vault folder' }).click();
  await page.getByLabel('Folder', { exact: true }).fill(path.join(app.home, 'elsewhere'));
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await app.firstRun();
  const notice = page.getByRole('alert').filter({ hasText: 'Coffer will not find this vault by itself' });
  await expect(notice).toContainText(path.join(app.home, 'elsewhere'));
  await expectAccessibleHere(page, 'a vault that is not remembered');
  await rmdir(blocked);
  await page.getByRole('button', { name: 'Lock' }).click();
  await app.unlock();
  await expect(notice).toHaveCount(0);
});
