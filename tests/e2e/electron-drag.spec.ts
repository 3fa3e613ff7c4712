import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page, test } from '@playwright/test';
import { type App, expect, openApp, program } from '../support/app.ts';
import { type VirtualScreen, virtualScreen } from '../support/screen.ts';
import { withVariable } from '../support/variable.ts';

// The pointer of a virtual screen drags a result out of Coffer's window into that of another program.

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
/** Places over the other window at which it was asked, before the button is let go. */
const TAKEN = 10;

type Received = typeof globalThis & { received?: { path: string; text: string }[] };

/** Another program with a window that takes what is dropped on it. */
async function otherProgram(home: string, place: Box): Promise<ElectronApplication> {
  const folder = path.join(home, 'other');
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'other', main: 'main.js' }));
  await writeFile(
    path.join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron');
app.setPath('userData', ${JSON.stringify(path.join(folder, 'profile'))});
app.whenReady().then(() => {
  const webPreferences = { nodeIntegration: true, contextIsolation: false, sandbox: false };
  const window = new BrowserWindow({ ...${JSON.stringify(place)}, frame: false, webPreferences });
  window.loadURL('data:text/html,<body style="height:100vh;margin:0">');
});`,
  );
  const { command, env } = program('electron', home);
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', folder];
  const other = await _electron.launch({ executablePath: command, args, env });
  await (await other.firstWindow()).evaluate(() => {
    const { webUtils } = require('electron');
    const places = new Set<number>();
    document.addEventListener('dragover', (event) => {
      event.preventDefault();
      places.add(event.clientX);
      document.title = `over ${places.size}`;
    });
    document.addEventListener('drop', async (event) => {
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      (globalThis as Received).received = await Promise.all(
        files.map(async (file) => ({ path: webUtils.getPathForFile(file), text: await file.text() })),
      );
    });
  });
  return other;
}

/**
 * Drags the result of the only job from Coffer's window until the other one takes it, and lets go there. What a window
 * answers to a move (XDND's status) is what its page said to the move before, so the first move over it is answered
 * with a refusal, and letting go then drops nothing.
 */
async function dragResult(app: App, target: Page, over: Box, screen: VirtualScreen): Promise<void> {
  const handle = app.page.getByTitle('Drag the result to another window');
  await handle.scrollIntoViewIfNeeded();
  const box = await handle.boundingBox();
  const content = await app.electron?.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getContentBounds(),
  );
  if (!box || !content) throw new Error('the handle is not on the screen');
  const from = { x: content.x + box.x + box.width / 2, y: content.y + box.y + box.height / 2 };
  screen.move(from.x, from.y);
  screen.button(true);
  let moves = 0;
  await expect(async () => {
    moves += 1;
    // A drag begins after some pixels; afterwards, a hand does not hold still either.
    if (moves < 10) screen.move(from.x + 2 * moves, from.y);
    else screen.move(over.x + over.width / 2 + (moves % TAKEN), over.y + over.height / 2);
    expect(await target.title()).toBe(`over ${TAKEN}`);
  }).toPass({ timeout: 30_000, intervals: [50] });
  screen.button(false);
}

async function dragAway(screen: VirtualScreen): Promise<void> {
  const app = await openApp('electron', { alias: 'first' });
  let other: ElectronApplication | undefined;
  try {
    const plain = path.join(app.home, 'letter.txt');
    await writeFile(plain, 'dear');
    await app.electron?.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 0, y: 0, width: 950, height: 800 }),
    );
    await app.go('/files');
    await app.drop('section[aria-label="Drop files here"]', [plain]);
    await app.page.getByRole('button', { name: /^Encrypt 1 item/ }).click();
    const place = { x: 1000, y: 0, width: 400, height: 400 };
    other = await otherProgram(app.home, place);
    const target = await other.firstWindow();
    await dragResult(app, target, place, screen);
    const sealed = `${plain}.encrypted`;
    await expect
      .poll(() => target.evaluate(() => (globalThis as Received).received), { timeout: 30_000 })
      .toEqual([{ path: sealed, text: await readFile(sealed, 'utf8') }]);
  } finally {
    await other?.close();
    await app.close();
  }
}

test('a result is dragged out of the window into another program', async () => {
  test.skip(process.platform !== 'linux', 'the screen is an X server');
  const screen = await virtualScreen();
  try {
    await withVariable('DISPLAY', screen.display, () => dragAway(screen));
  } finally {
    await screen.stop();
  }
});
