import { expect, type Locator } from '@playwright/test';
import { callKms, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

interface Opened {
  readonly KeyId: string;
  readonly account: string;
  readonly text: Locator;
  readonly findings: Locator;
}

/** Makes a key and opens the editor of its policy as `mode` shows it. */
async function openEditor(alias: string, mode: 'Cards' | 'Text'): Promise<Opened> {
  const { app, page } = window;
  const KeyId = await makeKey(page, alias);
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  await app.go(`/keys/${KeyId}/policy`);
  await page.getByRole('button', { name: 'Edit policy' }).click();
  await page.getByRole('radiogroup', { name: 'How the policy is shown' }).getByText(mode, { exact: true }).click();
  return {
    KeyId,
    account: KeyMetadata.AWSAccountId ?? '',
    text: page.getByRole('textbox', { name: 'Key policy' }),
    findings: page.getByRole('region', { name: 'Findings' }),
  };
}

const policyOf = async (KeyId: string) =>
  JSON.parse((await callKms(window.page, 'GetKeyPolicy', { KeyId })).Policy) as { Statement: unknown[] };

const review = () => window.page.getByRole('button', { name: 'Review and save' });

/** Selects the next place where `words` stand in the text. */
async function select(text: Locator, words: string): Promise<void> {
  const { page } = window;
  await text.focus();
  await page.keyboard.press('ControlOrMeta+f');
  await page.getByRole('textbox', { name: 'Find' }).pressSequentially(words);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(text).toBeFocused();
}

test('the text offers what can stand there, says what is wrong, and mends it', async () => {
  const { page } = window;
  const { KeyId, account, text, findings } = await openEditor('by-text', 'Text');
  await expect(review()).toBeDisabled();
  await expect(findings).toContainText('Nothing is wrong');
  await select(text, 'kms:*');
  await page.keyboard.type('kms:Encr');
  await expect(page.getByRole('listbox', { name: 'Completions' })).toContainText('kms:Encrypt');
  await expectAccessible(page, 'completion');
  // The editor takes no Enter in the first 75 ms of a list: one that was meant as a new line stays one.
  await page.waitForTimeout(200);
  await page.keyboard.press('Enter');
  await expect(text).toContainText('"Action": "kms:Encrypt"');
  await expect(findings).toContainText(`does not let account ${account} change it again`);
  await expect(page.locator('.cm-lintRange-error')).toHaveText(['"Statement"']);
  await expectAccessible(page, 'a finding');
  await findings.getByRole('button', { name: 'Give the account access' }).click();
  await expect(findings).toContainText('Nothing is wrong');
  await page.getByRole('main').getByRole('button', { name: 'Undo' }).click();
  await expect(findings).toContainText('change it again');
  await page.getByRole('main').getByRole('button', { name: 'Redo' }).click();
  await expect(findings).toContainText('Nothing is wrong');
  // Tab indents; after Escape it leaves.
  await text.press('Escape');
  await page.keyboard.press('Tab');
  await expect(text).not.toBeFocused();

  await review().click();
  const dialog = page.getByRole('dialog', { name: 'Review the new policy' });
  const changes = dialog.getByRole('region', { name: 'Changes of the policy' });
  await expect(changes.getByRole('row', { name: 'Added: "Action": "kms:Encrypt"' })).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'Lockout check' })).toContainText('You can change this policy again');
  await expect(dialog.getByRole('switch')).toHaveCount(0);
  await expectAccessible(page, 'the review');
  await dialog.getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByRole('button', { name: 'Edit policy' })).toBeVisible();
  expect(await policyOf(KeyId)).toMatchObject({ Statement: [{ Action: 'kms:Encrypt' }, { Action: 'kms:*' }] });
});

test('what is no policy is told with its place, and cannot be sent', async () => {
  const { page } = window;
  const { text, findings } = await openEditor('broken', 'Text');
  const statement = '{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}';
  const filler = ' '.repeat(32_769 - `{"Statement": ${statement}}`.length);
  for (const [written, says] of [
    ['{\n  "Version": "2012-10-17"\n  "Statement": []\n}', 'line 3, column 3: a comma or } is missing'],
    ['{"Version": "2012-10-17", "Version": "2012-10-17"}', 'Version: the name stands twice'],
    ['['.repeat(30_000), 'nested too deep'],
    [`{"Statement": ${statement}${filler}}`, 'The policy has 32769 bytes'],
    [`{"Statement": ${statement.replace('"*"', '"arn:aws:iam::1:root"')}}`, 'Principal.AWS: arn:aws:iam::1:root is no'],
    [`{"Statement": ${statement.replace('kms:*', 'kms:Dеcrypt')}}`, 'There is no action kms:Dеcrypt'],
    [`{"Statement": ${statement.replace('{', '{"Condition": {"StringEqual": {}}, ')}}`, 'no condition operator'],
  ] as const) {
    await text.fill(written);
    await expect(findings).toContainText(says);
    if (!says.startsWith('There is no')) await expect(review()).toBeDisabled();
  }
  await findings.getByRole('button', { name: 'Use StringEquals' }).click();
  await expect(text).toContainText('"StringEquals"');
  await text.fill('{');
  await expect(findings).toContainText('This is not JSON');
  await findings.getByRole('button', { name: 'Show' }).click();
  await expect(text).toBeFocused();
  await expectAccessible(page, 'a text that is no policy');
  await page.getByRole('radiogroup').getByText('Cards', { exact: true }).click();
  await expect(page.getByText('The cards are back as soon as the text is mended')).toBeVisible();
});

test('cards change the text, and the text the cards', async () => {
  const { page } = window;
  const { KeyId, account, text, findings } = await openEditor('by-cards', 'Cards');
  const card = (number: number) => page.getByRole('listitem', { name: `Statement ${number}`, exact: true });
  await page.getByRole('button', { name: 'Add a statement' }).click();
  await expect(card(2)).toContainText('never takes effect');
  await card(2).getByText('Deny', { exact: true }).click();
  await card(2).getByLabel('Sid of Statement 2').fill('Only by day');
  const principals = card(2).getByRole('combobox', { name: 'Principals of Statement 2', exact: true });
  await principals.fill(`arn:aws:iam::${account}:user/ann`);
  await principals.press('Enter');
  await principals.fill('s3.amazonaws.com');
  await principals.press('Enter');
  const actions = card(2).getByRole('combobox', { name: 'Actions of Statement 2', exact: true });
  await actions.fill('Decr');
  await page.getByRole('option', { name: 'kms:Decrypt' }).click();
  await actions.fill('kms:Get*');
  await actions.press('Enter');
  await card(2)
    .getByRole('combobox', { name: 'Actions of Statement 2: these, or all but these' })
    .selectOption('NotAction');
  await card(2).getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('combobox', { name: 'Key of the new condition' }).fill('aws:SourceIp');
  await page.keyboard.press('Enter');
  await card(2).getByRole('combobox', { name: 'Operator of condition 1' }).selectOption('NotIpAddress');
  await card(2).getByRole('checkbox', { name: 'IfExists for condition 1' }).check();
  await card(2).getByRole('combobox', { name: 'Values of condition 1', exact: true }).fill('10.0.0.0/8');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(card(2)).toContainText(`There is no principal arn:aws:iam::${account}:user/ann`);
  await expect(findings).toContainText('1 warning, told in the cards');
  await expectAccessible(page, 'the cards');
  await card(2).getByRole('button', { name: 'Duplicate Statement 2' }).click();
  await card(3).getByLabel('Sid of Statement 3').fill('');
  await card(3).getByRole('button', { name: 'Move Statement 3 up' }).click();
  await card(2).getByRole('button', { name: 'Delete Statement 2' }).click();
  await expect(card(3)).toHaveCount(0);
  // Who may only look at the key cannot change its policy again.
  const first = card(1).getByRole('combobox', { name: 'Actions of Statement 1', exact: true });
  await first.press('Backspace');
  for (const action of ['kms:Get*', 'kms:Describe*']) {
    await first.fill(action);
    await first.press('Enter');
  }

  await page.getByRole('radiogroup').getByText('Text', { exact: true }).click();
  await select(text, 'Only by day');
  await page.keyboard.type('By day');
  await page.getByRole('main').getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Redo' }).click();
  await page.getByRole('radiogroup').getByText('Cards', { exact: true }).click();
  await expect(card(2).getByLabel('Sid of Statement 2')).toHaveValue('By day');
  await review().click();
  const dialog = page.getByRole('dialog', { name: 'Review the new policy' });
  const check = dialog.getByRole('region', { name: 'Lockout check' });
  await expect(check).toContainText('You could not change this policy again');
  await expect(dialog.getByRole('button', { name: 'Save policy' })).toBeDisabled();
  await expectAccessible(page, 'a lockout');
  const before = await policyOf(KeyId);
  await check.getByRole('switch', { name: 'Skip the lockout check' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Show as CLI / SDK' }).click();
  await expect(page.getByText('--bypass-policy-lockout-safety-check')).toBeVisible();
  await dialog.getByRole('button', { name: 'Show as CLI / SDK' }).click();
  expect(await policyOf(KeyId)).toEqual(before);
  await dialog.getByRole('button', { name: 'Save policy' }).click();
  await expect(dialog).toBeHidden();
  const look = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ['kms:Get*', 'kms:Describe*'],
    Resource: '*',
  };
  const deny = {
    Sid: 'By day',
    Effect: 'Deny',
    Principal: { AWS: [`arn:aws:iam::${account}:user/ann`], Service: 's3.amazonaws.com' },
    NotAction: ['kms:Decrypt', 'kms:Get*'],
    Resource: '*',
    Condition: { NotIpAddressIfExists: { 'aws:SourceIp': ['10.0.0.0/8'] } },
  };
  expect((await callKms(page, 'GetKeyPolicy', { KeyId })).Policy).toBe(
    JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [look, deny] }, null, 2),
  );
});

test('a template asks for what it needs; a draft waits; a saved policy reads as sentences', async () => {
  const { app, page } = window;
  const { KeyId, account } = await openEditor('by-template', 'Cards');
  await page.getByRole('button', { name: 'Templates' }).click();
  const dialog = page.getByRole('dialog', { name: 'Begin from a template' });
  await dialog.getByRole('radio', { name: 'Bound to an encryption context' }).check();
  await dialog.getByRole('button', { name: 'Put it in' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Key users' })).toHaveAccessibleDescription(/This is needed/);
  await expectAccessible(page, 'a template');
  await dialog.getByRole('combobox', { name: 'Key users' }).fill(`arn:aws:iam::${account}:role/Payroll`);
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Name of the pair').fill('app');
  await dialog.getByLabel('Value of the pair').fill('payroll');
  await dialog.getByRole('button', { name: 'Put it in' }).click();
  const statements = page.getByRole('list', { name: 'Statements' });
  await expect(statements.getByRole('listitem', { name: 'Statement 3' })).toBeVisible();
  await page.getByRole('tab', { name: 'Grants' }).click();
  await expect(statements).toBeHidden();
  await page.getByRole('tab', { name: 'Policy' }).click();
  await expect(page.getByText('Not saved yet')).toBeVisible();
  await review().click();
  await page.getByRole('button', { name: 'Save policy' }).click();
  await app.go(`/keys/${KeyId}/policy?statement=1`);
  const second = statements.getByRole('listitem', { name: 'Statement 2' });
  await expect(second).toHaveAttribute('aria-current', 'true');
  await expect(second).toContainText('The statement you came for');
  await expect(second).toContainText('Allow role Payroll to do kms:Encrypt, kms:Decrypt, kms:ReEncrypt*');
  await expect(second).toContainText('kms:EncryptionContext:app is payroll');
  await expect(page.locator('.cm-coffer-lit').first()).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Key policy' })).toHaveAttribute('aria-readonly', 'true');
  await expectAccessible(page, 'a policy to read');

  await page.getByRole('button', { name: 'Edit policy' }).click();
  await page.getByRole('button', { name: 'Delete Statement 3' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog', { name: 'Discard the changes?' }).getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('button', { name: 'Edit policy' })).toBeVisible();
  expect((await policyOf(KeyId)).Statement).toHaveLength(3);
});

test("an AWS managed key's policy is to read only", async () => {
  const { app, page } = window;
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId: 'alias/aws/s3' });
  await app.go(`/keys/${KeyMetadata.KeyId}/policy`);
  await expect(page.getByText('AWS manages this key: its policy is to read only')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Edit policy' })).toBeDisabled();
  await expect(page.getByRole('list', { name: 'Statements' })).toContainText('kms:ViaService is s3');
  await expectAccessible(page, 'a policy that AWS manages');
});
