import { expect } from '@playwright/test';
import { callKms, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

/** Makes a key and opens the editor of its policy; answers the key's id and its account. */
async function openEditor(alias: string): Promise<{ KeyId: string; account: string }> {
  const { app, page } = window;
  const KeyId = await makeKey(page, alias);
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId });
  await app.go(`/keys/${KeyId}/policy`);
  await page.getByRole('button', { name: 'Edit policy' }).click();
  return { KeyId, account: KeyMetadata.AWSAccountId ?? '' };
}

const policyOf = async (KeyId: string) =>
  JSON.parse((await callKms(window.page, 'GetKeyPolicy', { KeyId })).Policy) as { Statement: Record<string, unknown>[] };

test('look', async () => {
  const { page } = window;
  await page.setViewportSize({ width: 1360, height: 900 }).catch(() => undefined);
  const { KeyId } = await openEditor('looked-at');
  await page.screenshot({ path: '/tmp/shots/edit-light.png' });
  await page.getByRole('button', { name: 'Templates' }).click();
  await page.screenshot({ path: '/tmp/shots/templates.png' });
  await page.getByRole('radio', { name: 'Through one service only' }).check();
  await page.getByRole('combobox', { name: 'Service' }).click();
  await page.getByRole('option', { name: 's3' }).click();
  await page.getByRole('button', { name: 'Put it in' }).click();
  await page.screenshot({ path: '/tmp/shots/cards.png', fullPage: true });
  expect(KeyId).toBeTruthy();
});
