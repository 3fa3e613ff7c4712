import type { Locator } from '@playwright/test';
import { expect } from '../support/app.ts';
import { stop, type Tour } from './stops.ts';

const TEXT = 'The key to the garden is under the third pot.';

async function addPair(panel: Locator, name: string, value: string): Promise<void> {
  await panel.getByRole('button', { name: 'Add a pair' }).click();
  await panel.getByLabel('Name of pair 1').fill(name);
  await panel.getByLabel('Value of pair 1').fill(value);
}

export async function keyStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
  const pick = (name: string) =>
    page.getByRole('radiogroup', { name: 'What to do' }).getByText(name, { exact: true }).click();
  let ciphertext = '';

  await stop('text is encrypted with a context', async () => {
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await picture('keys');
    await page.getByRole('link', { name: 'family', exact: true }).click();
    await tab('Use');
    const panel = page.getByRole('region', { name: 'Encrypt text', exact: true });
    await panel.getByLabel('Text to encrypt').fill(TEXT);
    await addPair(panel, 'room', 'garden');
    await panel.getByRole('button', { name: 'Encrypt', exact: true }).click();
    ciphertext = (await panel.getByLabel('Ciphertext', { exact: true }).textContent()) ?? '';
    await picture('key-encrypt');
    await panel.getByRole('button', { name: 'Show as CLI / SDK' }).click();
    await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText('aws kms encrypt');
    await picture('key-show-as');
    await page.keyboard.press('Escape');
  });
  await stop('it opens with the same context only', async () => {
    await pick('Decrypt');
    const panel = page.getByRole('region', { name: 'Decrypt text', exact: true });
    await panel.getByLabel('Ciphertext to decrypt').fill(ciphertext);
    await panel.getByRole('button', { name: 'Decrypt', exact: true }).click();
    await expect(panel.getByRole('alert')).toContainText('InvalidCiphertextException');
    await picture('key-decrypt-wrong-context');
    await addPair(panel, 'room', 'garden');
    await panel.getByRole('button', { name: 'Decrypt', exact: true }).click();
    await expect(panel.getByLabel('Plaintext', { exact: true }), 'The text should come out as it went in.').toHaveText(
      TEXT,
    );
    await picture('key-decrypt');
    await pick('Re-encrypt');
    await picture('key-re-encrypt');
    await pick('Data key');
    await page.getByRole('button', { name: 'Generate data key' }).click();
    await page.getByText('Plaintext data key', { exact: true }).waitFor();
    await picture('key-data-key');
  });
  await stop('the key rotates, and what was encrypted before still opens', async () => {
    await tab('Rotation');
    await page.getByRole('button', { name: /^Rotate now/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Rotate now' }).waitFor();
    await picture('key-rotate-asked');
    await dialog.getByRole('button', { name: 'Rotate now' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Material 2 of 2, current')).toBeVisible();
    await picture('key-rotated');
    await page.getByRole('table', { name: 'Rotations by year and month' }).scrollIntoViewIfNeeded();
    await picture('key-years');
    await tab('Use');
    await pick('Decrypt');
    const panel = page.getByRole('region', { name: 'Decrypt text', exact: true });
    await panel.getByLabel('Ciphertext to decrypt').fill(ciphertext);
    await addPair(panel, 'room', 'garden');
    await panel.getByRole('button', { name: 'Decrypt', exact: true }).click();
    await expect(panel.getByLabel('Plaintext', { exact: true })).toHaveText(TEXT);
    await expect(panel.getByText(/^1 of 2/)).toBeVisible();
  });
  await stop('aliases and tags are kept', async () => {
    await tab('Aliases & tags');
    const long = `${'very-long-alias/'.repeat(15)}end`;
    for (const alias of ['photos', long]) {
      await page.getByLabel('New alias').fill(alias);
      await page.getByRole('button', { name: 'Add alias' }).click();
      await expect(page.getByLabel('New alias')).toHaveValue('');
    }
    for (let number = 2; number <= 12; number++) {
      await page.getByRole('button', { name: 'Add a tag' }).click();
      await page.getByLabel(`Name of tag ${number}`).fill(`tag-${number}`);
      await page.getByLabel(`Value of tag ${number}`).fill('a value '.repeat(number));
    }
    await picture('key-names');
    await page.getByRole('button', { name: 'Save tags' }).click();
    await expect(page.getByRole('button', { name: 'Save tags' })).toBeDisabled();
    await tab('Overview');
    await expect(page.getByText('tag-12=')).toBeVisible();
    await picture('key-overview');
    await tab('Policy');
    await picture('key-policy');
    await tab('Activity');
    await page.getByRole('table', { name: 'Records of the key' }).waitFor();
    await picture('key-activity');
  });
  await stop('a key with every name at its limit keeps the layout', async () => {
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByRole('button', { name: 'Create key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByLabel('Alias').fill('a'.repeat(250));
    await dialog.getByLabel('Description').fill('What it is for, at length. '.repeat(300).slice(0, 8192));
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await picture('wizard-long-review');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await picture('key-long');
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await picture('keys-long');
    await page.getByRole('combobox', { name: 'Group' }).click();
    await page.getByRole('option', { name: 'By rotation' }).click();
    await page.getByRole('checkbox', { name: 'Select family' }).check();
    await page.getByLabel('Filter keys').fill('fam');
    await picture('keys-filtered-selected');
    await page.getByLabel('Filter keys').fill('');
    await page.getByRole('button', { name: 'Clear the selection' }).click();
  });
  await stop('a key is disabled, its deletion scheduled and cancelled', async () => {
    await page.getByRole('link', { name: 'family', exact: true }).click();
    await page.getByRole('button', { name: 'Actions' }).click();
    await picture('key-actions');
    await page.getByRole('menuitem', { name: 'Disable key' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable key' }).click();
    await page.getByText('This key is disabled').waitFor();
    await tab('Use');
    await picture('key-disabled');
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Schedule deletion' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/used it in the last 30 days/).waitFor();
    await picture('key-deletion-asked');
    await dialog.getByRole('textbox', { name: /^Type/ }).fill('family');
    await dialog.getByRole('button', { name: 'Schedule deletion' }).click();
    await page.getByText('This key will be deleted').waitFor();
    await tab('Overview');
    await picture('key-pending-deletion');
    await page.getByRole('button', { name: 'Cancel deletion' }).click();
    await page.getByText('This key is disabled').waitFor();
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    await expect(page.getByText('This key is disabled')).toBeHidden();
  });
}
