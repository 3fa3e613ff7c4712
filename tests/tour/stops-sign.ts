import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../support/app.ts';
import { stop, type Tour } from './stops.ts';

const SIGN = 'section[aria-label="Drop files to sign here"]';
const VERIFY = 'section[aria-label="Drop a file and its signature here"]';

/** Detached signatures, with the signing key that was made before. */
export async function signStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  const folder = path.join(app.home, 'signed');
  const file = path.join(folder, 'minutes.txt');
  await mkdir(folder);
  await writeFile(file, 'Those present agreed.\n');
  const form = (name: string) => page.getByRole('form', { name, exact: true });
  const press = (name: string) => form(name).getByRole('button', { name, exact: true }).click();
  const choose = async (name: string) => {
    await form(name).getByRole('combobox', { name: 'Key', exact: true }).click();
    await page.getByRole('option', { name: /^letters/ }).click();
  };
  const verify = async () => {
    await app.drop(VERIFY, [file]);
    await expect(page.getByLabel('Signature file', { exact: true })).toHaveValue(`${file}.sig`);
    await choose('Verify');
    await press('Verify');
  };

  await stop('a file is signed, with all that others need to verify it', async () => {
    await page.getByRole('link', { name: 'Sign & verify', exact: true }).click();
    await app.drop(SIGN, [file]);
    await choose('Sign');
    await picture('sign-ready');
    await press('Sign');
    await expect(page.getByText('Signed', { exact: true })).toBeVisible();
    await expect(page.getByLabel('openssl command', { exact: true })).toContainText('openssl pkeyutl -verify');
    await picture('sign-signed');
  });

  await stop('its signature is valid, and no more so when the file was changed', async () => {
    await page.getByRole('tab', { name: 'Verify', exact: true }).click();
    await verify();
    await expect(page.getByText('Valid', { exact: true })).toBeVisible();
    await writeFile(file, 'Those present did not agree.\n');
    await verify();
    await expect(page.getByText('Not valid', { exact: true })).toBeVisible();
    await picture('sign-verified');
  });
}
