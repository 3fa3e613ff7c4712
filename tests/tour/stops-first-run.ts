import { expect, PASSPHRASE } from '../support/app.ts';
import { stop, type Tour } from './stops.ts';

export async function firstRunStops({ app, picture }: Pick<Tour, 'app' | 'picture'>): Promise<void> {
  const { page } = app;
  await stop('first run makes a vault with a passphrase', async () => {
    await page.getByRole('heading', { name: 'Make your vault' }).waitFor();
    await picture('first-run-vault');
    await page.getByLabel('Name').fill('Papers of Ada');
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Passphrase again').fill('correct horse');
    await page.getByLabel('Passphrase again').fill('correct house');
    await picture('first-run-passphrases-differ');
    await page.getByLabel('Passphrase again').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Make the vault' }).click();
  });
  await stop('the recovery code is shown and typed back', async () => {
    const groups = page.getByRole('list', { name: 'Recovery code' }).locator('code');
    await groups.first().waitFor();
    await picture('first-run-recovery-code');
    const code = await groups.allInnerTexts();
    await page.getByRole('button', { name: 'I have it' }).click();
    const fields = page.getByRole('textbox', { name: /^Group \d$/ });
    await expect(fields).toHaveCount(3);
    for (const field of await fields.all()) await field.fill('0000');
    await page.getByRole('button', { name: 'Confirm the code' }).click();
    await page.getByRole('alert').waitFor();
    await picture('first-run-wrong-group');
    for (const [index, group] of code.entries()) {
      const field = page.getByRole('textbox', { name: `Group ${index + 1}` });
      if (await field.count()) await field.fill(group);
    }
    await page.getByRole('button', { name: 'Confirm the code' }).click();
  });
  await stop('the first key can wait, and an empty list says what keys are for', async () => {
    await page.getByRole('heading', { name: 'Make your first key' }).waitFor();
    await picture('first-run-first-key');
    await page.getByRole('button', { name: 'Skip for now' }).click();
    await page.getByRole('heading', { name: 'No keys here yet' }).waitFor();
    await picture('keys-empty');
  });
}

/** The key everything later works with. */
export async function wizardStop({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  await stop('the wizard makes a key and shows the commands it comes to', async () => {
    await page.getByRole('button', { name: 'Create key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a key' });
    await picture('wizard-kind');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await picture('wizard-spec');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByLabel('Alias').fill('not allowed!');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await picture('wizard-refused-alias');
    await dialog.getByLabel('Alias').fill('family');
    await dialog.getByLabel('Description').fill('Letters, photos and papers of the family');
    await picture('wizard-name');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByRole('button', { name: 'Add a tag' }).click();
    await dialog.getByLabel('Name of tag 1').fill('owner');
    await dialog.getByLabel('Value of tag 1').fill('Ada');
    await picture('wizard-care');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await expect(dialog.getByLabel('AWS CLI commands', { exact: true })).toContainText('aws kms create-key');
    await picture('wizard-review');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'family' })).toBeVisible();
    await picture('key-new');
  });
}
