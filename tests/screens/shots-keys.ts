import { expect } from '../support/app.ts';
import type { Studio } from './studio.ts';

export async function keyShots({ app, page, picture, key }: Studio): Promise<void> {
  const dialog = page.getByRole('dialog');
  // The first one may close a list that is open in the dialog.
  const leave = () =>
    expect(async () => {
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden({ timeout: 1000 });
    }).toPass();
  await app.go('/keys');
  await page.getByRole('grid', { name: 'Keys' }).getByRole('link', { name: 'family', exact: true }).waitFor();
  await picture('keys');
  await page.getByRole('combobox', { name: 'Group' }).click();
  await page.getByRole('option', { name: 'By state' }).click();
  await page.getByRole('checkbox', { name: 'Select orders' }).check();
  await page.getByRole('checkbox', { name: 'Select sessions' }).check();
  await picture('keys-grouped');
  await page.getByRole('button', { name: 'Clear the selection' }).click();
  await page.getByRole('combobox', { name: 'Group' }).click();
  await page.getByRole('option', { name: 'By state' }).click();

  await app.go('/keys/calendar');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await picture('keys-calendar');
  await app.go('/keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const next = dialog.getByRole('button', { name: 'Next' });
  await next.waitFor();
  await picture('create-key-kind');
  await next.click();
  await picture('create-key-spec');
  await next.click();
  await dialog.getByLabel('Alias').fill('diary');
  await picture('create-key-name');
  await next.click();
  await picture('create-key-care');
  await next.click();
  await picture('create-key-review');
  await leave();

  for (const [alias, tabs] of [
    ['family', ['overview', 'use', 'rotation', 'policy', 'grants', 'names', 'activity']],
    ['orders', ['overview', 'regions', 'grants']],
    ['releases', ['use', 'public-key', 'policy']],
    ['sessions', ['use']],
    ['inbox', ['use']],
    ['handshake', ['use']],
    ['lattice', ['use']],
    ['heirloom', ['overview', 'import']],
    ['to-be-imported', ['import']],
    ['old-laptop', ['overview']],
    ['staging', ['overview']],
    ['projects/2026/a-very-long-name-that-somebody-chose-because-aliases-may-have-256-characters', ['overview']],
  ] as const) {
    for (const tab of tabs) {
      await app.go(`/keys/${key(alias)}/${tab}`);
      await page.getByRole('tabpanel').waitFor();
      await picture(`key-${alias.split('/')[0]}-${tab}`);
    }
  }
  await app.go(`/keys/${key('orders')}/overview`);
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem').first().waitFor();
  await picture('key-actions');
  await page.getByRole('menuitem', { name: /deletion/i }).click();
  await dialog.waitFor();
  await picture('key-deletion');
  await leave();
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Share/ }).click();
  await dialog.waitFor();
  await picture('key-share');
  await leave();
  await app.go(`/keys/${key('orders')}/regions`);
  await page.getByRole('button', { name: 'Replicate to a Region' }).click();
  await dialog.waitFor();
  await picture('key-replicate');
  await leave();
  await app.go(`/keys/${key('orders')}/grants`);
  await page.getByRole('button', { name: 'Create grant' }).click();
  await dialog.waitFor();
  await picture('key-grant');
  await leave();
  await app.go('/key-stores');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await picture('key-stores');
  await app.go('/key-stores?new=1');
  await dialog.waitFor();
  await picture('key-store-create');
  await leave();
  await app.go('/keys/11111111-1111-1111-1111-111111111111');
  await page.getByRole('heading', { name: /^There is no such key/ }).waitFor();
  await picture('key-not-there');
}
