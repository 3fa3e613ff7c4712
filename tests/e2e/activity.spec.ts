import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { callIam, callKms, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('papers');

const records = () => window.page.getByRole('list', { name: 'Records, newest first' });

async function showActivity(): Promise<void> {
  const { app, page } = window;
  await app.go('/activity');
  await expect(records()).toBeVisible();
  const clear = page.getByRole('button', { name: 'Clear filters' });
  if (await clear.isVisible()) await clear.click();
}

async function choose(filter: string, option: string): Promise<void> {
  const { page } = window;
  await page.getByRole('combobox', { name: filter, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** Has the record say that something was encrypted in a context, and refused in none. */
async function refusedCall(KeyId: string): Promise<void> {
  const EncryptionContext = { word: 'heliotrope' };
  const { CiphertextBlob } = await callKms(window.page, 'Encrypt', {
    KeyId,
    Plaintext: new Uint8Array(1),
    EncryptionContext,
  });
  await expect(callKms(window.page, 'Decrypt', { KeyId, CiphertextBlob })).rejects.toThrow();
}

test('the filters read as a sentence, and the list and the picture follow', async () => {
  const { page } = window;
  const KeyId = await makeKey(page, 'watched');
  await refusedCall(KeyId);
  await showActivity();
  await choose('Key', 'watched');
  await expect(records().getByRole('link')).toHaveText([/Refused/, /encrypted data on watched/, /alias/, /made a key/]);
  await expect(page.getByRole('listbox', { name: /^4 calls over time/ })).toBeVisible();
  await choose('Outcome', 'refused');
  await expect(records().getByRole('link')).toHaveText([/tried to decrypt data/]);
  await expect(page.getByRole('option', { name: /1 call, 1 refused$/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await choose('Operation', 'CreateKey');
  for (const line of await records().getByRole('link').allInnerTexts()) expect(line).toContain('CreateKey');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByLabel('Words in the record').fill('HELIOTROPE');
  await expect(records().getByRole('link')).toHaveCount(1);
  await page.getByLabel('Words in the record').fill('no record has this');
  await expect(page.getByText('No record fits')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(records().getByRole('link').first()).toBeVisible();
  // The command clears what is typed too.
  await page.getByLabel('Words in the record').fill('no record has this');
  await expect(page.getByText('No record fits')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('Show every record');
  await page.keyboard.press('Enter');
  await expect(records().getByRole('link').first()).toBeVisible();
  await expect(page.getByLabel('Words in the record')).toHaveValue('');
});

test("the window's own readings are recorded and hidden unless asked for", async () => {
  const { app, page } = window;
  // The list of keys is read shortly before, or readings of the trail would stand above it.
  await app.go('/keys');
  await expect(page.getByRole('grid', { name: 'Keys' })).toBeVisible();
  await showActivity();
  await expect(records()).not.toContainText('ListKeyOverviews');
  const hide = page.getByRole('switch', { name: "Hide the window's own readings" });
  await expect(hide).toHaveAccessibleDescription(/Describe, Get and List calls/);
  await hide.press('Space');
  await expect(records()).toContainText('ListKeyOverviews');
  await hide.press('Space');
  await expect(records()).not.toContainText('ListKeyOverviews');
});

test("AWS's own readings that a screen made are hidden with them, what was done and what accounts were made is not", async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'looked-at');
  await callKms(page, 'GenerateMac', { KeyId, Message: new Uint8Array(1), MacAlgorithm: 'HMAC_SHA_256' }).catch(
    () => undefined,
  );
  await callIam(page, 'CreateAccount', {});
  for (const tab of ['policy', 'names']) {
    await app.go(`/keys/${KeyId}/${tab}`);
    await expect(page.getByRole('tabpanel')).not.toBeEmpty();
  }
  await showActivity();
  await choose('Key', 'looked-at');
  const seen = [/tried to make a MAC/, /alias/, /made a key/];
  await expect(records().getByRole('link')).toHaveText(seen);
  const hide = page.getByRole('switch', { name: "Hide the window's own readings" });
  await hide.press('Space');
  await expect(records()).toContainText('GetKeyPolicy');
  await hide.press('Space');
  await expect(records().getByRole('link')).toHaveText(seen);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  // Coffer's own, too, but no reading.
  await expect(records()).toContainText('CreateAccount');
});

test('a period is chosen by dragging over the picture', async () => {
  const { page } = window;
  await showActivity();
  const box = await page.getByRole('listbox', { name: /calls over time/ }).boundingBox();
  if (!box) throw new Error('the picture is not on the screen');
  await page.mouse.move(box.x + 2, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Show all time' }).click();
  await expect(page.getByRole('button', { name: 'Show all time' })).toBeHidden();
});

test('a period of several bars is chosen by keyboard, and the picture is one stop of the tabulator', async () => {
  const { page } = window;
  await makeKey(page, 'early');
  await showActivity();
  const picture = page.getByRole('listbox', { name: /calls over time/ });
  const marked = picture.getByRole('option', { selected: true });
  await picture.focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('region', { name: 'Records' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(picture).toBeFocused();
  await expectAccessible(page, 'the picture');

  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(marked).toHaveCount(1);
  await page.keyboard.press('ArrowLeft');
  for (let bar = 0; bar < 3; bar++) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(marked).toHaveCount(3);
  await page.keyboard.press('Escape');
  await expect(marked).toHaveCount(1);
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('Shift+ArrowLeft');
  const labels = await marked.evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label') ?? ''));
  expect(labels).toHaveLength((await picture.getByRole('option').count()) - 1);
  const calls = labels.reduce((sum, label) => sum + Number(/: ([\d,]+) calls?/.exec(label)?.[1]?.replace(',', '')), 0);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Show all time' })).toBeVisible();
  await expect(page.getByRole('listbox', { name: new RegExp(`^${calls} calls? over time`) })).toBeFocused();
  await page.getByRole('button', { name: 'Show all time' }).click();
});

test('new records appear at the top while one looks', async () => {
  const { page } = window;
  await showActivity();
  const first = records().getByRole('link').first();
  await callKms(page, 'GenerateRandom', { NumberOfBytes: 8 });
  await expect(first).toContainText('GenerateRandom');
  await callKms(page, 'CreateKey', {});
  await expect(first).toContainText('CreateKey');
});

test('the scrollbar reaches the oldest record, and new ones wait until one is back at the top', async () => {
  const { page } = window;
  await Promise.all(Array.from({ length: 150 }, () => callKms(page, 'GenerateRandom', { NumberOfBytes: 8 })));
  await showActivity();
  await choose('Operation', 'GenerateRandom');
  const links = records().getByRole('link');
  await expect(links.first()).toContainText('GenerateRandom');
  const list = page.getByRole('region', { name: 'Records' });
  await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  const last = records().getByRole('listitem').last();
  await expect(last).toHaveAttribute('aria-posinset', (await last.getAttribute('aria-setsize')) ?? '');
  await expect(last.getByRole('link')).toContainText('GenerateRandom');
  await callKms(page, 'GenerateRandom', { NumberOfBytes: 8 });
  const fresh = page.getByRole('button', { name: '1 new record' });
  await expect(fresh).toBeVisible();
  await expect(last.getByRole('link')).toBeVisible();
  await fresh.click();
  await expect(fresh).toBeHidden();
  await expect(records().getByRole('listitem').nth(1)).toHaveAttribute('aria-posinset', '1');
});

test('a record opens with its JSON and its place in the chain', async () => {
  const { page } = window;
  const KeyId = await makeKey(page, 'opened');
  await refusedCall(KeyId);
  await showActivity();
  await choose('Key', 'opened');
  await records().getByRole('link').first().click();
  const record = page.getByRole('complementary', { name: 'Record' });
  await expect(record.getByRole('alert')).toContainText('InvalidCiphertextException');
  await expect(record.getByRole('region', { name: 'Place in the chain' })).toContainText('Verifies');
  const text = (await record.getByLabel('CloudTrail record', { exact: true }).textContent()) ?? '';
  expect(JSON.parse(text)).toMatchObject({
    eventName: 'Decrypt',
    eventSource: 'kms.amazonaws.com',
    errorCode: 'InvalidCiphertextException',
    userIdentity: { type: 'Root' },
  });
  await expectAccessible(page, 'a record');
  await record.getByRole('button', { name: 'Open the key' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'opened' })).toBeVisible();
});

test('the trail verifies, and is exported as CloudTrail JSON and CSV', async () => {
  const { app, page } = window;
  await showActivity();
  await expectAccessible(page, 'the list');
  await page.getByRole('button', { name: 'Verify the trail' }).click();
  await expect(page.getByText('The trail is whole')).toBeVisible();
  await expectAccessible(page, 'the proof');
  await page.keyboard.press('Escape');
  const folder = path.join(app.home, 'exports');
  await mkdir(folder);
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export the trail' });
  await dialog.getByLabel('Folder', { exact: true }).fill(path.join(folder, 'missing'));
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Folder', { exact: true }).fill(folder);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByText(/records exported/)).toBeVisible();
  await dialog.getByText('CSV', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect.poll(async () => (await readdir(folder)).length).toBe(2);
  await expect(dialog.getByText(/\.csv/)).toBeVisible();
  const files = await readdir(folder);
  const json = files.find((name) => name.endsWith('.gz')) ?? '';
  const trail = JSON.parse(gunzipSync(await readFile(path.join(folder, json))).toString());
  expect(trail.Records.map((record: { eventName: string }) => record.eventName)).toContain('CreateKey');
  const csv = await readFile(path.join(folder, files.find((name) => name.endsWith('.csv')) ?? ''), 'utf8');
  expect(csv).toContain('CreateKey');
  await page.keyboard.press('Escape');
});

test('an export that is cancelled leaves no half file, and its dialog opens anew', async () => {
  const { app, page } = window;
  await showActivity();
  const folder = path.join(app.home, 'cancelled');
  await mkdir(folder);
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export the trail' });
  await dialog.getByLabel('Folder', { exact: true }).fill(folder);
  await dialog.getByText('CSV', { exact: true }).click();
  // Both at once: whichever was first, what is there is whole.
  await dialog.evaluate((element) => {
    const named = (name: string) =>
      [...element.querySelectorAll('button')].find((button) => button.textContent === name)?.click();
    named('Export');
    named('Cancel');
  });
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Export…' }).click();
  await dialog.getByLabel('Folder', { exact: true }).fill(folder);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByText(/records exported/)).toBeVisible();
  for (const file of await readdir(folder)) expect(file).toMatch(/^coffer-trail-[\d-]+( \(2\))?\.(csv|json\.gz)$/);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();
});

test('nothing of the record stays in the page after lock', async () => {
  const { page } = window;
  await showActivity();
  await page.getByRole('button', { name: 'Lock' }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
  const left = await page.content();
  for (const secret of ['heliotrope', 'watched', 'CreateKey', 'arn:aws']) expect(left).not.toContain(secret);
});
