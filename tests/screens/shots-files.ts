import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../support/app.ts';
import type { Studio } from './studio.ts';

const DROP = 'section[aria-label="Drop files here"]';
const SIGN = 'section[aria-label="Drop files to sign here"]';

export async function fileShots({ app, page, picture }: Studio): Promise<void> {
  const folder = path.join(app.home, 'Papers');
  const photos = path.join(folder, 'Photos 2026');
  await mkdir(path.join(photos, 'Summer'), { recursive: true });
  const letter = path.join(folder, 'Letter to the notary.txt');
  await writeFile(letter, 'The will is in the blue folder.\n'.repeat(200));
  await writeFile(path.join(folder, 'passport-scan.pdf'), Buffer.alloc(5_000_000, 'scan'));
  await writeFile(path.join(photos, 'Summer', 'beach.jpg'), Buffer.alloc(700_000, 'sand'));
  const dropped = [letter, path.join(folder, 'passport-scan.pdf'), photos];

  await app.go('/files');
  await page.locator(DROP).waitFor();
  await picture('files');
  await app.drop(DROP, dropped);
  await page.getByRole('region', { name: 'What will happen' }).waitFor();
  await picture('files-review');
  await page.getByRole('button', { name: /^More choices/ }).click();
  await picture('files-review-choices');
  await page.getByRole('button', { name: /^Encrypt \d+ items? with / }).click();
  await expect(page.getByText('3 of 3 finished')).toBeVisible({ timeout: 60_000 });
  await picture('files-done');
  await app.drop(DROP, [`${letter}.encrypted`, path.join(folder, 'passport-scan.pdf.encrypted')]);
  await page.getByRole('region', { name: 'What will happen' }).waitFor();
  await picture('files-decrypt-review');
  await page.getByText('Re-encrypt', { exact: true }).first().click();
  await picture('files-reencrypt-review');
  await page.getByRole('button', { name: 'Clear the list' }).click();

  await app.go('/sign');
  await page.locator(SIGN).waitFor();
  await picture('sign');
  await app.drop(SIGN, [letter]);
  const form = page.getByRole('form', { name: 'Sign', exact: true });
  await form.getByRole('combobox', { name: 'Key', exact: true }).click();
  await page.getByRole('option', { name: /^releases/ }).click();
  await form.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByText('Signed', { exact: true })).toBeVisible();
  await picture('sign-signed');
  await app.go('/sign/verify');
  await picture('sign-verify');
  await rm(folder, { recursive: true });
}
