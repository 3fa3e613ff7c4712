import { expect } from '@playwright/test';
import {
  actAs,
  backToOwner,
  callIam,
  callKms,
  expectAccessible,
  makeKey,
  notice,
  testsInOneWindow,
} from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

test('a multi-Region key is replicated, followed to the other Region and made primary there', async () => {
  const { app, page } = window;
  const region = page.getByRole('combobox', { name: 'Region', exact: true });
  const here = await region.inputValue();
  const KeyId = await makeKey(page, 'everywhere', { MultiRegion: true, Description: 'both shores' });
  const { CiphertextBlob } = await callKms(page, 'Encrypt', { KeyId, Plaintext: new Uint8Array([1, 2]) });
  await callKms(page, 'EnableKeyRotation', { KeyId });
  await app.go(`/keys/${KeyId}`);
  await page.getByRole('tab', { name: 'Regions' }).click();
  const places = page.getByRole('table', { name: 'Regions of the key' });
  await expect(places.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Replicate to a Region' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replicate everywhere' });
  await dialog.getByRole('combobox', { name: 'Region for the replica' }).fill('ap-south');
  await page.getByRole('option', { name: 'ap-south-1' }).click();
  await expectAccessible(page, 'replicating');
  await dialog.getByRole('button', { name: 'Replicate', exact: true }).click();
  await expect(places.getByRole('row', { name: /ap-south-1/ })).toContainText('Replica');
  await expect(places.getByRole('row', { name: /ap-south-1/ })).toContainText('Enabled', { timeout: 20_000 });
  await expectAccessible(page, 'the Regions');

  await page.getByRole('button', { name: 'Open it in ap-south-1' }).click();
  await expect(region).toHaveValue('ap-south-1');
  await expect(places.getByRole('row', { name: /ap-south-1/ })).toContainText('You are here');
  expect((await callKms(page, 'Decrypt', { CiphertextBlob })).Plaintext).toEqual(new Uint8Array([1, 2]));
  // Its rotation is the primary key's: nothing is offered that would be refused.
  await page.getByRole('tab', { name: 'Rotation' }).click();
  const rotation = page.getByRole('region', { name: 'Rotation of the primary key' });
  await expect(rotation).toContainText(`the rotation of its primary key in ${here} applies to it`);
  await expect(rotation).toContainText('The primary key rotates every 365 days.');
  await expect(page.getByRole('switch', { name: 'Automatic rotation' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Rotate now' })).toBeHidden();
  await expect(page.getByRole('table', { name: 'Key materials' })).toContainText('Current');
  await expectAccessible(page, "a replica's rotation");
  await rotation.getByRole('button', { name: `Open the rotation in ${here}` }).click();
  await expect(region).toHaveValue(here);
  await expect(page.getByRole('switch', { name: 'Automatic rotation' })).toBeChecked();
  await region.click();
  await page.getByRole('option', { name: 'ap-south-1' }).click();
  await app.go(`/keys/${KeyId}/rotation`);
  await rotation.getByRole('link', { name: 'Regions of the key' }).click();
  await page.getByRole('button', { name: 'Make ap-south-1 the primary Region' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make primary' }).click();
  await expect(places.getByRole('row', { name: /ap-south-1/ })).toContainText('Primary');
  await expect(places.getByRole('row', { name: new RegExp(here) })).toContainText('Replica');
  const moved = notice(page, 'The primary key is in ap-south-1 now');
  await expect(moved.getByRole('link', { name: 'Record' })).toBeVisible();
  await moved.getByRole('button', { name: 'Undo' }).click();
  await expect(places.getByRole('row', { name: new RegExp(here) })).toContainText('Primary');
  await page.getByRole('button', { name: `Open it in ${here}` }).click();
  await expect(region).toHaveValue(here);
});

test('a grant is made with a constraint, listed and revoked', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'granted');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  const ada = `arn:aws:iam::${KeyMetadata.AWSAccountId}:user/ada`;
  await app.go(`/keys/${KeyId}/grants`);
  await expectAccessible(page, 'no grants');
  await page.getByRole('button', { name: 'Create grant' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a grant' });
  const create = dialog.getByRole('button', { name: 'Create grant' });
  await dialog.getByLabel('For', { exact: true }).fill('ada');
  await dialog.getByRole('checkbox', { name: 'Decrypt', exact: true }).check();
  await create.click();
  await expect(dialog.getByRole('alert')).toContainText('InvalidArnException');
  await dialog.getByLabel('For', { exact: true }).fill(ada);
  await dialog.getByRole('combobox', { name: 'Only when' }).click();
  await page.getByRole('option', { name: 'The encryption context has these pairs' }).click();
  await expect(create).toBeDisabled();
  await dialog.getByRole('button', { name: 'Add a pair' }).click();
  await dialog.getByLabel('Name of pair 1').fill('room');
  await dialog.getByLabel('Value of pair 1').fill('garden');
  await expectAccessible(page, 'a new grant');
  await create.click();
  await expect(dialog.getByRole('status')).toContainText('The grant is made');
  await dialog.getByRole('button', { name: 'Done' }).click();
  const grants = page.getByRole('table', { name: 'Grants' });
  await expect(grants).toContainText('the context has room=garden');
  await expectAccessible(page, 'the grants');
  const { Grants } = await callKms(page, 'ListGrants', { KeyId });
  expect(Grants).toMatchObject([
    {
      GranteePrincipal: ada,
      Operations: ['Decrypt'],
      Constraints: { EncryptionContextSubset: { room: 'garden' } },
    },
  ]);
  await page.getByRole('button', { name: 'Revoke the grant for user/ada' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke grant' }).click();
  await expect(page.getByText('No grants on this key')).toBeVisible();
});

test('a grant is retired by whom it names, who finds it without seeing the key', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'lent');
  const { User } = await callIam(page, 'CreateUser', { UserName: 'janitor' });
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'kms:ListRetirableGrants', Resource: '*' }],
  });
  await callIam(page, 'PutUserPolicy', { UserName: 'janitor', PolicyName: 'ends-grants', PolicyDocument });
  const account = User.Arn.split(':')[4];
  const grantTo = (name: string, RetiringPrincipal?: string) =>
    callKms(page, 'CreateGrant', {
      KeyId,
      GranteePrincipal: `arn:aws:iam::${account}:user/${name}`,
      Operations: ['Decrypt'],
      ...(RetiringPrincipal ? { RetiringPrincipal } : {}),
    });
  await grantTo('guest', User.Arn);
  await grantTo('stranger');
  await actAs(page, 'janitor');
  await app.go('/access/grants');
  const table = page.getByRole('table', { name: 'Grants to retire' });
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table.getByRole('row').nth(1)).toContainText('user/guest');
  await expectAccessible(page, 'grants to retire');
  await table.getByRole('button', { name: 'Retire the grant for user/guest' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retire the grant' });
  await expectAccessible(page, 'retiring');
  await dialog.getByRole('button', { name: 'Retire grant' }).click();
  await expect(notice(page, 'Grant retired')).toBeVisible();
  await expect(page.getByText('No grant to retire')).toBeVisible();

  // The root of the account that made a grant may retire it, on the key's page, and revoke it.
  await backToOwner(page);
  await app.go(`/keys/${KeyId}/grants`);
  const grants = page.getByRole('table', { name: 'Grants' });
  await expect(grants.getByRole('row')).toHaveCount(2);
  await expect(grants.getByRole('button', { name: 'Revoke the grant for user/stranger' })).toBeVisible();
  await grants.getByRole('button', { name: 'Retire the grant for user/stranger' }).click();
  await dialog.getByRole('button', { name: 'Retire grant' }).click();
  await expect(page.getByText('No grants on this key')).toBeVisible();
  const { Events } = await callKms(page, 'LookupEvents', { EventNames: ['RetireGrant'] });
  expect(Events).toHaveLength(2);
});

test('a primary key that waits for its replicas says so and can be kept', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'waiting', { MultiRegion: true });
  await callKms(page, 'ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-3' });
  await callKms(page, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  await app.go(`/keys/${KeyId}`);
  await expect(page.getByText('This key will be deleted after its replicas')).toBeVisible();
  await expectAccessible(page, 'a key that waits for its replicas');
  await page.getByRole('button', { name: 'Cancel deletion' }).click();
  await expect(page.getByText('This key is disabled')).toBeVisible();
});
