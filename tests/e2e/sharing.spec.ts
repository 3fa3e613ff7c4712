import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { defaultKeyPolicy } from '../../src/shared/iam/default-policy.ts';
import { DROP, filesScreen } from '../support/files-screen.ts';
import {
  actAs,
  backToOwner,
  callIam,
  callKms,
  chooseAction,
  expectAccessible,
  makeKey,
  notice,
  testsInOneWindow,
} from '../support/window.ts';

const { test, window } = testsInOneWindow('own');
const { review, jobs, start, allFinished, workIn, finish } = filesScreen(window);

/** Encrypts a new file under a key, with a pair in its context if one is given; the original goes. Answers the result's path. */
async function encryptUnder(key: string, file: string, content: string, purpose?: string): Promise<string> {
  const { app, page } = window;
  await writeFile(file, content);
  await finish();
  await app.drop(DROP, [file]);
  await review().getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: key, exact: true }).click();
  if (purpose !== undefined) {
    await review()
      .getByRole('button', { name: /^More choices/ })
      .click();
    await page.getByRole('button', { name: 'Add a pair' }).click();
    await page.getByLabel('Name of pair 1').fill('purpose');
    await page.getByLabel('Value of pair 1').fill(purpose);
  }
  await start(new RegExp(`^Encrypt 1 item with ${key}$`));
  await allFinished(1);
  await rm(file);
  return `${file}.encrypted`;
}

/** Tries to open a file, and waits until that is over. */
async function decrypt(sealed: string): Promise<void> {
  await finish();
  await window.app.drop(DROP, [sealed]);
  await start(/^Decrypt 1 file$/);
  await allFinished(1);
}

const ends = (state: 'Done' | 'Failed') => expect(jobs().getByText(state, { exact: true })).toBeVisible();

test('an account opens a file encrypted under another account’s key only when both sides allow it', async () => {
  const { app, page } = window;
  const folder = await workIn('sharing');
  const file = path.join(folder, 'plan.txt');
  const KeyId = await makeKey(page, 'shared');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  const { Arn = '', AWSAccountId: accountA = '' } = KeyMetadata;
  const sealed = await encryptUnder('shared', file, 'for both of us');

  const accountB = '444455556666';
  await callIam(page, 'CreateAccount', { AccountId: accountB });
  await callIam(page, 'CreateUser', { UserName: 'bob' }, accountB);
  const setKey = (more: readonly object[]) =>
    callKms(page, 'PutKeyPolicy', {
      KeyId,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [...JSON.parse(defaultKeyPolicy(accountA)).Statement, ...more],
      }),
    });
  const setBob = (Action: string) =>
    callIam(
      page,
      'PutUserPolicy',
      {
        UserName: 'bob',
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action, Resource: Arn }],
        }),
      },
      accountB,
    );
  const share = { Effect: 'Allow', Principal: { AWS: accountB }, Action: 'kms:Decrypt', Resource: '*' };
  const attempts: readonly [key: readonly object[], own: string, opened: boolean, why: string][] = [
    [[], 'kms:Decrypt', false, 'no resource-based policy allows'],
    [[share], 'kms:DescribeKey', false, 'no identity-based policy allows'],
    [[share], 'kms:Decrypt', true, ''],
  ];
  for (const [key, own, opened, why] of attempts) {
    await setKey(key);
    await setBob(own);
    await actAs(page, 'bob');
    await decrypt(sealed);
    await ends(opened ? 'Done' : 'Failed');
    if (opened) expect(await readFile(file, 'utf8')).toBe('for both of us');
    else {
      await expect(jobs()).toContainText(why);
      await jobs().getByRole('button', { name: 'Why?' }).click();
      await expect(jobs()).toContainText('kms:Decrypt');
      expect(await readdir(folder)).toEqual(['plan.txt.encrypted']);
    }
    await backToOwner(page);
  }
  // Whoever reads the record sees who opened it, from which account.
  await app.go('/activity');
  await expect(page.getByRole('region', { name: 'Records' })).toContainText('bob');
});

const dialog = () => window.page.getByRole('dialog', { name: 'Share what this key encrypts' });
const sharedWith = () => dialog().getByRole('region', { name: 'Shared with' });

/** Shares what is encrypted with the pairs of the file on the list, and only that. */
async function shareWith(arn: string, file: string, look?: () => Promise<void>): Promise<void> {
  const { page } = window;
  await review()
    .getByRole('button', { name: `Share ${file}` })
    .click();
  await dialog().getByLabel('With', { exact: true }).fill(arn);
  await page.keyboard.press('Tab');
  await dialog().getByRole('switch', { name: 'Only files with certain pairs' }).check();
  await look?.();
  await dialog().getByRole('button', { name: 'Share', exact: true }).click();
  await expect(dialog().getByRole('status')).toContainText('Shared with user carol');
}

/** Takes the share back on the key's page. */
async function stopSharing(): Promise<void> {
  const { page } = window;
  await chooseAction(page, 'Share…');
  await expect(sharedWith()).toContainText('only with purpose=taxes');
  await dialog().getByRole('button', { name: 'Stop sharing with user carol of account 777788889999' }).click();
  await dialog().getByRole('button', { name: 'Stop now' }).click();
  await expect(sharedWith()).toBeHidden();
  // The focus has gone on, not into the field that would open its choices and take Escape for them.
  await expect(dialog().getByRole('switch')).toBeFocused();
  await page.keyboard.press('Escape');
}

test('sharing a file is one act for both sides, limited to its context, and taken back as simply', async () => {
  const { app, page } = window;
  const accountC = '777788889999';
  const carol = `arn:aws:iam::${accountC}:user/carol`;
  await callIam(page, 'CreateAccount', { AccountId: accountC });
  await callIam(page, 'CreateUser', { UserName: 'carol' }, accountC);
  const KeyId = await makeKey(page, 'household');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  const folder = await workIn('one act');
  const file = path.join(folder, 'taxes.txt');
  const taxes = await encryptUnder('household', file, 'taxes', 'taxes');
  const other = await encryptUnder('household', path.join(folder, 'other.txt'), 'other', 'other');
  const before = (await callKms(page, 'GetKeyPolicy', { KeyId })).Policy;
  const carols = async () => {
    const { PolicyNames } = await callIam(page, 'ListUserPolicies', { UserName: 'carol' }, accountC);
    return PolicyNames.length;
  };
  const expectAsBefore = async () => {
    const { Policy } = await callKms(page, 'GetKeyPolicy', { KeyId });
    expect(JSON.parse(Policy)).toEqual(JSON.parse(before));
    expect(await carols()).toBe(0);
  };

  await app.drop(DROP, [taxes]);
  await review().getByRole('button', { name: 'Share taxes.txt.encrypted' }).click();
  await dialog().getByLabel('With', { exact: true }).fill('nobody');
  await expect(dialog()).toContainText('An account has 12 digits');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await shareWith(carol, 'taxes.txt.encrypted', async () => {
    await expect(dialog().getByLabel('Value of pair 1')).toHaveValue('taxes');
    await expect(dialog().getByRole('region', { name: 'Changes of the key policy' })).toContainText(
      'Shared with user carol of account 777788889999',
    );
    await expect(dialog()).toContainText('this policy is put on the other side in the same step');
    await expectAccessible(page, 'sharing');
  });
  expect(await carols()).toBe(1);
  await dialog().getByRole('button', { name: 'Done' }).click();
  const shared = notice(page, 'Key shared');
  await expect(shared.getByRole('link', { name: 'Record' })).toBeVisible();
  await shared.getByRole('button', { name: 'Undo' }).click();
  await expect(notice(page, 'Undone')).toContainText('Take back the share with user carol');
  await expectAsBefore();
  await shareWith(carol, 'taxes.txt.encrypted');
  await expect(dialog()).toContainText(`key=${KeyMetadata.Arn}`);
  await dialog().getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Clear the list' }).click();

  await actAs(page, 'carol');
  await decrypt(taxes);
  await ends('Done');
  expect(await readFile(file, 'utf8')).toBe('taxes');
  await decrypt(other);
  await ends('Failed');
  await backToOwner(page);

  await app.go(`/keys/${KeyId}`);
  await stopSharing();
  const stopped = notice(page, 'No longer shared');
  await expect(stopped.getByRole('link', { name: 'Record' })).toBeVisible();
  await stopped.getByRole('button', { name: 'Undo' }).click();
  await expect(notice(page, 'Undone')).toContainText('Share again with user carol');
  expect(await carols()).toBe(1);
  await stopSharing();
  await expectAsBefore();
});
