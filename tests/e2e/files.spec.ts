import { mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Locator } from '@playwright/test';
import { callKms, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('papers');
const DROP = 'section[aria-label="Drop files here"]';

/** An empty folder of the test's own, with the Files screen empty before it. */
async function workIn(name: string): Promise<string> {
  const { app, page } = window;
  await app.go('/files');
  await page.locator(DROP).waitFor();
  const clear = page.getByRole('button', { name: 'Clear finished' });
  if (await clear.isVisible()) await clear.click();
  await expect(page.getByRole('region', { name: 'Jobs', exact: true })).toBeHidden();
  const folder = path.join(app.home, 'files', name);
  await mkdir(folder, { recursive: true });
  return folder;
}

const review = () => window.page.getByRole('region', { name: 'What will happen' });
const jobs = () => window.page.getByRole('region', { name: 'Jobs', exact: true });

async function start(button: RegExp): Promise<void> {
  await review().getByRole('button', { name: button }).click();
}

async function allFinished(count: number): Promise<void> {
  await expect(jobs()).toContainText(`${count} of ${count} finished`, { timeout: 60_000 });
}

async function encrypt(paths: readonly string[]): Promise<void> {
  await window.app.drop(DROP, paths);
  await start(/^Encrypt \d+ items?/);
  await allFinished(paths.length);
}

/** The job's row. */
const jobOf = (name: string): Locator => jobs().getByRole('listitem').filter({ hasText: name });

/** What lies in a folder besides the names that are expected there: half-written output would. */
async function strangers(folder: string, expected: readonly string[]): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !expected.includes(name));
}

test('an empty screen and a full one pass axe', async () => {
  const folder = await workIn('axe');
  await expectAccessible(window.page, 'no files');
  await writeFile(path.join(folder, 'a.txt'), 'a');
  await window.app.drop(DROP, [path.join(folder, 'a.txt'), path.join(folder, 'gone.txt')]);
  await review()
    .getByRole('button', { name: /^More choices/ })
    .click();
  await expectAccessible(window.page, 'a review');
  await start(/^Encrypt 1 item/);
  await allFinished(1);
  await window.page.getByRole('button', { name: /^Show the file history of papers/ }).click();
  await expectAccessible(window.page, 'jobs and history');
});

test('files come by the picker and by a typed path', async () => {
  const { app, page } = window;
  const folder = await workIn('picked');
  const picked = path.join(folder, 'picked.txt');
  const typed = path.join(folder, 'typed.txt');
  await writeFile(picked, 'picked');
  await writeFile(typed, 'typed');
  const choose = page.getByRole('button', { name: 'Choose files…' });
  if (app.electron) {
    await app.electron.evaluate(({ dialog }, file) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [file] });
    }, picked);
    await choose.click();
  } else {
    const chooser = page.waitForEvent('filechooser');
    await choose.click();
    await (await chooser).setFiles(picked);
  }
  await expect(review()).toContainText('picked.txt.encrypted');
  await page.getByLabel('Path of a file or folder').fill(typed);
  await page.keyboard.press('Enter');
  await expect(review()).toContainText('typed.txt.encrypted');
  await start(/^Encrypt 2 items with papers$/);
  await allFinished(2);
  expect((await readFile(`${typed}.encrypted`)).includes('typed')).toBe(false);
});

test('names with a line break, emoji and 255 bytes come back as they were, also from a folder', async () => {
  const folder = await workIn('names');
  const names = ['line\nbreak.txt', '🗝️ résumé 文件.txt', `${'n'.repeat(251)}.txt`];
  const inside = path.join(folder, 'in a folder');
  await mkdir(path.join(inside, 'empty'), { recursive: true });
  for (const name of names) {
    await writeFile(path.join(folder, name), name);
    await writeFile(path.join(inside, name), name);
  }
  await window.app.drop(DROP, [...names.map((name) => path.join(folder, name)), inside]);
  // A line break in a name never looks like two files.
  await expect(review()).toContainText('line⏎break.txt');
  await start(/^Encrypt 4 items/);
  await allFinished(4);
  const sealed = (await readdir(folder)).filter((name) => name.endsWith('.encrypted'));
  expect(sealed).toHaveLength(4);

  const out = path.join(folder, 'out');
  await mkdir(out);
  await window.page.getByRole('button', { name: 'Clear finished' }).click();
  await window.app.drop(
    DROP,
    sealed.map((name) => path.join(folder, name)),
  );
  await review().getByRole('button', { name: 'More choices: output folder' }).click();
  await window.page.getByLabel('Output folder', { exact: true }).fill(out);
  await start(/^Decrypt 4 files$/);
  await allFinished(4);
  await expect(jobs().getByText('Done', { exact: true })).toHaveCount(4);
  // The longest name leaves no room for what is added to it: its end is cut.
  const opened = await readdir(out);
  expect(opened).toHaveLength(4);
  for (const name of names.slice(0, 2)) expect(await readFile(path.join(out, name), 'utf8')).toBe(name);
  for (const name of names) expect(await readFile(path.join(out, 'in a folder', name), 'utf8')).toBe(name);
  expect((await stat(path.join(out, 'in a folder', 'empty'))).isDirectory()).toBe(true);
  // The folder chosen is kept for the next list: given up, results lie beside the originals again.
  await window.app.drop(DROP, [out]);
  const field = window.page.getByLabel('Output folder', { exact: true });
  await field.fill('');
  await expect(review()).toContainText('out.tar.encrypted');
  // Typing letter by letter keeps the field and the list.
  await field.pressSequentially('/tmp');
  await expect(field).toHaveValue('/tmp');
  await expect(field).toBeFocused();
  await field.fill('');
  await window.page.getByRole('button', { name: 'Clear the list' }).click();
});

test('work shows its progress, pauses, and a cancelled job leaves nothing', async () => {
  const folder = await workIn('cancelled');
  const big = path.join(folder, 'big.bin');
  await writeFile(big, '');
  await truncate(big, 3_000_000_000);
  await window.app.drop(DROP, [big]);
  await expect(review()).toContainText('3.00 GB');
  await start(/^Encrypt 1 item/);
  const bar = window.page.getByRole('progressbar', { name: 'Progress of big.bin' });
  await expect(bar).toBeVisible();
  await jobs().getByRole('button', { name: 'Pause big.bin' }).click();
  await expect(jobs().getByText('Paused')).toBeVisible();
  await expect(jobs()).toContainText(/ of 3\.00 GB/);
  await jobs().getByRole('button', { name: 'Resume big.bin' }).click();
  await expect(jobs().getByText('Working')).toBeVisible();
  await jobs().getByRole('button', { name: 'Cancel big.bin' }).click();
  await expect(jobs().getByText('Cancelled')).toBeVisible();
  await expect.poll(() => strangers(folder, ['big.bin'])).toEqual([]);
  expect((await stat(big)).size).toBe(3_000_000_000);
  await rm(big);
});

test('what exists is asked about: kept beside, replaced, or left', async () => {
  const folder = await workIn('exists');
  const file = path.join(folder, 'note.txt');
  const sealed = `${file}.encrypted`;
  await writeFile(file, 'new');
  await writeFile(sealed, 'older');
  await window.app.drop(DROP, [file]);
  await expect(review()).toContainText('1 result would meet a file that is there already');
  await start(/^Encrypt 1 item/);
  await allFinished(1);
  await expect(jobs().getByText('Failed', { exact: true })).toBeVisible();
  expect(await readFile(sealed, 'utf8')).toBe('older');
  await jobs().getByRole('button', { name: 'Keep both' }).click();
  await expect(jobs().getByText('Done', { exact: true })).toBeVisible();
  expect(await readFile(sealed, 'utf8')).toBe('older');
  expect(await strangers(folder, ['note.txt', 'note.txt.encrypted'])).toEqual(['note (2).txt.encrypted']);

  await window.page.getByRole('button', { name: 'Clear finished' }).click();
  await window.app.drop(DROP, [file]);
  await review().getByText('Replace', { exact: true }).click();
  await start(/^Encrypt 1 item/);
  await allFinished(1);
  await expect(jobs().getByText('Done', { exact: true })).toBeVisible();
  expect(await readFile(sealed, 'utf8')).not.toBe('older');
});

test('a file that vanished has an error of its own and the queue goes on', async () => {
  const folder = await workIn('vanished');
  const files = ['one.txt', 'two.txt', 'three.txt'].map((name) => path.join(folder, name));
  for (const file of files) await writeFile(file, file);
  await window.app.drop(DROP, [...files, path.join(folder, 'never.txt')]);
  await expect(review().getByRole('listitem').filter({ hasText: 'never.txt' })).toContainText('Cannot be done');
  await rename(files[1] ?? '', path.join(folder, 'moved.txt'));
  await start(/^Encrypt 3 items/);
  await allFinished(3);
  await expect(jobOf('two.txt')).toContainText('two.txt is not there any more');
  await expect(jobs().getByText('Done', { exact: true })).toHaveCount(2);
  // Back again, it can be tried again.
  await rename(path.join(folder, 'moved.txt'), files[1] ?? '');
  await jobs().getByRole('button', { name: 'Try two.txt again' }).click();
  await expect(jobs().getByText('Done', { exact: true })).toHaveCount(3);
});

test('a damaged message is refused and leaves no output; a whole one opens', async () => {
  const folder = await workIn('damaged');
  const file = path.join(folder, 'deed.txt');
  await writeFile(file, 'the house '.repeat(5000));
  await encrypt([file]);
  const whole = await readFile(`${file}.encrypted`);
  await rm(file);
  const damaged = Buffer.from(whole);
  const at = whole.length - 100;
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  await writeFile(`${file}.encrypted`, damaged);
  await window.page.getByRole('button', { name: 'Clear finished' }).click();
  await window.app.drop(DROP, [`${file}.encrypted`]);
  await start(/^Decrypt 1 file$/);
  await allFinished(1);
  await expect(jobs().getByText('Failed', { exact: true })).toBeVisible();
  await expect(jobOf('deed.txt.encrypted')).toContainText(/damaged|changed/);
  expect(await strangers(folder, ['deed.txt.encrypted'])).toEqual([]);
  await writeFile(`${file}.encrypted`, whole);
  await jobs().getByRole('button', { name: 'Try deed.txt.encrypted again' }).click();
  await expect(jobs().getByText('Done', { exact: true })).toBeVisible();
  expect(await readFile(file, 'utf8')).toBe('the house '.repeat(5000));
});

test('a file is checked to its end without anything being written', async () => {
  const { page } = window;
  const folder = await workIn('checked');
  const file = path.join(folder, 'will.txt');
  await writeFile(file, 'my will '.repeat(1000));
  await encrypt([file]);
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await rm(file);
  const checkIt = async () => {
    await window.app.drop(DROP, [`${file}.encrypted`]);
    await review().getByText('Check only', { exact: true }).click();
    await expect(review()).toContainText('Nothing is written');
  };
  await checkIt();
  await expectAccessible(page, 'a review of a check');
  await start(/^Check 1 file$/);
  await allFinished(1);
  await expect(jobOf('will.txt.encrypted')).toContainText('Whole and opens');
  expect(await strangers(folder, ['will.txt.encrypted'])).toEqual([]);
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await truncate(`${file}.encrypted`, 4000);
  await checkIt();
  await start(/^Check 1 file$/);
  await allFinished(1);
  await expect(jobOf('will.txt.encrypted')).toContainText('it is cut off');
});

test('each file of a folder is encrypted by itself, names hidden, and the folder comes back', async () => {
  const { page } = window;
  const folder = await workIn('each');
  const source = path.join(folder, 'diary');
  await mkdir(path.join(source, '2026', 'none yet'), { recursive: true });
  for (const name of ['one.txt', '2026/two.txt']) await writeFile(path.join(source, name), name);
  const out = path.join(folder, 'out');
  await mkdir(out);
  await window.app.drop(DROP, [source]);
  await expect(review()).toContainText('diary.tar.encrypted');
  await review().getByLabel('What to do with diary').selectOption('Encrypt each file by itself');
  await expect(review()).toContainText('beside each original');
  await review().getByRole('switch', { name: 'Hide names and structure' }).check({ force: true });
  await expect(review()).toContainText('a new folder with random names');
  await review()
    .getByRole('button', { name: /^More choices/ })
    .click();
  await page.getByLabel('Output folder', { exact: true }).fill(out);
  await expectAccessible(page, 'a review of a folder');
  await start(/^Encrypt 1 item with papers$/);
  await allFinished(1);
  await expect(jobOf('diary')).toContainText('3 of 3 files encrypted');
  const [hidden = ''] = await readdir(out);
  expect(hidden).toMatch(/^[0-9a-f]{32}$/);
  expect(await readdir(path.join(out, hidden))).toHaveLength(3);

  await page.getByRole('button', { name: 'Clear finished' }).click();
  await window.app.drop(DROP, [path.join(out, hidden)]);
  // A folder of nothing but encrypted files is to be opened.
  await expect(review().getByLabel(`What to do with ${hidden}`)).toHaveValue('decrypt');
  await start(/^Decrypt 1 folder$/);
  await allFinished(1);
  await expect(jobOf(hidden)).toContainText('3 of 3 files opened');
  for (const name of ['one.txt', '2026/two.txt'])
    expect(await readFile(path.join(out, 'diary', name), 'utf8')).toBe(name);
  expect(await readdir(path.join(out, 'diary', '2026', 'none yet'))).toEqual([]);
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await window.app.drop(DROP, [path.join(out, 'diary')]);
  await page.getByLabel('Output folder', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Clear the list' }).click();
});

test('a folder is asked whether all its files still open, and the report is saved', async () => {
  const { page } = window;
  const KeyId = await makeKey(page, 'retired');
  const folder = await workIn('still');
  const source = path.join(folder, 'archive');
  await mkdir(source);
  for (const name of ['good.txt', 'bad.txt', 'closed.txt']) await writeFile(path.join(source, name), name);
  await encrypt(['good.txt', 'bad.txt'].map((name) => path.join(source, name)));
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await window.app.drop(DROP, [path.join(source, 'closed.txt')]);
  await review().getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: 'retired', exact: true }).click();
  await start(/^Encrypt 1 item with retired$/);
  await allFinished(1);
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await callKms(page, 'DisableKey', { KeyId });
  await truncate(path.join(source, 'bad.txt.encrypted'), 500);
  const before = await readdir(source);

  await window.app.drop(DROP, [source]);
  await review().getByLabel('What to do with archive').selectOption('Check each encrypted file');
  await start(/^Check 1 folder$/);
  await allFinished(1);
  await expect(jobOf('archive')).toContainText('Not all open: 1 of 3 files open, 2 do not, 3 left out');
  expect(await readdir(source)).toEqual(before);
  await jobs().getByRole('button', { name: 'Report on archive' }).click();
  const report = page.getByRole('dialog', { name: 'Report on archive' });
  const rows = report.getByRole('table', { name: 'Files' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  await expect(rows.filter({ hasText: 'good.txt.encrypted' })).toContainText('Opens');
  await expect(rows.filter({ hasText: 'bad.txt.encrypted' })).toContainText('Damaged');
  await expect(rows.filter({ hasText: 'closed.txt.encrypted' })).toContainText('Key unavailable');
  await expectAccessible(page, 'a report on files');
  await report.getByLabel('Key', { exact: true }).selectOption('retired');
  await expect(rows).toHaveCount(2);
  await report.getByLabel('Key', { exact: true }).selectOption('All keys');
  await report.getByLabel('Result', { exact: true }).selectOption('Damaged (1)');
  await expect(rows).toHaveCount(2);
  await report.getByRole('textbox', { name: 'Folder for the report' }).fill(folder);
  await report.getByRole('button', { name: 'Save 1 line' }).click();
  await expect(report).toContainText('coffer-files-report.csv');
  const saved = await readFile(path.join(folder, 'coffer-files-report.csv'), 'utf8');
  expect(saved.split('\r\n')[1]).toMatch(/^bad\.txt\.encrypted,damaged,arn:/);
  await page.keyboard.press('Escape');
});

test('a disabled key opens nothing, and says so', async () => {
  const { page } = window;
  const KeyId = await makeKey(page, 'shut');
  const folder = await workIn('shut');
  const file = path.join(folder, 'shut.txt');
  await writeFile(file, 'shut');
  await window.app.drop(DROP, [file]);
  await review().getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: 'shut', exact: true }).click();
  await start(/^Encrypt 1 item with shut$/);
  await allFinished(1);
  await callKms(page, 'DisableKey', { KeyId });
  await rm(file);
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await window.app.drop(DROP, [`${file}.encrypted`]);
  await start(/^Decrypt 1 file$/);
  await allFinished(1);
  await expect(jobOf('shut.txt.encrypted')).toContainText(/disabled/);
  expect(await strangers(folder, ['shut.txt.encrypted'])).toEqual([]);
});

test('the history tells by key what was encrypted and opened, and in which context', async () => {
  const { page } = window;
  await makeKey(page, 'remembered');
  const folder = await workIn('history');
  const files = ['a.txt', 'b.txt'].map((name) => path.join(folder, name));
  for (const file of files) await writeFile(file, file);
  await window.app.drop(DROP, files);
  await review().getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: 'remembered', exact: true }).click();
  await review()
    .getByRole('button', { name: /^More choices/ })
    .click();
  await review().getByRole('button', { name: 'Add a pair' }).click();
  await page.getByLabel('Name of pair 1').fill('year');
  await page.getByLabel('Value of pair 1').fill('2026');
  await start(/^Encrypt 2 items with remembered$/);
  await allFinished(2);
  const history = page.getByRole('region', { name: 'History by key' });
  await expect(history).toContainText('2 files encrypted');
  await history.getByRole('button', { name: 'Show the file history of remembered' }).click();
  const table = history.getByRole('table', { name: 'File history of remembered' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('row').nth(1)).toContainText('year=2026');
  await expect(history).not.toContainText('a.txt');
  await table.getByRole('link', { name: 'Encrypted' }).first().click();
  await expect(page.getByRole('complementary', { name: 'Record' })).toContainText('GenerateDataKey');
});

test('nothing of the files stays in the page after lock', async () => {
  const { page } = window;
  const folder = await workIn('left');
  await writeFile(path.join(folder, 'private-name.txt'), 'x');
  await encrypt([path.join(folder, 'private-name.txt')]);
  await page.getByRole('button', { name: 'Lock' }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
  expect(await page.content()).not.toContain('private-name');
});
