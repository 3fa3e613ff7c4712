import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { DROP, filesScreen } from '../support/files-screen.ts';
import { callKms, expectAccessible, makeKey, notice, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('papers');
const { review, jobs, start, allFinished, workIn, encrypt, jobOf } = filesScreen(window);

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

test('a drop of many thousand files is taken whole, and what is no file is left out and said', async () => {
  const { app, page } = window;
  const folder = await workIn('many');
  const last = path.join(folder, 'last.txt');
  await writeFile(last, 'the last of them');
  // The others are gone already: what counts is that each is looked at.
  const gone = Array.from({ length: 10_050 }, (_, at) => path.join(folder, `gone-${at}.txt`));
  await app.drop(DROP, [...gone, last]);
  await expect(review().getByRole('button', { name: /^Encrypt 1 item with/ })).toBeVisible({ timeout: 60_000 });
  await review().getByRole('button', { name: 'Clear the list' }).click();

  await page.locator(DROP).evaluate((zone) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['drawn'], 'picture.png'));
    zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await expect(notice(page, 'NotAFile')).toContainText('1 of 1 left out');
  await expect(review()).toBeHidden();
});

test('looking at a whole disk shows how far it is, and cancelled it leaves the list as it was', async () => {
  const { app, page } = window;
  const folder = await workIn('looked');
  const [first, second] = [path.join(folder, 'first.txt'), path.join(folder, 'second.txt')];
  for (const file of [first, second]) await writeFile(file, file);
  await app.drop(DROP, [first]);
  await expect(review()).toContainText('first.txt.encrypted');
  const told = await page.evaluateHandle(() => {
    const counted = { words: 0 };
    self.coffer.on((name) => {
      if (name === 'files.planned') counted.words++;
    });
    return counted;
  });
  const words = () => told.evaluate((counted) => counted.words);
  await app.drop(DROP, [second, '/']);
  const looking = page.getByRole('group', { name: 'Looking at the files' });
  await expect(looking).toContainText(/1 of 2, [\d,]+ files? in folders so far/);
  await expect(looking.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
  await expectAccessible(page, 'a look at what was dropped');
  await looking.getByRole('button', { name: 'Cancel: Looking at the files' }).click();
  await expect(looking).toBeHidden();
  // The main process has stopped, too: it would have a word ten times a second.
  await expect(async () => {
    const before = await words();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await words()).toBe(before);
  }).toPass({ timeout: 2000 });
  await expect(review()).toContainText('first.txt.encrypted');
  await expect(review()).not.toContainText('second.txt');
  await review().getByRole('button', { name: 'Clear the list' }).click();
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
  // A path that leads nowhere by itself begins nothing.
  const begin = review().getByRole('button', { name: /^(Encrypt|Decrypt)/ });
  await field.fill('half/typed');
  await expect(field).toHaveAccessibleDescription(/whole path/);
  await expect(begin).toBeDisabled();
  await field.fill('');
  await expect(begin).toBeEnabled();
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
  await expect(jobOf(hidden)).toContainText('3 of 3 files decrypted');
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
  // What is being looked at goes, too.
  await window.app.drop(DROP, [path.join(folder, 'private-name.txt'), '/']);
  await page.getByRole('group', { name: 'Looking at the files' }).waitFor();
  await page.getByRole('button', { name: 'Lock' }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
  expect(await page.content()).not.toContain('private-name');
});
