import { expect } from '../support/app.ts';
import type { Studio } from './studio.ts';

export async function activityShots({ app, page, picture }: Studio): Promise<void> {
  const records = page.getByRole('list', { name: 'Records, newest first' });
  await app.go('/activity');
  await records.waitFor();
  await picture('activity');
  await records.getByRole('link').first().click();
  await expect(page.getByRole('complementary', { name: 'Record' }).getByText('Verifies')).toBeVisible();
  await picture('activity-record');
  await page.getByRole('button', { name: 'Close the record' }).click();
  await page.getByRole('combobox', { name: 'Outcome' }).click();
  await page.getByRole('option', { name: 'refused', exact: true }).click();
  await records
    .getByRole('link', { name: /tried to/ })
    .first()
    .click();
  await expect(page.getByRole('complementary', { name: 'Record' }).getByText('Verifies')).toBeVisible();
  await picture('activity-refused');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByLabel('Words in the record').fill('nothing-has-this-word');
  await page.getByText('No record fits').waitFor();
  await picture('activity-nothing-fits');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('button', { name: 'Verify the trail' }).click();
  await expect(page.getByText('The trail is whole')).toBeVisible();
  await picture('activity-verified');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('dialog').waitFor();
  await picture('activity-export');
  await page.keyboard.press('Escape');
}
