import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { defaultKeyPolicy } from '../../src/shared/iam/default-policy.ts';
import { actAs, backToOwner, callIam, callKms, makeKey, testsInOneWindow } from '../support/window.ts';

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
