import { expect } from '@playwright/test';
import { callKms, chooseAction, expectAccessible, makeKey, notice, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

const DAY_MS = 86_400_000;
const month = (time: number) =>
  new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' }).format(new Date(time));

test('the calendar says what comes for the keys, by month, by day and by kind', async () => {
  const { app, page } = window;
  await app.go('/keys/calendar');
  await expect(page.getByText('Nothing is coming')).toBeVisible();
  const turning = await makeKey(page, 'turning');
  await callKms(page, 'EnableKeyRotation', { KeyId: turning, RotationPeriodInDays: 90 });
  const leaving = await makeKey(page, 'leaving');
  await callKms(page, 'ScheduleKeyDeletion', { KeyId: leaving, PendingWindowInDays: 7 });

  const today = Date.now();
  const agenda = page.getByRole('region', { name: 'Agenda' });
  await expect(page.getByRole('grid', { name: month(today) })).toBeVisible();
  // The deletion may be in the month after: the strip of months leads there.
  const months = page.getByRole('list', { name: 'The next twelve months' });
  await months.getByRole('button', { name: month(today + 7 * DAY_MS) }).click();
  await expect(page.getByRole('grid', { name: month(today + 7 * DAY_MS) })).toBeVisible();
  await expect(agenda.getByRole('link', { name: 'leaving' })).toBeVisible();
  await expect(agenda).toContainText('Is deleted for good in');
  await page
    .getByRole('grid')
    .getByRole('button', { name: /: 1 deletion$/ })
    .click();
  await expect(agenda.getByRole('listitem')).toHaveCount(1);
  await expectAccessible(page, 'the calendar');

  // By keyboard: PageDown goes by months to the rotation in 90 days, and the one 90 days later is foretold.
  await months.getByRole('button').first().click();
  const days = page.getByRole('grid').getByRole('button');
  await days.and(page.locator('[aria-current="date"]')).focus();
  const rotation = page.getByRole('grid').getByRole('button', { name: /: 1 rotation$/ });
  await expect(async () => {
    if (!(await rotation.isVisible())) await page.keyboard.press('PageDown');
    await expect(rotation).toBeVisible({ timeout: 500 });
  }).toPass();
  await agenda.getByText('Deletions', { exact: true }).click();
  await expect(agenda).toContainText('Nothing is coming in');
  await agenda.getByText('Rotations', { exact: true }).click();
  await agenda.getByRole('link', { name: 'turning' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'turning' })).toBeVisible();

  const sheet = page.getByRole('table', { name: 'Rotations by year and month' });
  await expect(sheet.getByRole('img', { name: /^Created on/ })).toBeVisible();
  await expect(sheet.getByRole('img', { name: /^Will rotate on/ })).toHaveCount(3);
  await callKms(page, 'RotateKeyOnDemand', { KeyId: turning });
  await expect(sheet.getByRole('img', { name: /^Rotated on .*on demand$/ })).toBeVisible();
  await expectAccessible(page, "a key's years");
});

test('the map shows where a key is, and leads to replicating it', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'travelling', { MultiRegion: true });
  const region = await page.getByRole('combobox', { name: 'Region' }).inputValue();
  await app.go(`/keys/${KeyId}/regions`);
  const map = page.getByRole('group', { name: 'Map of the Regions' });
  await expect(
    map.getByRole('button', { name: new RegExp(`^${region}, .*: primary, Enabled, you are here$`) }),
  ).toBeVisible();
  await map.getByRole('button', { name: /^eu-west-1, Ireland: .* Replicate it there$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Replicate travelling' });
  await expect(dialog.getByLabel('Region for the replica')).toHaveValue('eu-west-1');
  await dialog.getByRole('button', { name: 'Replicate', exact: true }).click();
  const replica = map.getByRole('button', { name: /^eu-west-1, Ireland: replica/ });
  await expect(replica).toBeVisible();
  // The arrow keys go from Region to Region; only one is in the tab order.
  await expect(map.locator('button[tabindex="0"]')).toHaveCount(1);
  await map.locator('button[tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(map.locator('button:focus')).toHaveAccessibleName(/^ca-central-1, Canada/);
  await expectAccessible(page, 'the map');
  await replica.click();
  await page.getByRole('menuitem', { name: 'Open it in eu-west-1' }).click();
  await expect(page.getByRole('combobox', { name: 'Region' })).toHaveValue('eu-west-1');
  await expect(map.getByRole('button', { name: /^eu-west-1, .*you are here$/ })).toBeVisible();
});

test('what depends on a key is named before it is disabled or deleted, and for several at once', async () => {
  const { app, page } = window;
  const region = page.getByRole('combobox', { name: 'Region' });
  if ((await region.inputValue()) !== 'us-east-1') {
    await region.click();
    await page.getByRole('option', { name: 'us-east-1' }).click();
  }
  const needed = await makeKey(page, 'needed', {
    Tags: [
      { TagKey: 'kept', TagValue: 'yes' },
      { TagKey: 'team', TagValue: 'red' },
    ],
  });
  const idle = await makeKey(page, 'needed-by-nobody');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId: needed });
  const root = `arn:aws:iam::${KeyMetadata.AWSAccountId}:root`;
  await callKms(page, 'CreateGrant', { KeyId: needed, GranteePrincipal: root, Operations: ['Decrypt'] });
  await callKms(page, 'Encrypt', { KeyId: needed, Plaintext: new Uint8Array([1]) });
  await app.go(`/keys/${needed}`);
  await chooseAction(page, 'Disable key');
  const disable = page.getByRole('dialog', { name: 'Disable the key' });
  await expect(disable).toContainText('1 grant does nothing meanwhile: for the root of account');
  await expect(disable).toContainText('1 call used it in the last 30 days: 1 Encrypt.');
  await disable.getByRole('button', { name: 'Leave it' }).click();

  await app.go('/keys');
  await page.getByLabel('Filter keys').fill('needed');
  const rows = page.getByRole('grid', { name: 'Keys' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  // Shift takes the row one comes from and the one one comes to.
  await rows.nth(1).focus();
  await page.keyboard.press('Shift+ArrowDown');
  const bar = page.getByRole('group', { name: 'Selected keys' });
  await expect(bar).toContainText('2 selected');
  const more = async (name: RegExp) => {
    await bar.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await more(/^Tag 2 keys/);
  const tags = page.getByRole('dialog', { name: 'Tag 2 keys' });
  await tags.getByLabel('Name of tag 1').fill('team');
  await tags.getByLabel('Value of tag 1').fill('blue');
  // One of the two has a tag of that name and another: taken back, both have what they had.
  const tagsOf = async (KeyId: string) =>
    (await callKms(page, 'ListResourceTags', { KeyId })).Tags.map(
      ({ TagKey, TagValue }) => `${TagKey}=${TagValue}`,
    ).sort();
  await tags.getByRole('button', { name: 'Save tags' }).click();
  await expect.poll(() => tagsOf(idle)).toEqual(['team=blue']);
  await expect.poll(() => tagsOf(needed)).toEqual(['kept=yes', 'team=blue']);
  await notice(page, '2 keys tagged.').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => tagsOf(idle)).toEqual([]);
  await expect.poll(() => tagsOf(needed)).toEqual(['kept=yes', 'team=red']);
  await more(/^Set the rotation of 2 keys/);
  const rotation = page.getByRole('dialog', { name: 'Rotation of 2 keys' });
  await rotation.getByLabel('Rotation period in days').fill('89');
  await expect(rotation.getByRole('button', { name: 'Save' })).toBeDisabled();
  await rotation.getByLabel('Rotation period in days').fill('120');
  await rotation.getByRole('button', { name: 'Save' }).click();
  await expect(rows.nth(1)).toContainText('Every 120 days');
  await expect(rows.nth(2)).toContainText('Every 120 days');

  await more(/^Schedule the deletion of 2 keys/);
  const dialog = page.getByRole('dialog', { name: 'Schedule the deletion of 2 keys' });
  const losses = dialog.getByRole('group', { name: 'What depends on them' });
  await expect(losses).toContainText('1 grant ends with it');
  await expect(losses).toContainText('alias/needed-by-nobody');
  await expectAccessible(page, 'the deletion of several keys');
  await dialog.getByRole('textbox', { name: /^Type/ }).fill('delete 2 keys');
  await dialog.getByRole('button', { name: 'Schedule deletion' }).click();
  await expect(rows.nth(1)).toContainText('Pending deletion');
  await expect(rows.nth(2)).toContainText('Pending deletion');
  await more(/^Cancel the deletion of 2 keys/);
  await expect(rows.nth(1)).toContainText('Disabled');

  // One that refuses does not keep the others, and is named.
  await callKms(page, 'PutKeyPolicy', {
    KeyId: needed,
    PolicyName: 'default',
    BypassPolicyLockoutSafetyCheck: true,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' },
        { Effect: 'Deny', Principal: { AWS: root }, Action: 'kms:EnableKey', Resource: '*' },
      ],
    }),
  });
  await bar.getByRole('button', { name: 'Enable 2' }).click();
  const report = page.getByRole('dialog', { name: 'Not every key' });
  await expect(report).toContainText('1 key enabled, 1 key not');
  await expect(report.getByRole('list', { name: 'Keys that failed' })).toContainText('needed: AccessDeniedException');
  await expectAccessible(page, 'what failed');
  await report.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(bar).toContainText('1 selected');
  await expect(rows.nth(2)).toContainText('Enabled');
  await rows.nth(1).focus();
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
});
