import { expect } from '@playwright/test';
import {
  callKms,
  chooseAction,
  expectAccessible,
  makeKey,
  notice as noticeIn,
  testsInOneWindow,
} from '../support/window.ts';

// What is said of an act: its record, and the way back.
const { test, window } = testsInOneWindow('first');

const notice = (text: string) => noticeIn(window.page, text);
const noField = () => window.page.getByRole('heading', { level: 1 }).click();

const choose = (action: string) => chooseAction(window.page, action);

test('a key is disabled and enabled again from the notice, and the notice leads to the record', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'switched');
  await app.go(`/keys/${KeyId}`);
  await choose('Disable key');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable key' }).click();
  await expect(page.getByText('This key is disabled')).toBeVisible();
  await expect(notice('Key disabled').getByRole('link', { name: 'Record' })).toBeVisible();
  await notice('Key disabled').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('This key is disabled')).toBeHidden();
  expect((await callKms(page, 'DescribeKey', { KeyId })).KeyMetadata.KeyState).toBe('Enabled');

  // By keyboard: F8 goes into the newest notice.
  await expect(notice('Undone')).toContainText('Enable switched again: done.');
  await page.keyboard.press('F8');
  await expect(notice('Undone').getByRole('link', { name: 'Record' })).toBeFocused();
  await page.keyboard.press('Enter');
  const record = page.getByRole('complementary').or(page.getByRole('region')).filter({ hasText: 'EnableKey' });
  await expect(record.first()).toBeVisible();
  expect(new URL(page.url()).hash).toMatch(/^#\/activity\/[0-9a-f-]{36}$/);
});

test('the last act is taken back by Ctrl+Z outside of fields, and once only', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'told', { Description: 'as it was' });
  await app.go(`/keys/${KeyId}`);
  const shown = page.getByRole('tabpanel', { name: 'Overview' });
  await choose('Edit description');
  const field = page.getByRole('textbox', { name: 'Description' });
  await field.fill('as it is now');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(shown.getByText('as it is now')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('undo');
  await expect(page.getByRole('button', { name: 'Undo: Put back the description of told' })).toBeVisible();
  // In a field it is the field's.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Search for a key, a screen or a command')).toHaveCount(0);
  await expect(shown.getByText('as it is now')).toBeVisible();
  await noField();
  await page.keyboard.press('Control+z');
  await expect(shown.getByText('as it was')).toBeVisible();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('undo');
  await expect(page.getByText('Nothing has that name.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(shown.getByText('as it was')).toBeVisible();
});

test('a scheduled deletion, tags and rotation are taken back as they were', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'kept', { Tags: [{ TagKey: 'team', TagValue: 'a' }] });
  await app.go(`/keys/${KeyId}`);
  await choose('Schedule deletion');
  const dialog = page.getByRole('dialog', { name: "Schedule the key's deletion" });
  await dialog.getByRole('textbox', { name: /^Type/ }).fill('kept');
  await dialog.getByRole('button', { name: 'Schedule deletion' }).click();
  await expect(page.getByText('This key will be deleted')).toBeVisible();
  await notice('Deletion scheduled').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('This key will be deleted')).toBeHidden();
  await expect(page.getByText('This key is disabled')).toBeHidden();

  await app.go(`/keys/${KeyId}/names`);
  const tags = page.getByRole('region', { name: 'Tags of the key' });
  await tags.getByRole('textbox', { name: /value/i }).first().fill('b');
  await tags.getByRole('button', { name: 'Save tags' }).click();
  await notice('The tags are saved.').getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(async () => (await callKms(page, 'ListResourceTags', { KeyId })).Tags)
    .toEqual([{ TagKey: 'team', TagValue: 'a' }]);

  await app.go(`/keys/${KeyId}/rotation`);
  const rotation = page.getByRole('region', { name: 'Automatic rotation' });
  await rotation.getByRole('switch').click({ force: true });
  await rotation.getByRole('button', { name: /^Save/ }).click();
  await notice('The key rotates every').getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(async () => (await callKms(page, 'GetKeyRotationStatus', { KeyId })).KeyRotationEnabled)
    .toBe(false);
});

test('what was changed again since is left alone, and said', async () => {
  const { app, page } = window;
  const mine = await makeKey(page, 'mine');
  const other = await makeKey(page, 'other');
  await app.go(`/keys/${mine}/names`);
  await page.getByRole('textbox', { name: 'New alias' }).fill('shared-name');
  await page.getByRole('button', { name: 'Add alias' }).click();
  await expect(notice('Alias added')).toBeVisible();
  await callKms(page, 'UpdateAlias', { AliasName: 'alias/shared-name', TargetKeyId: other });
  await notice('Alias added').getByRole('button', { name: 'Undo' }).click();
  await expect(notice('ChangedSince')).toContainText('The alias was changed again since');
  expect((await callKms(page, 'DescribeKey', { KeyId: 'alias/shared-name' })).KeyMetadata.KeyId).toBe(other);
  await expectAccessible(page, 'after a refused undo');
});

test('what is done to several keys has its record; what of it cannot be taken back is named, and the rest can', async () => {
  const { app, page } = window;
  const [one, two] = [await makeKey(page, 'several-1'), await makeKey(page, 'several-2')];
  const state = async (KeyId: string) => (await callKms(page, 'DescribeKey', { KeyId })).KeyMetadata.KeyState;
  await app.go('/keys');
  await page.getByLabel('Filter keys').fill('several');
  for (const name of ['several-1', 'several-2']) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
  const bar = page.getByRole('group', { name: 'Selected keys' });
  await bar.getByRole('button', { name: 'Disable 2' }).click();
  const done = notice('2 keys disabled.');
  await expect(done.getByRole('link', { name: 'Record' })).toBeVisible();
  await callKms(page, 'ScheduleKeyDeletion', { KeyId: one });
  await done.getByRole('button', { name: 'Undo' }).click();
  const report = notice('PartlyUndone');
  await expect(report).toContainText('Enable again: done for 1 of 2 keys. several-1: ');
  expect([await state(one), await state(two)]).toEqual(['PendingDeletion', 'Enabled']);
  await callKms(page, 'CancelKeyDeletion', { KeyId: one });
  await noField();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('group', { name: 'Undone' })).toContainText('Enable again: 1 key: done.');
  expect(await state(one)).toBe('Enabled');
  await report.getByRole('button').click();
  await bar.getByRole('button', { name: 'Clear the selection' }).click();
});

test('an act that cannot be taken back is the last one all the same; copying is no act', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'last-act');
  const offered = async () => {
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search for a key, a screen or a command').fill('undo');
    const found = page.getByRole('button', { name: /^Undo: / });
    await expect(found.or(page.getByText('Nothing has that name.'))).toBeVisible();
    const titles = await found.allTextContents();
    await page.keyboard.press('Escape');
    return titles;
  };
  await app.go(`/keys/${KeyId}`);
  await choose('Disable key');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable key' }).click();
  await expect(notice('Key disabled')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('copy the id');
  await page.keyboard.press('Enter');
  await expect(notice('is on the clipboard.')).toBeVisible();
  expect(await offered()).toHaveLength(1);

  await callKms(page, 'ScheduleKeyDeletion', { KeyId });
  await app.go('/keys');
  await page.getByLabel('Filter keys').fill('last-act');
  await page.getByRole('checkbox', { name: 'Select last-act' }).check();
  const bar = page.getByRole('group', { name: 'Selected keys' });
  await bar.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: /^Cancel the deletion of 1 key/ }).click();
  await expect(notice('1 key kept, and disabled.').getByRole('link', { name: 'Record' })).toBeVisible();
  expect(await offered()).toEqual([]);
  await bar.getByRole('button', { name: 'Clear the selection' }).click();
});

test('a new grant is revoked again, unless there was the same before', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'granting');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  const ada = `arn:aws:iam::${KeyMetadata.AWSAccountId}:user/ada`;
  const grants = async () => (await callKms(page, 'ListGrants', { KeyId })).Grants.length;
  const create = async (name: string) => {
    await page.getByRole('button', { name: 'Create grant' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a grant' });
    await dialog.getByLabel('For', { exact: true }).fill(ada);
    await dialog.getByRole('checkbox', { name: 'Decrypt', exact: true }).check();
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByRole('button', { name: 'Create grant' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(notice('Grant created').getByRole('link', { name: 'Record' })).toBeVisible();
  };
  await app.go(`/keys/${KeyId}/grants`);
  await create('');
  await notice('Grant created').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(grants).toBe(0);
  await create('once');
  await expect(page.getByRole('table', { name: 'Grants' })).toContainText('once');
  await create('once');
  await expect(notice('Grant created').getByRole('button', { name: 'Undo' })).toHaveCount(0);
  expect(await grants()).toBe(1);
});
