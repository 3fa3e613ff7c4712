import { expect } from '@playwright/test';
import { expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');
const shot = (name: string) => window.page.screenshot({ path: `/tmp/w-shots/${name}.png` });

test('look', async () => {
  const { app, page } = window;
  await app.go('/access/people');
  await expect(page.getByText('Nobody but you yet')).toBeVisible();
  await shot('01-empty');
  await page.getByRole('button', { name: 'Create user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a user' });
  await dialog.getByLabel('User name').fill('ada');
  await shot('02-create-user');
  await dialog.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('heading', { name: 'ada' })).toBeVisible();
  await shot('03-ada');
  await page.getByRole('button', { name: 'Act as ada' }).click();
  await expect(page.getByRole('region', { name: 'Acting as' })).toBeVisible();
  await page.waitForTimeout(800);
  await shot('04-acting-people');
  for (const place of [
    'keys',
    'files',
    'activity',
    'settings',
    'settings/endpoint',
    'settings/locking',
    'settings/backup',
  ]) {
    await app.go(`/${place}`);
    await page.waitForTimeout(700);
    await shot(`05-acting-${place.replace('/', '-')}`);
  }
  await page.getByRole('button', { name: /^Acting as user ada/ }).click();
  await page.waitForTimeout(400);
  await shot('06-menu');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('06-menu-dark');
});
