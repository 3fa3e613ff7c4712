import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { DROP, filesScreen } from '../support/files-screen.ts';
import { callKms, makeKey, testsInOneWindow } from '../support/window.ts';

// What stands in the way of a job: a file of that name, a file that is gone or damaged, a key that is disabled.
const { test, window } = testsInOneWindow('papers');
const { review, jobs, start, allFinished, workIn, encrypt, jobOf } = filesScreen(window);

/** What lies in a folder besides the names that are expected there: half-written output would. */
async function strangers(folder: string, expected: readonly string[]): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !expected.includes(name));
}

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

test('an answer that is not shown any more replaces nothing', async () => {
  const folder = await workIn('not shown');
  const [there, fresh] = ['there.txt', 'fresh.txt'].map((name) => path.join(folder, name)) as [string, string];
  for (const file of [there, fresh, `${there}.encrypted`]) await writeFile(file, 'older');
  await window.app.drop(DROP, [there, fresh]);
  await review().getByText('Replace', { exact: true }).click();
  await review().getByRole('button', { name: 'Take there.txt off the list' }).click();
  await expect(review()).not.toContainText('is there already');
  await writeFile(`${fresh}.encrypted`, 'came meanwhile');
  await start(/^Encrypt 1 item/);
  await allFinished(1);
  await expect(jobOf('fresh.txt')).toContainText('is already there');
  expect(await readFile(`${fresh}.encrypted`, 'utf8')).toBe('came meanwhile');
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
