import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Locator } from '@playwright/test';
import { openOpenssl, signings } from '../support/openssl.ts';
import { callKms, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('papers');
const SIGN = 'section[aria-label="Drop files to sign here"]';
const VERIFY = 'section[aria-label="Drop a file and its signature here"]';

const form = (name: 'Sign' | 'Verify') => window.page.getByRole('form', { name, exact: true });
const press = (name: 'Sign' | 'Verify') => form(name).getByRole('button', { name, exact: true }).click();
const made = () => window.page.getByRole('region', { name: 'Signatures' });
const checked = () => window.page.getByRole('region', { name: 'Verified' });
const cards = (list: Locator) => list.locator('li[aria-setsize]');
const toSign = (count: string) => window.page.getByRole('region', { name: `${count} to sign`, exact: true });

/** How many cards a list has, of which those in sight are made. */
async function countOf(list: Locator): Promise<number> {
  const all = await cards(list).all();
  return Number((await all[0]?.getAttribute('aria-setsize')) ?? 0);
}

/** An empty folder of the test's own. */
async function folderOf(name: string): Promise<string> {
  const folder = path.join(window.app.home, 'signed', name);
  await mkdir(folder, { recursive: true });
  return folder;
}

async function choose(label: string, option: string): Promise<void> {
  await window.page.getByRole('combobox', { name: label, exact: true }).click();
  await window.page.getByRole('option', { name: option }).click();
}

/** The key `seal`, which is there from the first test on unless the window was opened anew. */
async function withSeal(): Promise<void> {
  const { Aliases } = await callKms(window.page, 'ListAliases', {});
  if (Aliases.some(({ AliasName }) => AliasName === 'alias/seal')) return;
  await makeKey(window.page, 'seal', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
}

const pick = (group: string, option: string) =>
  window.page.getByRole('radiogroup', { name: group, exact: true }).getByText(option, { exact: true }).click();

/** Drops what is to be verified, and answers what the newest result says. */
async function verify(paths: readonly string[]): Promise<Locator> {
  await window.app.go('/sign/verify');
  await window.app.drop(VERIFY, paths);
  await expect(form('Verify').getByLabel('Signature file', { exact: true })).not.toHaveValue('');
  const before = await countOf(checked());
  await press('Verify');
  await expect(cards(checked()).first()).toHaveAttribute('aria-setsize', String(before + 1));
  return cards(checked()).first();
}

test('without a signing key the screen says what to do, and with one it signs', async () => {
  const { app, page } = window;
  await page.getByRole('link', { name: 'Sign & verify', exact: true }).click();
  await expect(page.getByText(/There is no signing key in/)).toBeVisible();
  await expectAccessible(page, 'no signing key');
  await withSeal();
  await expect(form('Sign')).toBeVisible();
  await expectAccessible(page, 'signing');
  await app.go('/sign/verify');
  await expectAccessible(page, 'verifying');
});

test('a file is signed, and verifies here and with the command shown; an altered one is not valid', async () => {
  const { app, page } = window;
  await withSeal();
  const folder = await folderOf('one');
  const file = path.join(folder, "Ada's contract.txt");
  await writeFile(file, 'as agreed');
  await app.go('/sign');
  await app.drop(SIGN, [file]);
  await expect(toSign('1 file')).toContainText('9 B');
  await form('Sign').getByRole('button', { name: 'Show as CLI / SDK' }).click();
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText('--message-type DIGEST');
  await page.keyboard.press('Escape');
  await press('Sign');
  await expect(made().getByText('Signed', { exact: true })).toBeVisible();
  const names = (await readdir(folder)).sort();
  expect(names).toEqual([
    "Ada's contract.txt",
    "Ada's contract.txt.sig",
    expect.stringMatching(/^coffer-public-key-.*\.pem$/),
  ]);
  const base64 = (await made().getByLabel('Signature (base64)', { exact: true }).textContent()) ?? '';
  expect(await readFile(`${file}.sig`, 'base64')).toBe(base64);
  const command = (await made().getByLabel('openssl command', { exact: true }).textContent()) ?? '';
  expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toContain('Verified OK');
  await expectAccessible(page, 'a signature');

  const good = await verify([file]);
  await expect(good).toContainText('Valid');
  await expect(good).toContainText('Signed by seal with ECDSA_SHA_256');
  await expectAccessible(page, 'a valid signature');
  await writeFile(file, 'as Agreed');
  const bad = await verify([`${file}.sig`]);
  await expect(bad).toContainText('Not valid');
  await expectAccessible(page, 'a signature that is not valid');
  await writeFile(`${file}.sig`, (await readFile(`${file}.sig`)).subarray(0, 40));
  await expect(await verify([file])).toContainText('is DER of two integers');
  // What was there is not written over: the next signature has a number.
  await app.go('/sign');
  await app.drop(SIGN, [file]);
  await press('Sign');
  await expect(made().getByText("Signature: Ada's contract.txt-2.sig")).toBeVisible();
  expect((await readdir(folder)).filter((name) => name.endsWith('.pem'))).toHaveLength(1);
});

test("somebody else's signature is verified with a pasted public key of openssl's making", async () => {
  const { page } = window;
  await withSeal();
  const folder = await folderOf('others');
  const file = path.join(folder, 'release.tar');
  await writeFile(file, new Uint8Array(2_000_000).fill(7));
  const signing = signings.find(({ algorithm }) => algorithm === 'RSASSA_PSS_SHA_256');
  if (!signing) throw new Error('no RSA');
  const openssl = openOpenssl();
  try {
    const privateKey = openssl.file(openssl.privateKey(signing));
    await writeFile(`${file}.sig`, openssl.sign(privateKey, file, signing));
    const pem = openssl.run('pkey', '-inform', 'DER', '-in', privateKey, '-pubout').toString();
    await window.app.go('/sign/verify');
    await pick('Whose key', "Someone else's public key");
    const field = page.getByLabel('Public key', { exact: true });
    await field.fill('-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----');
    await expect(form('Verify')).toContainText('This is a private key. It was not kept.');
    await expect(field).toHaveValue('');
    await expect(form('Verify').getByRole('button', { name: 'Verify', exact: true })).toBeDisabled();
    await field.fill(pem);
    await choose('Algorithm', 'RSASSA_PSS_SHA_256');
    const good = await verify([file]);
    await expect(good).toContainText('Valid');
    await expect(good).toContainText('Signed by the public key');
    await expectAccessible(page, 'a public key from outside');
    await choose('Algorithm', 'RSASSA_PSS_SHA_384');
    await expect(await verify([file])).toContainText('Not valid');
    await choose('Algorithm', 'RSASSA_PSS_SHA_256');
    await writeFile(file, 'tampered');
    await expect(await verify([file])).toContainText('Not valid');
  } finally {
    openssl.remove();
    await pick('Whose key', 'A key of this vault');
  }
});

test('a text is signed, and verified by its base64', async () => {
  const { app, page } = window;
  await withSeal();
  await app.go('/sign');
  await pick('What to sign', 'Text');
  await page.getByLabel('Text to sign').fill('grüße 🗝️');
  await press('Sign');
  const newest = cards(made()).first();
  await expect(newest).toContainText('Text');
  const base64 = (await newest.getByLabel('Signature (base64)', { exact: true }).textContent()) ?? '';
  await expect(newest).toContainText('Save the text as message.txt');
  await app.go('/sign/verify');
  await pick('What was signed', 'Text');
  await page.getByLabel('Text that was signed').fill('grüße 🗝️');
  await page.getByLabel('Signature', { exact: true }).fill(base64);
  await press('Verify');
  await expect(cards(checked()).first()).toContainText('exactly this text');
  await page.getByLabel('Text that was signed').fill('grüsse 🗝️');
  await press('Verify');
  await expect(cards(checked()).first()).toContainText('Not valid');
  await pick('What was signed', 'File');
  await pick('The signature', 'File');
});

test('a long file shows its progress, goes on behind another screen, and is cancelled', async () => {
  const { app, page } = window;
  await withSeal();
  const folder = await folderOf('long');
  const big = path.join(folder, 'big.bin');
  await writeFile(big, '');
  await truncate(big, 40_000_000_000);
  await app.go('/sign');
  await pick('What to sign', 'Files');
  await app.drop(SIGN, [big]);
  await press('Sign');
  await expect(page.getByRole('progressbar', { name: 'Progress of big.bin' })).toBeVisible();
  await app.go('/keys');
  await expect(page.getByRole('heading', { name: 'Keys', exact: true })).toBeVisible();
  await app.go('/sign');
  await expect(page.getByRole('progressbar', { name: 'Progress of big.bin' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel big.bin' }).click();
  await expect(made().getByText('Cancelled', { exact: true })).toBeVisible();
  expect(await readdir(folder)).toEqual(['big.bin']);
});

test('what an algorithm cannot sign is said before', async () => {
  const { app, page } = window;
  await makeKey(page, 'edwards', { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
  await withSeal();
  const folder = await folderOf('limits');
  const long = path.join(folder, 'long.txt');
  await writeFile(long, 'x'.repeat(4097));
  await app.go('/sign');
  await choose('Key', 'edwards');
  await app.drop(SIGN, [long, folder]);
  await expect(form('Sign')).toContainText('Too long: ED25519_SHA_512');
  await expect(form('Sign')).toContainText('limits is not a file.');
  await page.getByRole('button', { name: 'Remove limits' }).click();
  await expect(form('Sign').getByRole('button', { name: 'Sign', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: 'Sign with ED25519_PH_SHA_512 instead' }).click();
  await press('Sign');
  await expect(cards(made()).first()).toContainText("OpenSSL's command line has no Ed25519ph");
  await expectAccessible(page, 'without an openssl command');
});

test('a list of ten thousand files is walked by the keyboard, and gives the focus to the neighbour of what goes', async () => {
  const { app, page } = window;
  await withSeal();
  const folder = await folderOf('many');
  await app.go('/sign');
  await app.drop(
    SIGN,
    Array.from({ length: 10_000 }, (_, at) => path.join(folder, `${at}.txt`)),
  );
  const list = toSign('10,000 files');
  await expect(list).toBeVisible({ timeout: 100_000 });
  expect(await cards(list).count()).toBeLessThan(40);
  const remove = (at: number) => list.getByRole('button', { name: `Remove ${at}.txt`, exact: true });
  await remove(0).focus();
  await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await expect(remove(9_999)).toBeVisible();
  // Out of sight it still has the focus, and its neighbour is the next.
  await expect(remove(0)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(remove(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(toSign('9,999 files')).toBeVisible();
  await expect(toSign('9,999 files').getByRole('button', { name: 'Remove 2.txt', exact: true })).toBeFocused();
  await expect(form('Sign').getByRole('button', { name: 'Sign 9,999 files' })).toBeDisabled();
});

test('hundreds of signatures are counted, and those in sight alone are made', async () => {
  const { app } = window;
  await withSeal();
  const folder = await folderOf('hundreds');
  const files = Array.from({ length: 200 }, (_, at) => path.join(folder, `${at}.txt`));
  for (const file of files) await writeFile(file, file);
  await app.restart();
  await app.unlock();
  await app.go('/sign');
  await choose('Key', 'seal');
  await app.drop(SIGN, files);
  await form('Sign').getByRole('button', { name: 'Sign 200 files' }).click();
  await expect(made().getByText('200 of 200 finished')).toBeVisible({ timeout: 60_000 });
  await expect(made().getByRole('status')).toContainText('.txt: Signed');
  expect(await cards(made()).count()).toBeLessThan(60);
  await expect(cards(made()).first()).toHaveAttribute('aria-setsize', '200');
  // What was opened by hand stays so where it was scrolled out of sight meanwhile.
  const details = cards(made()).nth(1).getByRole('button', { name: 'Base64, public key and openssl' });
  await details.click();
  const results = made().getByRole('region', { name: 'Results, in order' });
  await details.evaluate((element) => (element as HTMLElement).blur());
  await results.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await expect(made().locator('li[aria-posinset="200"]')).toBeVisible();
  await results.evaluate((element) => element.scrollTo({ top: 0 }));
  await expect(made().locator('li[aria-posinset="2"]').getByLabel('Signature (base64)', { exact: true })).toBeVisible();
  await expectAccessible(window.page, 'hundreds of signatures');
  // The screen scrolls, and never the window round it, also where the list is below the form.
  await window.page.setViewportSize({ width: 900, height: 600 });
  await expect(made()).toBeVisible();
  expect(await window.page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
});
