import { expect } from '@playwright/test';
import type { OperationOutput } from '../../src/shared/kms/operations.ts';
import { callKms, expectAccessible, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

const dialog = () => window.page.getByRole('dialog', { name: 'Create a key' });
const next = () => dialog().getByRole('button', { name: 'Next' }).click();

async function openWizard(): Promise<void> {
  await window.app.go('/keys');
  await window.page.getByRole('button', { name: 'Create key' }).click();
}

/** Goes through the wizard to its review. */
async function choose(kind: string, spec: string, alias: string): Promise<void> {
  await openWizard();
  await dialog().getByRole('radio', { name: kind, exact: true }).check();
  await next();
  await dialog().getByRole('radio', { name: spec, exact: true }).check();
  await next();
  await dialog().getByLabel('Alias').fill(alias);
  await next();
  await next();
}

async function finish(alias: string): Promise<OperationOutput<'DescribeKey'>['KeyMetadata']> {
  await dialog().getByRole('button', { name: 'Create key' }).click();
  await expect(window.page.getByRole('heading', { level: 1, name: alias })).toBeVisible();
  return (await callKms(window.page, 'DescribeKey', { KeyId: `alias/${alias}` })).KeyMetadata;
}

for (const [kind, spec, KeySpec, KeyUsage] of [
  ['Sign and verify', 'Ed25519', 'ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
  ['Sign and verify', 'ML-DSA-65', 'ML_DSA_65', 'SIGN_VERIFY'],
  ['Encrypt with a public key', 'RSA 2048', 'RSA_2048', 'ENCRYPT_DECRYPT'],
  ['MAC', 'HMAC SHA-384', 'HMAC_384', 'GENERATE_VERIFY_MAC'],
  ['Key agreement', 'ECC NIST P-384', 'ECC_NIST_P384', 'KEY_AGREEMENT'],
  ['Encapsulate', 'ML-KEM-768', 'ML_KEM_768', 'ENCAPSULATE_DECAPSULATE'],
] as const)
  test(`makes a key: ${kind}, ${spec}`, async () => {
    const alias = `made-${KeySpec.toLowerCase()}`;
    await choose(kind, spec, alias);
    const commands = dialog().getByLabel('AWS CLI commands', { exact: true });
    await expect(commands).toContainText(`--key-spec ${KeySpec} \\\n  --key-usage ${KeyUsage}`);
    await expect(commands).not.toContainText('enable-key-rotation');
    expect(await finish(alias)).toMatchObject({ KeySpec, KeyUsage, Origin: 'AWS_KMS', MultiRegion: false });
  });

test('every spec is offered under what it can be used for', async () => {
  await openWizard();
  const offered: Record<string, string[]> = {};
  for (const kind of [
    'Symmetric',
    'Sign and verify',
    'Encrypt with a public key',
    'MAC',
    'Key agreement',
    'Encapsulate',
  ]) {
    await dialog().getByRole('radio', { name: kind, exact: true }).check();
    await next();
    const radios = dialog().getByRole('radiogroup', { name: 'Spec' }).getByRole('radio');
    offered[kind] = await radios.evaluateAll((all) => all.map((radio) => (radio as HTMLInputElement).value));
    await dialog().getByRole('button', { name: 'Back' }).click();
  }
  const nist = ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'];
  const rsa = ['RSA_2048', 'RSA_3072', 'RSA_4096'];
  expect(offered).toEqual({
    Symmetric: ['SYMMETRIC_DEFAULT'],
    'Sign and verify': [
      ...rsa,
      ...nist,
      'ECC_SECG_P256K1',
      'ECC_NIST_EDWARDS25519',
      'SM2',
      'ML_DSA_44',
      'ML_DSA_65',
      'ML_DSA_87',
    ],
    'Encrypt with a public key': [...rsa, 'SM2'],
    MAC: ['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'],
    'Key agreement': [...nist, 'SM2'],
    Encapsulate: ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'],
  });
  await dialog().getByRole('button', { name: 'Cancel' }).click();
});

test('by keyboard, in another Region, as a multi-Region key; every step passes axe', async () => {
  const { page } = window;
  const here = await page.getByRole('combobox', { name: 'Region' }).inputValue();
  await openWizard();
  await expectAccessible(page, 'the kinds');
  await dialog().getByRole('radio', { name: 'Symmetric' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(dialog().getByRole('radio', { name: 'Sign and verify' })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(dialog().getByRole('radio', { name: 'ECC NIST P-256' })).toBeChecked();
  await expectAccessible(page, 'the specs');
  await dialog().getByRole('combobox', { name: 'Region' }).fill('sa-east');
  await page.getByRole('option', { name: 'sa-east-1' }).click();
  await dialog().getByRole('switch', { name: 'Multi-Region key' }).press('Space');
  await next();
  await expect(dialog().getByLabel('Alias')).toBeFocused();
  // The alias of a key in this Region is free in another.
  await page.keyboard.type('first');
  await page.keyboard.press('Enter');
  await expect(dialog()).toContainText('do not rotate');
  await next();
  await expect(dialog()).toContainText('sa-east-1, multi-Region primary key');
  await expect(dialog().getByLabel('AWS CLI commands', { exact: true })).toContainText('--multi-region');
  await expectAccessible(page, 'the review');
  const made = await finish('first');
  expect(made).toMatchObject({ KeySpec: 'ECC_NIST_P256', MultiRegion: true });
  expect(made.Arn).toContain(':sa-east-1:');
  await expect(page.getByRole('combobox', { name: 'Region' })).toHaveValue('sa-east-1');
  await page.getByRole('combobox', { name: 'Region' }).fill(here);
  await page.getByRole('option', { name: here }).click();
});
