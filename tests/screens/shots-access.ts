import { expect } from '../support/app.ts';
import { actAs, actingBar, backToOwner } from '../support/window.ts';
import type { Studio } from './studio.ts';

export async function accessShots({ app, page, picture, key }: Studio): Promise<void> {
  const answer = page.getByRole('region', { name: 'Answer' });
  await app.go(`/access/key?key=${key('releases')}`);
  await page.getByRole('grid', { name: 'Who can do what with the key' }).waitFor();
  await picture('access-matrix');
  await app.go('/access/simulator');
  await expect(answer).toContainText(/Allowed|Denied/);
  await picture('access-simulator');
  await page.getByRole('button', { name: 'Circumstances' }).click();
  await page.getByRole('combobox', { name: 'Who' }).fill('s3.amazonaws.com');
  await expect(answer).toContainText('Denied');
  await picture('access-denied');
  await app.go('/access/people');
  await page.getByRole('link', { name: 'ada', exact: true }).waitFor();
  await picture('people');
  await page.getByRole('link', { name: 'ada', exact: true }).click();
  const parts = page.getByRole('tablist', { name: 'Parts of ada' });
  await parts.waitFor();
  for (const tab of await parts.getByRole('tab').all()) {
    const name = (await tab.textContent()) ?? '';
    await tab.click();
    await page.getByRole('tabpanel').last().waitFor();
    await picture(`person-${name.toLowerCase().replace(/\W+/g, '-')}`);
  }
  await app.go(`/keys/${key('releases')}/policy`);
  await page.getByRole('button', { name: 'Edit policy' }).click();
  await picture('policy-cards');
  await page.getByRole('radiogroup', { name: 'How the policy is shown' }).getByText('Text', { exact: true }).click();
  const field = page.getByRole('textbox', { name: 'Key policy' });
  await field.waitFor();
  const policy = (await field.locator('.cm-line').allTextContents()).join('\n');
  await field.fill(policy.replace('"kms:*"', '"kms:Decrypt"'));
  await expect(page.getByRole('region', { name: 'Findings' })).toContainText('change it again');
  await picture('policy-text');
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('dialog', { name: 'Review the new policy' }).waitFor();
  await picture('policy-review');
  await page.getByRole('button', { name: 'Keep editing' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();

  await actAs(page, 'grace');
  await app.go('/keys');
  await page.getByRole('grid', { name: 'Keys' }).waitFor();
  await picture('acting-keys');
  await app.go(`/keys/${key('orders')}/use`);
  await page.getByLabel('Text to encrypt').fill('an order');
  await page
    .getByRole('region', { name: 'Encrypt text' })
    .getByRole('button', { name: 'Encrypt', exact: true })
    .click();
  await page.getByText('AccessDeniedException').first().waitFor();
  await picture('acting-refused');
  await expect(actingBar(page)).toContainText('grace');
  await backToOwner(page);
}
