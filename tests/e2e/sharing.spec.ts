import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { defaultKeyPolicy } from '../../src/shared/iam/default-policy.ts';
import {
  actAs,
  backToOwner,
  callIam,
  callKms,
  expectAccessible,
  makeKey,
  testsInOneWindow,
} from '../support/window.ts';

const { test, window } = testsInOneWindow('own');
const DROP = 'section[aria-label="Drop files here"]';

const review = () => window.page.getByRole('region', { name: 'What will happen' });
const jobs = () => window.page.getByRole('region', { name: 'Jobs', exact: true });

/** Drops a file, does what the review offers, and waits until it is over. */
async function process(file: string, button: RegExp): Promise<void> {
  const { app, page } = window;
  await app.go('/files');
  await page.locator(DROP).waitFor();
  const clear = page.getByRole('button', { name: 'Clear finished' });
  if (await clear.isVisible()) await clear.click();
  await app.drop(DROP, [file]);
  await review().getByRole('button', { name: button }).click();
  await expect(jobs()).toContainText('1 of 1 finished', { timeout: 60_000 });
}

test('an account opens a file encrypted under another account’s key only when both sides allow it', async () => {
  const { app, page } = window;
  const folder = path.join(app.home, 'files', 'sharing');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'plan.txt');
  const sealed = `${file}.encrypted`;
  await writeFile(file, 'for both of us');
  const KeyId = await makeKey(page, 'shared');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  const { Arn = '', AWSAccountId: accountA = '' } = KeyMetadata;
  await app.go('/files');
  await page.locator(DROP).waitFor();
  await app.drop(DROP, [file]);
  await review().getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: 'shared', exact: true }).click();
  await review()
    .getByRole('button', { name: /^Encrypt 1 item with shared$/ })
    .click();
  await expect(jobs()).toContainText('1 of 1 finished');
  await rm(file);

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
    await process(sealed, /^Decrypt 1 file$/);
    await expect(jobs().getByText(opened ? 'Done' : 'Failed', { exact: true })).toBeVisible();
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

test('sharing a file is one act for both sides, limited to its context, and taken back as simply', async () => {
  const { app, page } = window;
  const folder = path.join(app.home, 'files', 'one act');
  await mkdir(folder, { recursive: true });
  const [taxes, other] = ['taxes.txt', 'other.txt'].map((name) => path.join(folder, name)) as [string, string];
  const accountC = '777788889999';
  await callIam(page, 'CreateAccount', { AccountId: accountC });
  await callIam(page, 'CreateUser', { UserName: 'carol' }, accountC);
  const KeyId = await makeKey(page, 'household');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  for (const [file, pair] of [
    [taxes, 'taxes'],
    [other, 'other'],
  ] as const) {
    await writeFile(file, pair);
    await app.go('/files');
    await page.locator(DROP).waitFor();
    await app.drop(DROP, [file]);
    await review().getByRole('combobox', { name: 'Key' }).click();
    await page.getByRole('option', { name: 'household', exact: true }).click();
    await review()
      .getByRole('button', { name: /^More choices/ })
      .click();
    await page.getByRole('button', { name: 'Add a pair' }).click();
    await page.getByLabel('Name of pair 1').fill('purpose');
    await page.getByLabel('Value of pair 1').fill(pair);
    await review()
      .getByRole('button', { name: /^Encrypt 1 item/ })
      .click();
    await expect(jobs().getByText(`${path.basename(file)}.encrypted`)).toBeVisible();
    await rm(file);
  }
  const before = (await callKms(page, 'GetKeyPolicy', { KeyId })).Policy;

  await app.drop(DROP, [`${taxes}.encrypted`]);
  await review().getByRole('button', { name: 'Share taxes.txt.encrypted' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share what this key encrypts' });
  await dialog.getByLabel('With', { exact: true }).fill('nobody');
  await expect(dialog).toContainText('An account has 12 digits');
  await dialog.getByLabel('With', { exact: true }).fill(`arn:aws:iam::${accountC}:user/carol`);
  await page.keyboard.press('Tab');
  await dialog.getByRole('switch', { name: 'Only files with certain pairs' }).check();
  await expect(dialog.getByLabel('Value of pair 1')).toHaveValue('taxes');
  await expect(dialog.getByRole('region', { name: 'Changes of the key policy' })).toContainText(
    'Shared with user carol of account 777788889999',
  );
  await expect(dialog).toContainText('this policy is put on the other side in the same step');
  await expectAccessible(page, 'sharing');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText('Shared with user carol');
  await expect(dialog).toContainText(`key=${KeyMetadata.Arn}`);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Clear the list' }).click();

  await actAs(page, 'carol');
  await process(`${taxes}.encrypted`, /^Decrypt 1 file$/);
  await expect(jobs().getByText('Done', { exact: true })).toBeVisible();
  expect(await readFile(taxes, 'utf8')).toBe('taxes');
  await process(`${other}.encrypted`, /^Decrypt 1 file$/);
  await expect(jobs().getByText('Failed', { exact: true })).toBeVisible();
  await backToOwner(page);

  await app.go(`/keys/${KeyId}`);
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Share…' }).click();
  await expect(dialog.getByRole('region', { name: 'Shared with' })).toContainText('only with purpose=taxes');
  await dialog.getByRole('button', { name: 'Stop sharing with user carol of account 777788889999' }).click();
  await dialog.getByRole('button', { name: 'Stop now' }).click();
  await expect(dialog.getByRole('region', { name: 'Shared with' })).toBeHidden();
  await page.keyboard.press('Escape');
  const after = (await callKms(page, 'GetKeyPolicy', { KeyId })).Policy;
  expect(JSON.parse(after)).toEqual(JSON.parse(before));
  expect((await callIam(page, 'ListUserPolicies', { UserName: 'carol' }, accountC)).PolicyNames).toEqual([]);
});
