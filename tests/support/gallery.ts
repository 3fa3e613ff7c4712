import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CDPSession, Page } from '@playwright/test';

/** How the window looks in one folder of pictures. */
export interface Look {
  readonly name: string;
  readonly scheme: 'light' | 'dark';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Long enough for the interface's transitions to be over. */
const SETTLE_MS = 350;

/** Takes numbered pictures of a page in every look, each look in a folder of its own. */
export class Gallery {
  #number = 0;
  readonly #devtools = new Map<Page, CDPSession>();
  readonly #folder: string;
  readonly #looks: readonly Look[];

  constructor(folder: string, looks: readonly Look[]) {
    this.#folder = folder;
    this.#looks = looks;
  }

  get pictures(): number {
    return this.#number * this.#looks.length;
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
    for (const { name: look, scheme, width, height } of this.#looks) {
      await page.emulateMedia({ colorScheme: scheme });
      await devtools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
      await page.waitForTimeout(SETTLE_MS);
      await mkdir(path.join(this.#folder, look), { recursive: true });
      await page.screenshot({ path: path.join(this.#folder, look, `${number}-${name}.png`) });
    }
  }
}
