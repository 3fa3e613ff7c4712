import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../support/app.ts';
import { stop, type Tour } from './stops.ts';

const TEXT = 'I leave the garden to my sister.';

/** Keys of the other kinds: signing, own material, several Regions, and who may use them. */
export async function kindStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
  const section = (name: string) => page.getByRole('region', { name, exact: true });
  const folder = path.join(app.home, 'handed out');
  await mkdir(folder);

  /** Makes a key by the wizard, with a picture of its specs. */
  async function make(kind: string, alias: string, choose: () => Promise<void>): Promise<void> {
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByRole('button', { name: 'Create key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a key' });
    const next = dialog.getByRole('button', { name: 'Next' });
    await dialog.getByRole('radio', { name: kind, exact: true }).check();
    await next.click();
    await choose();
    await next.click();
    await dialog.getByLabel('Alias').fill(alias);
    await next.click();
    await next.click();
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await expect(page.getByRole('heading', { level: 1, name: alias })).toBeVisible();
  }
  const dialog = () => page.getByRole('dialog', { name: 'Create a key' });

  await stop('a signing key is made, and its public key verifies its signature elsewhere', async () => {
    await make('Sign and verify', 'letters', async () => {
      await dialog().getByRole('radio', { name: 'Ed25519' }).check();
      await picture('wizard-signing-specs');
    });
    await picture('key-signing');
    await tab('Use');
    const sign = section('Sign text');
    await sign.getByLabel('Text to sign').fill(TEXT);
    await sign.getByRole('button', { name: 'Sign', exact: true }).click();
    const signature = (await sign.getByLabel('Signature', { exact: true }).textContent()) ?? '';
    await picture('key-sign');
    await page.getByRole('radiogroup', { name: 'What to do' }).getByText('Verify', { exact: true }).click();
    const check = section('Verify text');
    await check.getByLabel('Text that was signed').fill(TEXT);
    await check.getByLabel('Signature', { exact: true }).fill(signature);
    await check.getByRole('button', { name: 'Verify', exact: true }).click();
    await check.getByText('The signature is valid').waitFor();
    await picture('key-verify');
    await tab('Public key');
    const save = section('Download the public key');
    await save.getByLabel('Folder', { exact: true }).fill(folder);
    await save.getByRole('button', { name: 'Download public key' }).click();
    const says = (await save.getByRole('status').textContent()) ?? '';
    await picture('key-public-key');
    const file = /\/.*\.pem/.exec(says)?.[0] ?? '';
    const key = createPublicKey(await readFile(file, 'utf8'));
    const holds = verify(null, Buffer.from(TEXT), key, Buffer.from(signature, 'base64'));
    expect(holds, 'node:crypto should verify the signature with the downloaded key.').toBe(true);
  });
  await stop('own material is wrapped by the commands shown and imported', async () => {
    await make('Symmetric', 'heirloom', async () => {
      await dialog().getByRole('radio', { name: 'I import my own' }).check();
    });
    await picture('key-pending-import');
    const first = section('1. Get a wrapping key');
    await first.getByLabel('Folder for the two files', { exact: true }).fill(folder);
    await first.getByRole('button', { name: /^Write/ }).click();
    await first.getByRole('status').waitFor();
    await first.scrollIntoViewIfNeeded();
    await picture('import-wrapping-key');
    for (const label of ['Command that makes material', 'Commands that wrap the material']) {
      const script = (await page.getByLabel(label, { exact: true }).textContent()) ?? '';
      execFileSync('sh', ['-c', `set -eu\n${script}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    }
    await section('2. Wrap the material').scrollIntoViewIfNeeded();
    await picture('import-commands');
    await section('3. Import it').scrollIntoViewIfNeeded();
    await picture('import-files');
    await section('3. Import it').getByRole('button', { name: 'Import material' }).click();
    await section('Imported material').waitFor();
    await section('Imported material').scrollIntoViewIfNeeded();
    await picture('import-done');
  });
  await stop('a multi-Region key is replicated', async () => {
    await make('Encapsulate', 'two-shores', async () => {
      await dialog().getByRole('switch', { name: 'Multi-Region key' }).press('Space');
      await picture('wizard-multi-region');
    });
    await tab('Regions');
    await page.getByText('It has no replica yet').waitFor();
    await picture('key-regions-alone');
    await page.getByRole('button', { name: 'Replicate to a Region' }).click();
    const replicate = page.getByRole('dialog', { name: 'Replicate two-shores' });
    await replicate.getByRole('combobox', { name: 'Region for the replica' }).fill('ap-north');
    await page.getByRole('option', { name: 'ap-northeast-1' }).click();
    await picture('key-replicate');
    await replicate.getByRole('button', { name: 'Replicate', exact: true }).click();
    const row = page.getByRole('table', { name: 'Regions of the key' }).getByRole('row', { name: /ap-northeast-1/ });
    await expect(row).toContainText('Enabled', { timeout: 20_000 });
    await picture('key-regions');
    await tab('Use');
    await page.getByRole('button', { name: 'Encapsulate', exact: true }).last().click();
    await page.getByText('Shared secret', { exact: true }).waitFor();
    await picture('key-encapsulate');
  });
  await stop('who may use a key is said by its policy and its grants', async () => {
    await tab('Policy');
    await page.getByRole('list', { name: 'Statements' }).waitFor();
    await picture('key-policy');
    await page.getByRole('button', { name: 'Edit policy' }).click();
    await page.getByRole('radiogroup', { name: 'How the policy is shown' }).getByText('Text', { exact: true }).click();
    const field = page.getByRole('textbox', { name: 'Key policy' });
    const policy = (await field.locator('.cm-line').allTextContents()).join('\n');
    await field.fill(policy.replace('"kms:*"', '"kms:Decapsulate"'));
    await expect(section('Findings')).toContainText('change it again');
    await picture('key-policy-editor');
    await page.getByRole('button', { name: 'Review and save' }).click();
    const review = page.getByRole('dialog', { name: 'Review the new policy' });
    await expect(review.getByRole('region', { name: 'Lockout check' })).toContainText('could not change this policy');
    await picture('key-policy-review');
    await review.getByRole('button', { name: 'Keep editing' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Discard' }).click();
    await tab('Grants');
    await picture('key-grants-none');
    const account = /arn:aws:iam::\d{12}/.exec(policy)?.[0];
    await page.getByRole('button', { name: 'Create grant' }).click();
    const grant = page.getByRole('dialog', { name: 'Create a grant' });
    await grant.getByLabel('For', { exact: true }).fill(`${account}:user/grace`);
    await grant.getByRole('checkbox', { name: 'Decapsulate' }).check();
    await picture('key-grant-new');
    await grant.getByRole('button', { name: 'Create grant' }).click();
    await grant.getByRole('status').waitFor();
    await picture('key-grant-made');
    await grant.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('table', { name: 'Grants' }).waitFor();
    await picture('key-grants');
  });
}
