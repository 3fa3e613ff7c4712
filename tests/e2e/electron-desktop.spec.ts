import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, openApp, PASSPHRASE, program, test } from '../support/app.ts';
import { type Said, systemBus } from '../support/system-bus.ts';
import { withVariable } from '../support/variable.ts';
import { callKms, makeKey } from '../support/window.ts';

// What only Electron's shell has around the window: menus, tray, progress, notices, files opened with Coffer.

type Recorded = typeof globalThis & { recorded: unknown[]; notices: { title: string; body: string }[] };

test('the menus run the palette’s commands, and what needs an open vault is off while it is locked', async ({
  app,
  page,
}) => {
  const item = (id: string) =>
    app.electron?.evaluate(({ Menu }, wanted) => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.enabled, id);
  const click = (id: string) =>
    app.electron?.evaluate(({ Menu }, wanted) => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.click(), id);
  await expect(page.getByRole('button', { name: 'Make the vault' })).toBeVisible();
  expect(await item('vault.lock')).toBe(false);
  expect(await item('view.larger')).toBe(true);
  await click('view.larger');
  await expect
    .poll(() => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)))
    .toBeCloseTo(17.6);
  await click('view.usual');
  await app.firstRun({ alias: 'menu-key' });
  await expect.poll(() => item('vault.lock')).toBe(true);

  // Every command a menu names is one the palette has.
  const ids = await app.electron?.evaluate(({ Menu }) => {
    const idsOf = (items: Electron.MenuItem[]): string[] =>
      items.flatMap((each) => [...(each.submenu ? idsOf(each.submenu.items) : []), ...(each.id ? [each.id] : [])]);
    return idsOf(Menu.getApplicationMenu()?.items ?? []);
  });
  expect(ids?.length).toBeGreaterThan(15);
  for (const id of ['go.activity', 'go.settings', 'go.keys', 'go.files', 'go.access', 'go.sign'].filter((each) =>
    ids?.includes(each),
  )) {
    await click(id);
    await expect.poll(() => new URL(page.url()).hash).toBe(`#/${id.replace('go.', '')}`);
  }
  await click('vault.backup');
  await expect.poll(() => new URL(page.url()).hash).toBe('#/settings/backup');
  await click('theme.dark');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await click('palette.open');
  await expect(page.getByLabel('Search for a key, a screen or a command')).toBeFocused();
  await page.keyboard.press('Escape');
  await click('key.create');
  await expect(page.getByRole('dialog', { name: /Create a key/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await click('go.settings.about');
  await expect(page.getByText('This vault')).toBeVisible();
  // The system's own editing works in fields.
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('some words');
  const roles = await app.electron?.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items.map(({ role }) => role) ?? []),
  );
  expect(roles).toEqual(expect.arrayContaining(['undo', 'redo', 'cut', 'copy', 'paste', 'selectall', 'quit']));
  await page.keyboard.press('Escape');
  await click('vault.lock');
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
  await expect.poll(() => item('key.create')).toBe(false);
});

test('jobs are on the taskbar, and who is elsewhere is told of their end and of what is coming, without names', async ({
  app,
  page,
}) => {
  await app.firstRun({ alias: 'payroll' });
  // What Electron is asked to show, as it is asked.
  await app.electron?.evaluate(({ BrowserWindow, Notification }) => {
    const seen = globalThis as Recorded;
    seen.recorded = [];
    seen.notices = [];
    const window = BrowserWindow.getAllWindows()[0];
    if (!window) throw new Error('no window');
    const { setProgressBar } = window;
    let leapt = false;
    window.setProgressBar = (value, options) => {
      seen.recorded.push([value, options?.mode]);
      setProgressBar.call(window, value, options);
      // The job is under way: an hour passes, so that it is a long one, and it is time to look at what is coming.
      if (value < 0 || leapt) return;
      leapt = true;
      const before = Date.now.bind(Date);
      Date.now = () => before() + 3_600_000;
    };
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: Electron.Notification) {
      seen.notices.push({ title: this.title, body: this.body });
      if (this.title.startsWith('Coming')) (seen as unknown as { last: Electron.Notification }).last = this;
    };
    window.isFocused = () => false;
  });
  const notices = () => app.electron?.evaluate(() => (globalThis as Recorded).notices);
  await page.evaluate(() => window.coffer.invoke('vault.setSettings', JSON.stringify({ autoLockMinutes: 0 })));
  const KeyId = await makeKey(page, 'leaving');
  await callKms(page, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  const folder = path.join(app.home, 'work');
  await mkdir(folder);
  await writeFile(path.join(folder, 'salaries.bin'), Buffer.alloc(192 * 2 ** 20, 7));
  await app.go('/files');
  await page.getByRole('textbox', { name: 'Path of a file or folder' }).fill(path.join(folder, 'salaries.bin'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Encrypt 1 item/ }).click();
  await expect.poll(notices, { timeout: 30_000 }).toHaveLength(2);
  expect(await notices()).toEqual(
    expect.arrayContaining([
      { title: 'Done', body: '1 job finished.' },
      { title: 'Coming up in Coffer', body: '1 key will be deleted within a week.' },
    ]),
  );
  const progress = (await app.electron?.evaluate(() => (globalThis as Recorded).recorded)) as [number, string?][];
  expect(progress.some(([value]) => value > 0)).toBe(true);
  expect(progress.at(-1)).toEqual([-1, undefined]);
  expect(progress.every(([value]) => value === -1 || (value >= 0 && value <= 2))).toBe(true);

  expect(JSON.stringify(await notices())).not.toMatch(/payroll|leaving|salaries/);
  await app.electron?.evaluate(() => (globalThis as unknown as { last: Electron.Notification }).last.emit('click'));
  await expect(page.getByRole('note').filter({ hasText: 'Coming up within a week' })).toContainText('leaving');
});

test('files opened with Coffer wait for the vault and are then in the review', async ({ app, page }) => {
  await app.firstRun();
  const plain = path.join(app.home, 'letter.txt');
  await writeFile(plain, 'dear');
  await page.evaluate(() => window.coffer.invoke('vault.lock', '{}'));
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
  // Started again with a file, as a double click does: the second start ends, the first takes the file.
  const { command, args, env } = program('electron', app.home);
  const second = spawn(command, [...args, 'letter.txt'], { env, cwd: app.home, stdio: 'ignore' });
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('main').getByText('letter.txt').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Encrypt 1 item/ })).toBeVisible();
});

test('a double click on an encrypted file brings it into the window, once that was chosen', async ({ app, page }) => {
  await app.firstRun();
  const sealed = path.join(app.home, 'letter.txt.encrypted');
  await writeFile(sealed, 'no message of the format');
  await app.go('/settings/appearance');
  const choice = page.getByRole('switch', { name: 'Open encrypted files with Coffer' });
  await expect(choice).not.toBeChecked();
  await choice.press('Space');
  await expect(choice).toBeChecked();
  const { env } = program('electron', app.home);
  // What a file manager does.
  await promisify(execFile)('gio', ['open', sealed], { env: { ...env, GIO_USE_VFS: 'local' } });
  await expect(page.getByRole('region', { name: 'What will happen' })).toContainText('letter.txt.encrypted');
  await app.go('/settings/appearance');
  await choice.press('Space');
  await expect(choice).not.toBeChecked();
  await expect(promisify(execFile)('gio', ['open', sealed], { env })).rejects.toThrow();
});

test('the window opens where it was, back on a screen when that is gone; the tray does no harm without a panel', async ({
  app,
}) => {
  const state = path.join(app.home, 'state', 'window.json');
  await app.electron?.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 30, width: 900, height: 650 });
  });
  await app.closeWindow();
  await expect
    .poll(() =>
      stat(state).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  const kept = JSON.parse(await readFile(state, 'utf8'));
  expect(kept).toMatchObject({ width: 900, height: 650, maximized: false, fullScreen: false });
  await writeFile(state, JSON.stringify({ ...kept, x: 90_000, y: -4_000 }));
  await app.restart();
  const bounds = await app.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(bounds).toMatchObject({ width: 900, height: 650 });
  expect(bounds?.x).toBeLessThan(5_000);
  expect(bounds?.y).toBeGreaterThanOrEqual(0);
});

test('the vault locks when the computer goes to sleep and when the screen is locked, unless that was switched off', async ({
  app,
  page,
}) => {
  await app.firstRun();
  const happens = (event: 'suspend' | 'lock-screen' | 'resume') =>
    app.electron?.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event);
  for (const event of ['suspend', 'lock-screen'] as const) {
    await happens(event);
    await expect(page.getByText('It locked itself when the computer went to sleep')).toBeVisible();
    await app.unlock();
  }
  await happens('resume');
  await page.evaluate(() => window.coffer.invoke('vault.setSettings', JSON.stringify({ lockOnSuspend: false })));
  await happens('suspend');
  await happens('lock-screen');
  expect(await page.evaluate(() => window.coffer.invoke('vault.status', '{}'))).toContain('"open"');
});

test.describe('on Linux', () => {
  test.skip(process.platform !== 'linux', 'logind is of Linux');

  for (const said of [{ sleeps: true }, 'Lock', { locked: true }] satisfies Said[])
    test(`the vault locks when logind says ${JSON.stringify(said)}`, async () => {
      const bus = await systemBus();
      const app = await withVariable('DBUS_SYSTEM_BUS_ADDRESS', bus.address, () =>
        openApp('electron', { alias: 'first' }),
      );
      try {
        // Whoever listens may begin to a moment after the window came. A sleep cuts Playwright's connection to the page.
        await expect(async () => {
          bus.say(said);
          expect(await app.run('document.body.innerText')).toContain('It locked itself when');
        }).toPass({ timeout: 30_000 });
      } finally {
        await app.close();
        await bus.stop();
      }
    });
});
