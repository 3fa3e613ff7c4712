import { expect } from '../support/app.ts';
import { stop, type Tour } from './stops.ts';

export async function accessStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  const answer = page.getByRole('region', { name: 'Answer' });

  await stop('the simulator says who may do what, and which statement says so', async () => {
    await page.getByRole('link', { name: 'Access', exact: true }).click();
    await expect(answer).toContainText('Allowed');
    await picture('access-simulator');
    await page.getByRole('button', { name: 'Circumstances' }).click();
    await page.getByText('Not proven', { exact: true }).click();
    await picture('access-circumstances');
    await page.getByRole('combobox', { name: 'Who' }).fill('s3.amazonaws.com');
    await expect(answer).toContainText('Denied');
    await picture('access-denied');
  });
  await stop('who can use a key is one table', async () => {
    await page.getByRole('tab', { name: 'Who can use a key' }).click();
    const matrix = page.getByRole('grid', { name: 'Who can do what with the key' });
    await matrix.waitFor();
    await picture('access-matrix');
    await page.getByRole('switch', { name: 'All actions' }).click();
    await matrix.getByRole('columnheader', { name: 'ReEncryptFrom' }).waitFor();
    await picture('access-matrix-all');
    await matrix.getByRole('button', { name: ': root, kms:Decrypt' }).click();
    await expect(answer).toContainText('Allowed');
  });
}

export async function peopleStops({ app, picture }: Tour): Promise<void> {
  const { page } = app;
  await stop('a user of their own, and the window acting as them', async () => {
    await page.getByRole('link', { name: 'Access', exact: true }).click();
    await page.getByRole('tab', { name: 'People' }).click();
    await page.getByRole('button', { name: 'Create user' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a user' });
    await dialog.getByLabel('User name').fill('ada');
    await picture('people-create');
    await dialog.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('button', { name: 'Act as ada' }).click();
    const bar = page.getByRole('region', { name: 'Acting as' });
    await expect(bar).toContainText('user ada');
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await expect(page.getByRole('grid', { name: 'Keys' })).toBeVisible();
    await picture('people-acting');
    await bar.getByRole('button', { name: 'Back to the owner' }).click();
    await page.getByRole('link', { name: 'Access', exact: true }).click();
    await page.getByRole('tab', { name: 'People' }).click();
    await expect(page.getByRole('link', { name: 'ada', exact: true })).toBeVisible();
    await picture('people');
  });
}
