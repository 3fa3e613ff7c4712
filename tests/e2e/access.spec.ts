import { expect } from '@playwright/test';
import { callKms, chooseAction, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

const STRANGER = 'arn:aws:iam::777788889999:role/app/Stranger';

/** The account's own, a stranger who may decrypt through S3, and nobody to encrypt without a second factor. */
function guarded(accountId: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Own',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
      {
        Sid: 'ForS3',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:EncryptionContext:app': 'files' } },
      },
      {
        Sid: 'RequireMfa',
        Effect: 'Deny',
        Principal: '*',
        Action: ['kms:Encrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
      {
        Sid: 'Partner',
        Effect: 'Allow',
        Principal: { AWS: STRANGER },
        Action: 'kms:Decrypt',
        Resource: '*',
      },
    ],
  });
}

async function guardedKey(alias: string): Promise<string> {
  const { page } = window;
  const KeyId = await makeKey(page, alias);
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  await callKms(page, 'PutKeyPolicy', { KeyId, Policy: guarded(KeyMetadata.AWSAccountId ?? '') });
  return KeyId;
}

const answer = () => window.page.getByRole('region', { name: 'Answer' });
const lit = () => window.page.getByRole('region', { name: 'Key policy' }).locator('mark');

test('a refused call says why, where it happened and in the record, and opens in the simulator', async () => {
  const { app, page } = window;
  const keyId = await guardedKey('guarded');
  await app.go(`/keys/${keyId}/use`);
  const panel = page.getByRole('region', { name: 'Encrypt text', exact: true });
  await panel.getByLabel('Text to encrypt').fill('hello');
  await panel.getByRole('button', { name: 'Add a pair' }).click();
  await panel.getByLabel('Name of pair 1').fill('room');
  await panel.getByLabel('Value of pair 1').fill('garden');
  await panel.getByRole('button', { name: 'Encrypt', exact: true }).click();
  const refusal = panel.getByRole('alert');
  await expect(refusal).toContainText('AccessDeniedException');
  await expect(refusal).toContainText('A second factor would allow this.');
  await refusal.getByRole('button', { name: 'Why?' }).click();
  await expect(refusal).toContainText(
    'Denied: An explicit deny in statement 3 “RequireMfa” of the key policy. No allow outweighs a deny.',
  );
  const statements = refusal.getByRole('list', { name: 'Key policy' }).getByRole('listitem');
  await expect(statements).toHaveText([
    /Own.*Allow.*Allows/,
    /ForS3.*Does not fit.*It is for s3\.amazonaws\.com, not for the root of account/,
    /RequireMfa.*Denies: this decided/,
    /Partner.*Does not fit/,
  ]);
  await expect(refusal.getByRole('link', { name: 'Statement 3' })).toHaveAttribute(
    'href',
    `#/keys/${keyId}/policy?statement=2`,
  );
  await expectAccessible(page, 'a refusal that says why');

  await refusal.getByRole('link', { name: 'Open in the simulator' }).click();
  await expect(page.getByRole('heading', { name: 'Access', exact: true })).toBeVisible();
  await expect(answer()).toContainText('Denied: An explicit deny');
  await expect(page.getByLabel('Value of pair 1')).toHaveValue('garden');
  await expect(lit()).toContainText('"RequireMfa"');

  await app.go('/activity');
  await page
    .getByRole('list', { name: 'Records, newest first' })
    .getByRole('link', { name: /tried to encrypt/ })
    .click();
  await expect(page.getByRole('region', { name: 'The decision' })).toContainText('RequireMfa');
  await expectAccessible(page, "a record's decision");
});

test('a refusal that is told in passing says why as well', async () => {
  const { app, page } = window;
  const keyId = await makeKey(page, 'asleep');
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId: keyId });
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: KeyMetadata.AWSAccountId }, Action: 'kms:*', Resource: '*' },
    { Effect: 'Deny', Principal: '*', Action: 'kms:EnableKey', Resource: '*' },
  ];
  await callKms(page, 'PutKeyPolicy', { KeyId: keyId, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
  await callKms(page, 'DisableKey', { KeyId: keyId });
  await app.go(`/keys/${keyId}`);
  await chooseAction(page, 'Enable key');
  const notice = page.getByRole('alert').filter({ hasText: 'AccessDeniedException' });
  await notice.getByRole('button', { name: 'Why?' }).click();
  await expect(notice).toContainText('Denied: An explicit deny in statement 2 of the key policy');
  await notice.getByRole('link', { name: 'Open in the simulator' }).click();
  await expect(answer()).toContainText('explicit deny');
  await notice.getByRole('button', { name: 'Put this notice away' }).click();
});

test('the simulator follows its question, with the statement that decided lit up', async () => {
  const { app, page } = window;
  await guardedKey('asked');
  await app.go('/access');
  await page.getByRole('combobox', { name: 'Key', exact: true }).fill('asked');
  await page.getByRole('option', { name: /^asked/ }).click();
  const verdicts = page.getByRole('list', { name: 'Verdicts' });
  await expect(verdicts.getByRole('button')).toHaveText([
    /Denied.*Encrypt/,
    /Allowed.*Decrypt/,
    /Denied.*GenerateDataKey/,
  ]);
  await expect(lit()).toContainText('"RequireMfa"');
  await page.getByRole('button', { name: 'Circumstances' }).click();
  await page.getByText('Proven', { exact: true }).click();
  await expect(verdicts.getByRole('button')).toHaveText([/Allowed/, /Allowed/, /Allowed/]);
  await expect(lit()).toContainText('"Own"');
  await expectAccessible(page, 'the simulator');

  await page.getByRole('combobox', { name: 'Who' }).fill('s3.amazonaws.com');
  await verdicts.getByRole('button', { name: /Decrypt/ }).click();
  await expect(answer()).toContainText('kms:EncryptionContext:app must be files; the request does not have it');
  await expect(lit()).toHaveCount(0);
  await page.getByRole('button', { name: 'Add a pair' }).click();
  await page.getByLabel('Name of pair 1').fill('app');
  await page.getByLabel('Value of pair 1').fill('files');
  await expect(verdicts.getByRole('button', { name: /Decrypt/ })).toContainText('Allowed');
  await expect(lit()).toContainText('"ForS3"');
  await page.getByRole('combobox', { name: 'Who' }).fill('nobody');
  await expect(page.getByRole('combobox', { name: 'Who' })).toHaveAccessibleDescription(
    /not refer to a valid principal/,
  );
  await page.keyboard.press('Escape');
  await expectAccessible(page, 'a question that cannot be asked');
});

test('a key of another Region is not asked about in the place of one that is here', async () => {
  const { app, page } = window;
  await app.go('/access/simulator?key=0987dcba-09fe-87dc-65ba-ab0987654321&action=kms:Sign');
  await expect(page.getByText('That key is not in')).toBeVisible();
  await expectAccessible(page, 'a key that is not here');
  await page.getByRole('button', { name: 'Ask about another key' }).click();
  await expect(answer()).toContainText('Allowed');
});

test('who can use a key is a matrix whose cells lead to the simulator', async () => {
  const { app, page } = window;
  const keyId = await guardedKey('shared');
  await app.go(`/keys/${keyId}`);
  await chooseAction(page, 'Who can use this key?');
  const matrix = page.getByRole('grid', { name: 'Who can do what with the key' });
  const cell = (who: string, action: string) =>
    matrix.getByRole('button', { name: `: ${who}, kms:${action}`, exact: false });
  await expect(cell('root', 'Decrypt')).toHaveText('Always');
  await expect(cell('root', 'Encrypt')).toHaveText('Depends');
  await expect(cell('s3.amazonaws.com', 'Decrypt')).toHaveText('Depends');
  await expect(cell('role Stranger', 'Encrypt')).toHaveText('Never');
  await expectAccessible(page, 'the matrix');

  await page.getByLabel('Principals').fill('nobody has this name');
  await expect(page.getByText('Nobody fits')).toBeVisible();
  await page.getByLabel('Principals').fill('stranger');
  await expect(page.getByRole('status').filter({ hasText: 'principal' })).toHaveText('1 principal');
  await page.getByRole('switch', { name: 'All actions' }).click();
  await expect(matrix.getByRole('columnheader', { name: 'ReEncryptFrom' })).toBeVisible();
  await page.getByLabel('Principals').fill('');

  await matrix.getByRole('button', { name: ': root, kms:Encrypt' }).focus();
  await page.keyboard.press('End');
  await expect(cell('root', 'CancelKeyDeletion')).toBeFocused();
  await expectAccessible(page, 'the matrix of all actions');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(cell('root', 'Decrypt')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Simulator' })).toHaveAttribute('aria-selected', 'true');
  await expect(answer()).toContainText('Allowed: Statement 1 “Own” of the key policy allows kms:Decrypt');
  await expect(lit()).toContainText('"Own"');
});
