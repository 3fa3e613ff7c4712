import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../support/app.ts';
import { digest } from './samples.ts';
import { stop, type Tour } from './stops.ts';

const DROP = 'section[aria-label="Drop files here"]';

export async function fileStops({ app, work, picture }: Tour): Promise<void> {
  const { page } = app;
  const { copies, originals } = work;
  const before = await Promise.all(originals.map(digest));
  const sealed: string[] = [];
  const many = copies.length;

  await stop('files and folders are encrypted by a drop, after saying what will happen', async () => {
    await page.getByRole('link', { name: 'Files', exact: true }).click();
    await page.locator(DROP).waitFor();
    await picture('files-empty');
    await app.drop(DROP, copies);
    await page.getByRole('region', { name: 'What will happen' }).waitFor();
    await page.getByRole('button', { name: /^More choices/ }).click();
    await page.getByRole('button', { name: 'Add a pair' }).click();
    await page.getByLabel('Name of pair 1').fill('purpose');
    await page.getByLabel('Value of pair 1').fill('tour');
    await picture('files-review');
    await page.getByRole('button', { name: /^Encrypt \d+ items? with family$/ }).click();
    await expect(page.getByText(`${many} of ${many} finished`)).toBeVisible({ timeout: 10 * 60_000 });
    await picture('files-encrypted');
    await expect(page.getByText('Done', { exact: true }), 'Every job should be done.').toHaveCount(many);
    for (const copy of copies) {
      const folder = (await stat(copy)).isDirectory();
      const output = `${copy}${folder ? '.tar' : ''}.encrypted`;
      await stat(output);
      sealed.push(output);
    }
  });

  await stop('they are decrypted again, and every byte is the same', async () => {
    const out = path.join(app.home, 'opened');
    await mkdir(out);
    await page.getByRole('button', { name: 'Clear finished' }).click();
    await app.drop(DROP, sealed);
    await page.getByRole('region', { name: 'What will happen' }).waitFor();
    await page.getByRole('button', { name: /^More choices/ }).click();
    await page.getByLabel('Output folder', { exact: true }).fill(out);
    await picture('files-decrypt-review');
    await page.getByRole('button', { name: /^Decrypt \d+ files?$/ }).click();
    await expect(page.getByText(`${many} of ${many} finished`)).toBeVisible({ timeout: 10 * 60_000 });
    await picture('files-decrypted');
    for (const [index, original] of originals.entries()) {
      const opened = path.join(out, path.basename(original));
      expect(await digest(opened), `${path.basename(original)} should come out as it went in.`).toBe(before[index]);
    }
  });

  await stop('what exists is not overwritten without being asked, and a vanished file fails alone', async () => {
    await page.getByRole('button', { name: 'Clear finished' }).click();
    const [first = ''] = copies;
    await app.drop(DROP, copies);
    // The folder chosen before is kept, and seen to be.
    await page.getByLabel('Output folder', { exact: true }).fill('');
    await expect(page.getByText(/would meet a file that is there already/)).toBeVisible();
    await picture('files-conflicts');
    await rm(first, { recursive: true });
    await page.getByText('Keep both').click();
    await page.getByRole('button', { name: /^Encrypt \d+ items? with family$/ }).click();
    await expect(page.getByText(`${many} of ${many} finished`)).toBeVisible({ timeout: 10 * 60_000 });
    await expect(page.getByText('Failed', { exact: true })).toHaveCount(1);
    await picture('files-one-failed');
  });

  await stop('nothing half-written is left, and what was given is untouched', async () => {
    for (const folder of new Set(copies.map((copy) => path.dirname(copy))))
      expect((await readdir(folder)).filter((name) => /partial|\.tmp/.test(name))).toEqual([]);
    if (originals[0] === copies[0]) return;
    expect(await Promise.all(originals.map(digest)), 'The files given should be as they were.').toEqual(before);
  });
}
