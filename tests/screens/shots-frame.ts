import { PASSPHRASE } from '../support/app.ts';
import type { Studio } from './studio.ts';

/** What is around the screens: settings, the palette, locking. */
export async function frameShots({ app, page, picture }: Studio): Promise<void> {
  await app.go('/settings');
  const sections = page.getByRole('tablist').first();
  await sections.waitFor();
  for (const tab of await sections.getByRole('tab').all()) {
    const name = (await tab.textContent()) ?? '';
    await tab.click();
    await page.getByRole('tabpanel').waitFor();
    await picture(`settings-${name.toLowerCase().replace(/\W+/g, '-')}`);
  }
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').waitFor();
  await picture('palette');
  await page.getByLabel('Search for a key, a screen or a command').fill('ord');
  await picture('palette-key');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Acting as / }).click();
  await page.getByRole('dialog', { name: 'Acting as' }).waitFor();
  await picture('acting-as');
  await page.keyboard.press('Escape');
  await app.go('/nowhere');
  await page.getByText('There is no such screen').waitFor();
  await picture('no-such-screen');
  await page.getByRole('button', { name: 'Lock' }).first().click();
  const passphrase = page.getByLabel('Passphrase', { exact: true });
  await passphrase.fill('not the passphrase');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByText('That passphrase does not open this vault.').waitFor();
  await picture('locked-wrong-passphrase');
  await passphrase.fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('navigation').waitFor();
}
