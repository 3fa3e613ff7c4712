import type { Page } from '@playwright/test';
import { expect, PASSPHRASE, test } from '../support/app.ts';

const SEARCH = 'Search for a key, a screen or a command';

async function openPalette(page: Page): Promise<void> {
  // The one before has to be gone, or what is typed would go into it.
  await expect(page.getByLabel(SEARCH)).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByLabel(SEARCH)).toBeFocused();
}

test.use({ alias: 'holiday-pictures' });

test('goes to a screen, to a key by its alias, and runs a command, by keyboard alone', async ({ page }) => {
  await openPalette(page);
  await page.getByLabel(SEARCH).fill('go activity');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Activity', exact: true })).toHaveAttribute('aria-current', 'page');

  await openPalette(page);
  await page.getByLabel(SEARCH).fill('holiday');
  await expect(page.getByRole('dialog').getByText('holiday-pictures')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /holiday-pictures/ })).toBeVisible();

  await openPalette(page);
  await page.getByLabel(SEARCH).fill('dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');

  await openPalette(page);
  await page.getByLabel(SEARCH).fill('nothing has this name');
  await expect(page.getByText('Nothing has that name.')).toBeVisible();
  await page.keyboard.press('Escape');

  await expect(page.getByLabel(SEARCH)).toHaveCount(0);
  await page.getByRole('button', { name: 'Search and commands' }).click();
  await page.getByLabel(SEARCH).fill('lock vault');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
});

test('changes the Region: the other Region has no keys', async ({ app, page }) => {
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await expect(page.getByText('holiday-pictures').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Region' }).click();
  await page.getByRole('option', { name: 'eu-north-1' }).click();
  await expect(page.getByText('holiday-pictures')).toHaveCount(0);
  const again = await app.restart();
  await again.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await again.getByRole('button', { name: 'Unlock' }).click();
  await expect(again.getByRole('combobox', { name: 'Region' })).toHaveValue('eu-north-1');
});

test('a list that closes while it scrolls leaves nothing running', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Region' }).click();
  await page.getByRole('option').last().waitFor();
  // It scrolls on while it closes.
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const options = [...document.querySelectorAll<HTMLElement>('[aria-label="Region"] [role="option"]')];
    const list = options[0]?.closest('.mantine-ScrollArea-viewport');
    if (!list) throw new Error('the list does not scroll');
    for (let step = 0; step < 60; step++) {
      list.scrollTop = (step % 2) * 40;
      await frame();
      if (step === 20) options.at(-1)?.click();
    }
  });
  await expect(page.getByRole('option')).toHaveCount(0);
  // What a list does when it closes is over after a moment; what follows it for ever is not.
  const frames = await page.evaluate(async () => {
    const { requestAnimationFrame } = window;
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    await wait(1000);
    let asked = 0;
    window.requestAnimationFrame = (callback) => {
      asked++;
      return requestAnimationFrame(callback);
    };
    await wait(500);
    window.requestAnimationFrame = requestAnimationFrame;
    return asked;
  });
  expect(frames).toBe(0);
});
