import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from '@playwright/test';
import { startApplication } from '../../src/main/application.ts';
import { createChromiumShell } from '../../src/main/shell/chromium/index.ts';
import { built, expect, openApp, PASSPHRASE } from '../support/app.ts';
import { systemBus } from '../support/system-bus.ts';
import { withVariable } from '../support/variable.ts';

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

test('a page that crashed, which nothing can bring back, ends the program with the vault locked', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'coffer-e2e-'));
  try {
    const shell = createChromiumShell({ headless: process.env.COFFER_TEST_HEADED !== '1' });
    const env = { ...process.env, COFFER_HOME: home, DBUS_SESSION_BUS_ADDRESS: '' };
    let ended = false;
    const onClosed = () => {
      ended = true;
    };
    const application = await startApplication({ shell, built, version: '0.0.0-test', env, onClosed });
    const { page } = shell;
    if (!page) throw new Error('the window did not open');
    const vault = { path: path.join(home, 'vault'), name: 'Mine', passphrase: PASSPHRASE };
    await page.evaluate(
      (wish) => window.coffer.invoke('vault.create', wish),
      JSON.stringify({ ...vault, useKeychain: false, region: 'eu-central-1' }),
    );
    const devtools = await page.context().newCDPSession(page);
    // Nobody is left to answer it.
    devtools.send('Page.crash').catch(() => undefined);
    await expect.poll(() => ended, { timeout: 20_000 }).toBe(true);
    expect((await application.session.status()).state).toBe('locked');
    expect(await readdir(vault.path)).not.toContain('lock');
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('the vault locks when logind says that the screen is locked', async () => {
  test.skip(process.platform !== 'linux', 'logind is of Linux');
  const bus = await systemBus();
  const app = await withVariable('DBUS_SYSTEM_BUS_ADDRESS', bus.address, () => openApp('chromium', { alias: 'first' }));
  try {
    // Whoever listens may begin to a moment after the window came.
    await expect(async () => {
      bus.say({ locked: true });
      await expect(app.page.getByText('It locked itself when')).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 30_000 });
  } finally {
    await app.close();
    await bus.stop();
  }
});
