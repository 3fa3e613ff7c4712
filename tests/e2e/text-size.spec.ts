import type { Page } from '@playwright/test';
import { expect, PASSPHRASE, test } from '../support/app.ts';
import { expectAccessible, makeKey } from '../support/window.ts';

const SCREENS = [
  '/keys',
  '/key-stores',
  '/files',
  '/sign',
  '/sign/verify',
  '/access/simulator',
  '/access/key',
  '/access/people',
  '/access/grants',
  '/activity',
  '/settings/ways-in',
  '/settings/locking',
  '/settings/backup',
  '/settings/endpoint',
  '/settings/appearance',
  '/settings/about',
];
const TABS = ['overview', 'use', 'rotation', 'regions', 'names', 'policy', 'grants', 'activity'];

const rem = (page: Page) => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));

/** What reaches out of the window sideways, other than inside something that scrolls by itself. */
const sticksOut = (page: Page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll('main a, main button, main input, header a, header button, nav a, h1')]
      .filter((element) => {
        const { right, left, width: wide } = element.getBoundingClientRect();
        return wide > 0 && (right > width + 1 || left < -1) && right > 0 && !scrolls(element.parentElement);
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });

/** What would move although less motion was asked for. */
const moving = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('*:not([class*="mantine-Loader"])')]
      .filter((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return [transitionDuration, animationDuration].some((all) =>
          all.split(',').some((one) => Number.parseFloat(one) * (one.trim().endsWith('ms') ? 1 : 1000) > 1),
        );
      })
      .map((element) => element.outerHTML.slice(0, 100)),
  );

test('text grows to twice its size by keys, wheel, palette and settings; it is remembered, and everything stays in the window', async ({
  app,
  page,
}) => {
  await expect.poll(() => rem(page)).toBe(16);
  await expect(page.getByRole('button', { name: 'Make the vault' })).toBeVisible();
  // Before there is a vault, too.
  await page.keyboard.press('Control+Equal');
  expect(await rem(page)).toBeCloseTo(17.6);
  await page.keyboard.press('Control+0');
  expect(await rem(page)).toBe(16);
  await app.firstRun();
  // The windows of the tests ask for less motion.
  expect(await moving(page)).toEqual([]);
  const KeyId = await makeKey(page, 'a-key-with-quite-a-long-name-of-its-own', { MultiRegion: true });
  await app.go('/settings/appearance');
  await page.getByRole('combobox', { name: 'Size of text, icons and controls' }).click();
  await page.getByRole('option', { name: '200 %' }).click();
  expect(await rem(page)).toBe(32);
  await page.keyboard.press('Control+Equal');
  expect(await rem(page)).toBe(32);
  // Icons grow along.
  const icon = page.getByRole('navigation').locator('svg').first();
  expect((await icon.boundingBox())?.width).toBeCloseTo(40, 0);

  const devtools = await page.context().newCDPSession(page);
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await devtools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    for (const route of [...SCREENS, ...TABS.map((tab) => `/keys/${KeyId}/${tab}`)]) {
      await app.go(route);
      await page.getByRole('main').waitFor();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await page.evaluate(() => document.scrollingElement?.scrollWidth), route).toBeLessThanOrEqual(width);
      expect(await sticksOut(page), `${route} at ${width}`).toEqual([]);
    }
  }
  await expectAccessible(page, 'a key at twice the size');
  await devtools.send('Emulation.clearDeviceMetricsOverride');

  const again = await app.restart();
  await expect.poll(() => rem(again)).toBe(32);
  await again.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await again.getByRole('button', { name: 'Unlock' }).click();
  // Back where it was.
  await expect(again.getByRole('heading', { level: 1, name: /a-key-with-quite/ })).toBeVisible();
  expect(new URL(again.url()).hash).toBe(`#/keys/${KeyId}/activity`);
  await again.keyboard.press('Control+Minus');
  await expect.poll(() => rem(again)).toBe(28);
});
