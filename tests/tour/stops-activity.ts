import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../support/app.ts';
import { stop, type Tour } from './stops.ts';

export async function activityStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  await stop('every use is in the record', async () => {
    await page.getByRole('link', { name: 'Activity', exact: true }).click();
    await page.getByRole('list', { name: 'Records, newest first' }).waitFor();
    await picture('activity');
    // What came since may have pushed it out of sight.
    await page.getByLabel('Words in the record').fill('Encrypt');
    await page
      .getByRole('link', { name: /encrypted data/ })
      .first()
      .click();
    await expect(page.getByRole('complementary', { name: 'Record' }).getByText('Verifies')).toBeVisible();
    await picture('activity-record');
    await page.getByRole('button', { name: 'Close the record' }).click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });
  await stop('refused calls are recorded too', async () => {
    await page.getByRole('combobox', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'refused', exact: true }).click();
    await page
      .getByRole('link', { name: /tried to/ })
      .first()
      .click();
    await picture('activity-refused');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Words in the record').fill('nothing-has-this-word');
    await page.getByText('No record fits').waitFor();
    await picture('activity-nothing-fits');
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });
  await stop('the whole trail verifies and can be exported', async () => {
    await page.getByRole('button', { name: 'Verify the trail' }).click();
    await expect(page.getByText('The trail is whole')).toBeVisible();
    await picture('activity-verified');
    await page.keyboard.press('Escape');
    const folder = path.join(app.home, 'exports');
    await mkdir(folder);
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByLabel('Folder', { exact: true }).fill(folder);
    await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByText(/records exported/)).toBeVisible();
    await picture('activity-exported');
    expect(await readdir(folder)).toHaveLength(1);
    await page.keyboard.press('Escape');
  });
}
