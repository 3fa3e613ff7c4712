import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { DROP, filesScreen } from '../support/files-screen.ts';
import { callKms, chooseAction, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');
const { review, jobs, workIn, encrypt, ...screen } = filesScreen(window);
const past = () => window.page.getByRole('region', { name: 'Past files' });

/** Begins what the review offers, and waits until it is over. */
async function start(button: RegExp, count = 1): Promise<void> {
  await screen.start(button);
  await screen.allFinished(count);
}

async function chooseKey(label: 'Key' | 'New key', name: string): Promise<void> {
  await review().getByRole('combobox', { name: label, exact: true }).click();
  await window.page.getByRole('option', { name, exact: true }).click();
}

test('a file is re-encrypted under another key and does not need the old one', async () => {
  const { app, page } = window;
  const folder = await workIn('renewed');
  const [plain, sealed] = [path.join(folder, 'letter.txt'), path.join(folder, 'letter.txt.encrypted')];
  await writeFile(plain, 'a letter');
  const next = await makeKey(page, 'next');
  await encrypt([plain]);
  await rename(plain, path.join(folder, 'kept'));
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await app.drop(DROP, [sealed]);
  await review().getByText('Re-encrypt', { exact: true }).click();
  await expect(review()).toContainText('in place of the old file');
  await expect(review()).toContainText('The content of each file is encrypted anew');
  await review().getByRole('button', { name: 'Why not only the key inside?' }).click();
  await expect(review()).toContainText('could alter the content without being noticed');
  // Nothing begins before a key was chosen.
  await expect(review().getByRole('button', { name: /^Re-encrypt 1 file/ })).toBeDisabled();
  await expectAccessible(page, 'a review of re-encrypting');
  await chooseKey('New key', 'next');
  await start(/^Re-encrypt 1 file under next$/);
  await expect(jobs().getByText('Done', { exact: true })).toBeVisible();
  expect((await readdir(folder)).sort()).toEqual(['kept', 'letter.txt.encrypted']);

  const { Aliases } = await callKms(page, 'ListAliases', {});
  const KeyId = Aliases.find(({ AliasName }) => AliasName === 'alias/first')?.TargetKeyId ?? '';
  await callKms(page, 'DisableKey', { KeyId });
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await app.drop(DROP, [sealed]);
  await start(/^Decrypt 1 file$/);
  await callKms(page, 'EnableKey', { KeyId });
  expect(await readFile(plain, 'utf8')).toBe('a letter');

  // From the key's page to its files, and on to another key.
  await app.go(`/keys/${next}`);
  await chooseAction(page, 'Files under this key');
  await expect(past()).toContainText('letter.txt.encrypted');
  await expect(past().getByRole('combobox', { name: 'Key' })).toHaveValue('next');
  await past().getByRole('button', { name: 'Re-encrypt these files…' }).click();
  await expect(review()).toContainText('letter.txt.encrypted');
  await chooseKey('New key', 'first');
  await expect(review().getByRole('button', { name: /^Re-encrypt .* under first$/ })).toBeEnabled();
  await page.getByRole('button', { name: 'Clear the list' }).click();
});

test('a folder is re-encrypted file by file, with a report', async () => {
  const { app, page } = window;
  const tree = await workIn('renewed tree');
  const key = await makeKey(page, 'for-folders');
  const names = ['a.txt', 'b.txt'].map((name) => path.join(tree, name));
  for (const file of names) await writeFile(file, file);
  await encrypt(names);
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await app.drop(DROP, [tree]);
  await review().getByLabel('What to do with renewed tree').selectOption({ label: 'Re-encrypt each encrypted file' });
  await expect(review()).toContainText('in place of each old file');
  await chooseKey('New key', 'for-folders');
  await start(/^Re-encrypt 1 folder under for-folders$/);
  await expect(jobs()).toContainText('2 of 2 files re-encrypted, 2 left out');
  await jobs().getByRole('button', { name: 'Report on renewed tree' }).click();
  const report = page.getByRole('dialog', { name: 'Report on renewed tree' });
  await expect(report.getByRole('table', { name: 'Files' }).getByText('Encrypted anew')).toHaveCount(2);
  await page.keyboard.press('Escape');
  for (const file of names) expect((await readFile(`${file}.encrypted`)).includes(key)).toBe(true);
});

test('whether all files of a key still open is one check with one report', async () => {
  const { app, page } = window;
  const folder = await workIn('checked');
  const key = await makeKey(page, 'for-checks');
  const names = ['a.txt', 'b.txt', 'gone.txt'].map((name) => path.join(folder, name));
  for (const file of names) await writeFile(file, file);
  await app.drop(DROP, names);
  await chooseKey('Key', 'for-checks');
  await start(/^Encrypt 3 items/, 3);
  await rename(path.join(folder, 'gone.txt.encrypted'), path.join(folder, 'elsewhere'));
  await page.getByRole('button', { name: 'Clear finished' }).click();
  const check = async () => {
    await app.go(`/keys/${key}`);
    await chooseAction(page, 'Files under this key');
    await past().getByRole('button', { name: 'Check these files' }).click();
  };
  await check();
  await expect(jobs()).toContainText('All open: 2 of 2 files open, 1 left out');
  await expect(jobs()).toContainText('Files under for-checks');
  await expectAccessible(page, 'a check of a key');
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await writeFile(path.join(folder, 'b.txt.encrypted'), 'no message any more');
  await check();
  await expect(jobs()).toContainText('Not all open: 1 of 2 files open, 1 do not, 1 left out');
  await jobs().getByRole('button', { name: 'Report on Files under for-checks' }).click();
  const report = page.getByRole('dialog', { name: 'Report on Files under for-checks' });
  const files = report.getByRole('table', { name: 'Files' });
  await expect(files.getByRole('row', { name: /a\.txt\.encrypted/ })).toContainText('Opens');
  await expect(files.getByRole('row', { name: /b\.txt\.encrypted/ })).toContainText("Not Coffer's");
  await expect(files.getByRole('row', { name: /gone\.txt\.encrypted/ })).toContainText('It is not where it was.');
  await page.keyboard.press('Escape');
});

test('past files are found by name and path, and can be forgotten', async () => {
  const { page } = window;
  const folder = await workIn('found');
  const names = ['Räuber.txt', 'other.txt'];
  for (const name of names) await writeFile(path.join(folder, name), name);
  await encrypt(names.map((name) => path.join(folder, name)));
  await past().getByLabel('Name or path').fill('räub');
  await expect(past().getByRole('status')).toHaveText('1 entry, the newest first.');
  await expect(past()).toContainText('Räuber.txt');
  await past().getByLabel('Name or path').fill('nowhere');
  await expect(past().getByRole('status')).toHaveText('There is no such file.');
  await past().getByLabel('Name or path').fill('found');
  await expect(past().getByRole('status')).toHaveText('2 entries, the newest first.');
  await expectAccessible(page, 'past files');
  await past().getByRole('button', { name: 'Forget all…' }).click();
  await page
    .getByRole('dialog', { name: 'Forget all past files?' })
    .getByRole('button', { name: 'Forget all' })
    .click();
  await past().getByLabel('Name or path').fill('');
  await expect(past()).toBeHidden();
  expect(existsSync(path.join(folder, 'other.txt.encrypted'))).toBe(true);
});

test('originals go to the trash when asked, and only what is encrypted and unchanged', async () => {
  const { app } = window;
  const folder = await workIn('trashed');
  const tree = path.join(folder, 'tree');
  await mkdir(tree);
  await writeFile(path.join(folder, 'note.txt'), 'a note');
  await writeFile(path.join(tree, 'inside.txt'), 'inside');
  await app.drop(DROP, [path.join(folder, 'note.txt'), tree]);
  await review().getByRole('switch', { name: 'Move the originals to the trash' }).check();
  await start(/^Encrypt 2 items/, 2);
  await expect(jobs().getByText('original in the trash')).toHaveCount(2);
  expect((await readdir(folder)).sort()).toEqual(['note.txt.encrypted', 'tree.tar.encrypted']);
  const trash = path.join(app.home, 'data', 'Trash');
  expect(await readFile(path.join(trash, 'files', 'note.txt'), 'utf8')).toBe('a note');
  expect(await readFile(path.join(trash, 'files', 'tree', 'inside.txt'), 'utf8')).toBe('inside');
  expect(await readFile(path.join(trash, 'info', 'note.txt.trashinfo'), 'utf8')).toContain(
    `Path=${path.join(folder, 'note.txt')}\n`,
  );
});

test('a result can be dragged out of the window where the shell can, and nothing else can', async () => {
  const { app } = window;
  const folder = await workIn('dragged');
  await writeFile(path.join(folder, 'a.txt'), 'a');
  await encrypt([path.join(folder, 'a.txt')]);
  const handle = jobs().getByTitle('Drag the result to another window');
  if (!app.electron) {
    await expect(handle).toHaveCount(0);
    return;
  }
  await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      startDrag: (item: { file: string; icon: { isEmpty(): boolean } }) => void;
    };
    contents.startDrag = ({ file, icon }) => {
      (globalThis as unknown as { dragged: unknown }).dragged = { file, shown: !icon.isEmpty() };
    };
  });
  await handle.dispatchEvent('dragstart');
  await expect
    .poll(() => app.electron?.evaluate(() => (globalThis as unknown as { dragged: unknown }).dragged))
    .toEqual({ file: path.join(folder, 'a.txt.encrypted'), shown: true });
  const refused = await app.run<string>(`window.coffer.invoke('files.drag', '{"id":"/etc/passwd"}')`);
  expect(refused).toContain('NoSuchJob');
});
