import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, PASSPHRASE, test } from '../support/app.ts';

test('a first vault, a key, text, files, the record, lock and unlock', async ({ app }) => {
  await app.firstRun({ alias: 'family' });
  const { page } = app;

  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await expect(page.getByRole('link', { name: 'family', exact: true })).toBeVisible();

  // A file and a folder go in by a drop and come out the same.
  const work = path.join(app.home, 'work');
  await mkdir(path.join(work, 'photos', 'empty'), { recursive: true });
  await writeFile(path.join(work, 'letter.txt'), 'dear reader');
  await writeFile(path.join(work, 'photos', 'one.bin'), new Uint8Array(3_000_000).fill(7));
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await app.drop('section[aria-label="Drop files here"]', [path.join(work, 'letter.txt'), path.join(work, 'photos')]);
  await page.getByRole('button', { name: 'Encrypt 2 items with family' }).click();
  await expect(page.getByText('2 of 2 finished')).toBeVisible();
  await expect(page.getByText('Done')).toHaveCount(2);
  expect((await readFile(path.join(work, 'letter.txt.encrypted'))).includes('dear reader')).toBe(false);

  await page.getByRole('button', { name: 'Clear finished' }).click();
  await mkdir(path.join(work, 'out'));
  await app.drop('section[aria-label="Drop files here"]', [
    path.join(work, 'letter.txt.encrypted'),
    path.join(work, 'photos.tar.encrypted'),
  ]);
  await page.getByRole('button', { name: /^More choices/ }).click();
  await page.getByLabel('Output folder', { exact: true }).fill(path.join(work, 'out'));
  await page.getByRole('button', { name: 'Decrypt 2 files' }).click();
  await expect(page.getByText('2 of 2 finished')).toBeVisible();
  await expect(page.getByText('Done')).toHaveCount(2);
  expect(await readFile(path.join(work, 'out', 'letter.txt'), 'utf8')).toBe('dear reader');
  expect((await readFile(path.join(work, 'out', 'photos', 'one.bin'))).equals(Buffer.alloc(3_000_000, 7))).toBe(true);

  // Every use is in the record, and the record verifies.
  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await expect(page.getByText('GenerateDataKey').first()).toBeVisible();
  await page
    .getByRole('link', { name: /decrypted data for a file/ })
    .first()
    .click();
  await expect(page.getByText('Verifies')).toBeVisible();
  await page.getByRole('button', { name: 'Verify the trail' }).click();
  await expect(page.getByText('The trail is whole')).toBeVisible();
  await page.keyboard.press('Escape');

  // Locked, nothing answers; the passphrase opens it again.
  await page.getByRole('button', { name: /^Lock/ }).first().click();
  await page.getByLabel('Passphrase', { exact: true }).fill('not the passphrase');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('That passphrase does not open this vault.')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await expect(page.getByRole('link', { name: 'family', exact: true })).toBeVisible();
});
