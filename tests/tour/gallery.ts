import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CDPSession, Page } from '@playwright/test';

const folder = path.resolve(import.meta.dirname, '..', '..', 'out', 'tour');

/** How the window looks in each folder of pictures. */
const looks = [
  { name: 'dark', scheme: 'dark', width: 1280, height: 800 },
  { name: 'small', scheme: 'light', width: 900, height: 600 },
  { name: 'light', scheme: 'light', width: 1280, height: 800 },
] as const;

/** Long enough for the interface's transitions to be over. */
const SETTLE_MS = 350;

/** Takes numbered pictures of a page in every look. */
export class Gallery {
  #number = 0;
  readonly #devtools = new Map<Page, CDPSession>();

  get pictures(): number {
    return this.#number * looks.length;
  }

  /** The size stays what the last picture had: it is undone when its session ends. */
  async #session(page: Page): Promise<CDPSession> {
    const known = this.#devtools.get(page);
    if (known) return known;
    const devtools = await page.context().newCDPSession(page);
    this.#devtools.set(page, devtools);
    return devtools;
  }

  async picture(page: Page, name: string): Promise<void> {
    const number = String(++this.#number).padStart(2, '0');
    const devtools = await this.#session(page);
    // What was said a step before would cover this one.
    for (const notice of await page.locator('.mantine-Notification-closeButton').all())
      await notice.click({ timeout: 1000 }).catch(() => undefined);
    for (const look of looks) {
      await page.emulateMedia({ colorScheme: look.scheme });
      const { width, height } = look;
      await devtools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
      await page.waitForTimeout(SETTLE_MS);
      await mkdir(path.join(folder, look.name), { recursive: true });
      await page.screenshot({ path: path.join(folder, look.name, `${number}-${name}.png`) });
    }
  }
}
