import { expect } from '@playwright/test';
import { PASSPHRASE } from '../support/app.ts';
import { callIam, callKms, expectAccessibleHere, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

// Every address of the window, each with something on it, looked at by axe in both themes and on both shells. What a screen
// does, and its dialogs, have specs of their own.

test.describe.configure({ timeout: 180_000 });

async function look(route: string): Promise<void> {
  const { app, page } = window;
  await app.go(route);
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
  await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
  await expectAccessibleHere(page, route);
}

test('keys: the list, the calendar, key stores and every part of a key', async () => {
  const { page } = window;
  const full = await makeKey(page, 'full', { MultiRegion: true, Description: 'Everything a key can have' });
  await callKms(page, 'EnableKeyRotation', { KeyId: full, RotationPeriodInDays: 90 });
  await callKms(page, 'RotateKeyOnDemand', { KeyId: full });
  await callKms(page, 'ReplicateKey', { KeyId: full, ReplicaRegion: 'eu-west-3' });
  await callKms(page, 'TagResource', { KeyId: full, Tags: [{ TagKey: 'team', TagValue: 'blue' }] });
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId: full });
  const GranteePrincipal = `arn:aws:iam::${KeyMetadata.AWSAccountId}:root`;
  await callKms(page, 'CreateGrant', { KeyId: full, GranteePrincipal, Operations: ['Encrypt', 'Decrypt'] });
  const leaving = await makeKey(page, 'leaving');
  await callKms(page, 'ScheduleKeyDeletion', { KeyId: leaving });
  const imported = await makeKey(page, 'imported', { Origin: 'EXTERNAL' });
  const pair = await makeKey(page, 'pair', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const mac = await makeKey(page, 'mac', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });

  for (const route of ['/keys', '/keys/calendar', '/key-stores']) await look(route);
  for (const tab of ['overview', 'use', 'rotation', 'regions', 'names', 'policy', 'grants', 'activity'])
    await look(`/keys/${full}/${tab}`);
  for (const route of [
    `/keys/${leaving}`,
    `/keys/${imported}/import`,
    `/keys/${pair}/public-key`,
    `/keys/${pair}/use`,
    `/keys/${mac}/use`,
    '/keys/00000000-0000-0000-0000-000000000000',
  ])
    await look(route);
});

test('access and people', async () => {
  const { page } = window;
  const { User } = await callIam(page, 'CreateUser', { UserName: 'ada' });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: User.Arn }, Action: 'sts:AssumeRole' }],
  };
  await callIam(page, 'CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument: JSON.stringify(trust) });
  for (const section of ['simulator', 'key', 'people', 'grants']) await look(`/access/${section}`);
  for (const name of ['ada', 'reader', 'root']) {
    await window.app.go('/access/people');
    await page
      .getByRole('list', { name: /^People of account/ })
      .getByRole('link', { name, exact: true })
      .click();
    const parts = page.getByRole('tablist', { name: `Parts of ${name}` });
    await parts.waitFor();
    for (const tab of await parts.getByRole('tab').all()) {
      await tab.click();
      await expectAccessibleHere(page, `${name}, ${await tab.textContent()}`);
    }
  }
});

test('files, signing, activity and settings', async () => {
  const { page } = window;
  for (const route of ['/files', '/sign', '/sign/verify', '/activity']) await look(route);
  const { Events } = await callKms(page, 'LookupEvents', { MaxResults: 1 });
  await look(`/activity/${Events[0]?.EventId}`);
  for (const section of ['ways-in', 'locking', 'backup', 'endpoint', 'appearance', 'about'])
    await look(`/settings/${section}`);
  await look('/no-such-place');
});

test('the palette, and the window while it is locked', async () => {
  const { app, page } = window;
  await app.go('/keys');
  await page.keyboard.press('Control+k');
  await expect(page.getByLabel('Search for a key, a screen or a command')).toBeFocused();
  await expectAccessibleHere(page, 'the palette');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Lock' }).click();
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
  await expectAccessibleHere(page, 'locked');
  await page.getByLabel('Passphrase', { exact: true }).fill('not the passphrase');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('does not open this vault')).toBeVisible();
  await expectAccessibleHere(page, 'a wrong passphrase');
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});
