import { expect } from '@playwright/test';
import { openApp, PASSPHRASE } from '../support/app.ts';
import { makeFullVault } from '../support/full-vault.ts';
import { callKms, chooseAction, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

async function showKeys(): Promise<void> {
  const { app, page } = window;
  await app.go('/keys');
  await page.getByLabel('Filter keys').fill('');
  await expect(page.getByRole('grid', { name: 'Keys' })).toBeVisible();
}

/** The aliases on the screen, from the top. */
const names = () => window.page.getByRole('grid', { name: 'Keys' }).getByRole('link').allInnerTexts();

test('filters, sorts, groups and selects keys, and switches those selected', async () => {
  const { page } = window;
  for (const alias of ['list-b', 'list-a', 'list-c']) await makeKey(page, alias, { Description: `shelf of ${alias}` });
  const off = await makeKey(page, 'list-off');
  await callKms(page, 'DisableKey', { KeyId: off });
  await showKeys();

  await page.getByLabel('Filter keys').fill('list-');
  await expect.poll(names).toEqual(['list-a', 'list-b', 'list-c', 'list-off']);
  await page.getByRole('columnheader', { name: 'Alias' }).getByRole('button').click();
  await expect.poll(names).toEqual(['list-off', 'list-c', 'list-b', 'list-a']);
  await expect(page.getByRole('columnheader', { name: 'Alias' })).toHaveAttribute('aria-sort', 'descending');
  await page.getByRole('columnheader', { name: 'Alias' }).getByRole('button').click();
  await page.getByLabel('Filter keys').fill('shelf list-b');
  await expect.poll(names).toEqual(['list-b']);
  await page.getByLabel('Filter keys').fill('list-');

  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Disabled' }).click();
  await expect.poll(names).toEqual(['list-off']);
  // Choosing it again takes it back.
  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Disabled' }).click();
  await expect.poll(names).toHaveLength(4);

  await page.getByRole('combobox', { name: 'Group' }).click();
  await page.getByRole('option', { name: 'By state' }).click();
  const groups = page.getByRole('grid', { name: 'Keys' }).getByRole('rowheader');
  await expect(groups).toHaveText([/^Disabled\s*1$/, /^Enabled\s*3$/]);
  await expect.poll(names).toEqual(['list-off', 'list-a', 'list-b', 'list-c']);

  // By keyboard: from the first key over the group's title to the next, select it and two more.
  await page.getByRole('row', { name: /list-off/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('row', { name: /list-a/ })).toBeFocused();
  await page.keyboard.press('Space');
  await page.getByRole('checkbox', { name: 'Select list-b' }).check();
  await page.getByRole('checkbox', { name: 'Select list-off' }).check();
  const bar = page.getByRole('group', { name: 'Selected keys' });
  await expect(bar).toContainText('3 selected');
  await bar.getByRole('button', { name: 'Disable 2' }).click();
  await expect(groups).toHaveText([/^Disabled\s*3$/, /^Enabled\s*1$/]);
  await bar.getByRole('button', { name: 'Enable 3' }).click();
  await expect(groups).toHaveText([/^Enabled\s*4$/]);
  await bar.getByRole('button', { name: 'Clear the selection' }).click();
  await expect(bar).toBeHidden();
  await expectAccessible(page, 'the list');
  await page.getByRole('row', { name: /list-c/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'list-c' })).toBeVisible();
});

test('the wizard refuses what cannot be, shows the commands and makes the key', async () => {
  const { page } = window;
  await showKeys();
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a key' });
  const alias = dialog.getByLabel('Alias');
  const next = dialog.getByRole('button', { name: 'Next' });
  await expect(dialog.getByRole('radio', { name: 'Symmetric' })).toBeChecked();
  await next.click();
  await next.click();
  for (const [typed, says] of [
    ['bad alias!', /Only letters, digits/],
    ['aws/mine', /reserved/],
    ['first', /has this alias already/],
  ] as const) {
    await alias.fill(typed);
    await next.click();
    await expect(alias).toHaveAccessibleDescription(says);
  }
  await expectAccessible(page, 'the wizard');
  await alias.fill('wizard/made');
  await dialog.getByLabel('Description').fill("Ada's letters");
  await next.click();
  await dialog.getByLabel('Rotation period in days').fill('89');
  await expect(next).toBeDisabled();
  await dialog.getByLabel('Rotation period in days').fill('180');
  await dialog.getByRole('button', { name: 'Add a tag' }).click();
  await dialog.getByLabel('Name of tag 1').fill('aws:mine');
  await expect(dialog.getByRole('alert')).toContainText('reserved');
  await dialog.getByLabel('Name of tag 1').fill('owner');
  await dialog.getByLabel('Value of tag 1').fill('Ada');
  await next.click();
  const commands = dialog.getByLabel('AWS CLI commands', { exact: true });
  await expect(commands).toContainText(`aws kms create-key \\\n  --description 'Ada'\\''s letters'`);
  await expect(commands).toContainText('--tags TagKey=owner,TagValue=Ada');
  await expect(commands).toContainText('--rotation-period-in-days 180');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'wizard/made' })).toBeVisible();
  await expect(page.getByRole('tabpanel')).toContainText('owner=Ada');
  const made = await callKms(page, 'GetKeyOverview', { KeyId: 'alias/wizard/made' });
  expect(made).toMatchObject({
    Description: "Ada's letters",
    RotationEnabled: true,
    RotationPeriodInDays: 180,
    Tags: [{ TagKey: 'owner', TagValue: 'Ada' }],
  });
});

test('rotates on demand and by schedule; the life line shows what each material opens', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'turning');
  await app.go(`/keys/${KeyId}/rotation`);
  const line = page.getByRole('listbox', { name: 'Key materials' });
  await expect(line.getByRole('option')).toHaveCount(1);
  await page.getByRole('button', { name: 'Rotate now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate turning now' });
  await expect(dialog).toContainText('25 on-demand rotations left');
  await dialog.getByRole('button', { name: 'Rotate now' }).click();
  await expect(line.getByRole('option')).toHaveCount(2);
  await line.getByRole('option', { name: /^Material 2 of 2: Encrypts everything now/ }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(line.getByRole('option', { name: /^Material 1 of 2: Encrypts nothing any more/ })).toBeFocused();
  await expect(page.getByRole('region', { name: 'Rotation on demand' })).toContainText('24 rotations of 25 left');

  const schedule = page.getByRole('region', { name: 'Automatic rotation' });
  await schedule.getByRole('switch').press('Space');
  await schedule.getByLabel('Rotation period in days').fill('3000');
  await expect(schedule.getByRole('button', { name: 'Save' })).toBeDisabled();
  await schedule.getByLabel('Rotation period in days').fill('90');
  await schedule.getByRole('button', { name: 'Save' }).click();
  await expect(schedule).toContainText('Next rotation in 2 months');
  await expect(page.getByRole('region', { name: 'Life line' })).toContainText('Next rotation');
  await schedule.getByRole('switch').press('Space');
  await schedule.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Life line' })).not.toContainText('Next rotation');
});

test('aliases are added, moved and deleted, tags kept together', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'named');
  await makeKey(page, 'elsewhere');
  await app.go(`/keys/${KeyId}/names`);
  const aliases = page.getByRole('table', { name: 'Aliases' });
  await page.getByLabel('New alias').fill('elsewhere');
  await page.getByRole('button', { name: 'Add alias' }).click();
  await expect(page.getByLabel('New alias')).toHaveAccessibleDescription(/has this alias already/);
  await page.getByLabel('New alias').fill('also-named');
  await page.getByRole('button', { name: 'Add alias' }).click();
  await expect(aliases).toContainText('alias/also-named');

  await page.getByRole('combobox', { name: 'Alias of another key' }).click();
  await page.getByRole('option', { name: 'alias/elsewhere' }).click();
  await page.getByRole('button', { name: 'Move alias here' }).click();
  const move = page.getByRole('dialog', { name: 'Move the alias' });
  await expect(move).toContainText('encrypts with this key instead');
  await move.getByRole('button', { name: 'Move alias', exact: true }).click();
  await expect(aliases).toContainText('alias/elsewhere');

  await page.getByRole('button', { name: 'Delete alias/also-named' }).click();
  const gone = page.getByRole('dialog', { name: 'Delete the alias' });
  await expect(gone.getByRole('button', { name: 'Delete alias' })).toBeDisabled();
  await gone.getByRole('textbox').fill('also-named');
  await gone.getByRole('button', { name: 'Delete alias' }).click();
  await expect(gone).toBeHidden();
  await expect(aliases).not.toContainText('also-named');

  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.getByLabel('Name of tag 1').fill('shelf');
  await page.getByLabel('Value of tag 1').fill('3');
  await page.getByRole('button', { name: 'Save tags' }).click();
  await expect.poll(async () => (await callKms(page, 'ListResourceTags', { KeyId })).Tags).toHaveLength(1);
  await page.getByRole('button', { name: 'Remove tag 1' }).click();
  await page.getByRole('button', { name: 'Save tags' }).click();
  await expect.poll(async () => (await callKms(page, 'ListResourceTags', { KeyId })).Tags).toHaveLength(0);
});

test('disabling and deletion ask first, name what stops and can be taken back', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'leaving');
  await callKms(page, 'Encrypt', { KeyId, Plaintext: new Uint8Array([1]) });
  await app.go(`/keys/${KeyId}`);
  const choose = (action: string) => chooseAction(page, action);
  await choose('Disable key');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable key' }).click();
  await expect(page.getByText('This key is disabled')).toBeVisible();
  await expectAccessible(page, 'a disabled key');
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await expect(page.getByText('This key is disabled')).toBeHidden();

  await choose('Schedule deletion');
  const dialog = page.getByRole('dialog', { name: "Schedule the key's deletion" });
  await expect(dialog).toContainText('1 alias goes with it: alias/leaving');
  await expect(dialog).toContainText('1 call used it in the last 30 days: 1 Encrypt');
  const confirm = dialog.getByRole('button', { name: 'Schedule deletion' });
  await dialog.getByRole('textbox', { name: /^Type/ }).fill('leavin');
  await expect(confirm).toBeDisabled();
  await dialog.getByRole('textbox', { name: /^Type/ }).fill('leaving');
  await dialog.getByLabel('Waiting period in days').fill('6');
  await confirm.click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Waiting period in days').fill('7');
  await expectAccessible(page, 'the deletion');
  await confirm.click();
  await expect(page.getByText('This key will be deleted')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Life line' })).toContainText('kept until the deletion');
  await page.getByRole('button', { name: 'Cancel deletion' }).click();
  await expect(page.getByText('This key is disabled')).toBeVisible();
});

test("a key's activity opens in the record", async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'looked-at');
  await callKms(page, 'GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
  for (const tab of ['overview', 'use', 'rotation', 'names', 'policy', 'activity']) {
    await app.go(`/keys/${KeyId}/${tab}`);
    await expect(page.getByRole('tabpanel')).not.toBeEmpty();
    if (tab === 'activity') await page.getByRole('table', { name: 'Records of the key' }).waitFor();
  }
  const records = page.getByRole('table', { name: 'Records of the key' });
  // Newest first, and not what the window read to draw itself.
  await expect(records.getByRole('link')).toHaveText(['GenerateDataKey', 'CreateAlias', 'CreateKey']);
  await records.getByRole('link', { name: 'GenerateDataKey' }).click();
  await expect(page.getByRole('complementary', { name: 'Record' })).toContainText('GenerateDataKey');
});

test('ten thousand keys are a list of a few rows', async () => {
  // So many keys take a while to make.
  test.setTimeout(400_000);
  const app = await openApp(window.app.shell, { prepare: (home) => makeFullVault(home, PASSPHRASE, 10_000) });
  try {
    const { page } = app;
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await expect(page.getByText('10,000 keys in')).toBeVisible({ timeout: 30_000 });
    const grid = page.getByRole('grid', { name: 'Keys' });
    await expect(grid).toHaveAttribute('aria-rowcount', '10001');
    const rows = grid.getByRole('row');
    expect(await rows.count()).toBeLessThan(60);
    await rows.nth(1).focus();
    await page.keyboard.press('End');
    await expect(grid.locator('tr[aria-rowindex="10001"]')).toBeFocused();
    expect(await rows.count()).toBeLessThan(60);
    // All of them selected, their ids are no text to read.
    await page.getByRole('checkbox', { name: /^Select all/ }).check();
    const bar = page.getByRole('group', { name: 'Selected keys' });
    await expect(bar).toContainText('10,000 selected');
    await bar.getByRole('button', { name: 'Show as CLI / SDK' }).click();
    await expect(page.getByLabel('AWS CLI commands', { exact: true })).toContainText('$(cat key-ids.txt)');
    await expect(page.getByText('key-ids.txt has the ids of the 10,000 keys')).toBeVisible();
    await page.getByRole('button', { name: 'Copy the ids' }).click();
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    await page.keyboard.press('Escape');
    await bar.getByRole('button', { name: 'Clear the selection' }).click();
    await page.getByLabel('Filter keys').fill('shelf-77');
    await expect(page.getByText('111 of 10,000 keys')).toBeVisible();
    await page.getByLabel('Filter keys').fill('key-7777');
    await expect(grid.getByRole('link')).toHaveText(['key-7777']);
  } finally {
    await app.close();
  }
});

test('nothing of the keys stays in the page after lock', async () => {
  const { app, page } = window;
  await app.go('/keys');
  await expect(page.getByRole('grid', { name: 'Keys' })).toBeVisible();
  await page.getByRole('button', { name: 'Lock' }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
  const left = await page.content();
  for (const secret of ['wizard/made', 'arn:aws', "Ada's letters"]) expect(left).not.toContain(secret);
});
