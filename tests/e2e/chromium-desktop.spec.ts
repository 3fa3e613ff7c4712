import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from '@playwright/test';
import { startApplication } from '../../src/main/application.ts';
import { createChromiumShell } from '../../src/main/shell/chromium/index.ts';
import { built, expect, PASSPHRASE } from '../support/app.ts';

// What the Chromium shell has around the window: files named on the command line, and the window's place.

test('files of the command line are in the review once the vault is open, and the window has the size it had', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'coffer-e2e-'));
  const stateDir = path.join(home, 'state');
  const file = path.join(home, 'letter.txt');
  await writeFile(file, 'dear');
  const open = async (files: string[]) => {
    const shell = createChromiumShell({ headless: process.env.COFFER_TEST_HEADED !== '1', stateDir, files });
    const env = { ...process.env, COFFER_HOME: home, DBUS_SESSION_BUS_ADDRESS: '' };
    const application = await startApplication({ shell, built, version: '0.0.0-test', env });
    if (!shell.page) throw new Error('the window did not open');
    return { page: shell.page, close: () => application.close() };
  };
  try {
    const { page, close } = await open([file, path.join(home, 'not-there.encrypted')]);
    const vault = { path: path.join(home, 'vault'), name: 'Mine', passphrase: PASSPHRASE };
    await page.evaluate(
      (wish) => window.coffer.invoke('vault.create', wish),
      JSON.stringify({ ...vault, useKeychain: false, region: 'eu-central-1' }),
    );
    await expect.poll(() => page.getByRole('main').getByText('letter.txt').count()).toBeGreaterThan(0);
    expect(new URL(page.url()).hash).toBe('#/files');
    await expect.poll(() => page.getByRole('main').getByText('not-there.encrypted').count()).toBeGreaterThan(0);

    const devtools = await page.context().newCDPSession(page);
    const { windowId } = await devtools.send('Browser.getWindowForTarget');
    await devtools.send('Browser.setWindowBounds', { windowId, bounds: { width: 940, height: 660 } });
    await close();
    expect(JSON.parse(await readFile(path.join(stateDir, 'window.json'), 'utf8'))).toMatchObject({
      width: 940,
      height: 660,
      maximized: false,
    });
    const again = await open([]);
    expect(await again.page.evaluate(() => [window.outerWidth, window.outerHeight])).toEqual([940, 660]);
    await again.close();
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
