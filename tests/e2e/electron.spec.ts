import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { built, expect, test } from '../support/app.ts';

// What only Electron's shell has: a process of its own to end, and a sender that its main process checks.

test.use({ alias: 'first' });

test('a signal locks the vault and ends the program, also when it comes twice', async ({ app }) => {
  const vault = path.join(app.home, 'vault');
  expect(await readdir(vault)).toContain('lock');
  const main = app.electron?.process();
  const ended = new Promise((resolve) => main?.once('exit', resolve));
  // As a terminal and npm send it.
  main?.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 5));
  main?.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(await readdir(vault)).not.toContain('lock');
});

test('the window is sandboxed, isolated and without Node', async ({ app }) => {
  const preferences = await app.electron?.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) =>
      // Electron has it and leaves it out of its types.
      (webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
    ),
  );
  expect(preferences).toMatchObject([
    { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
  ]);
});

test('answers no window but its own', async ({ app }) => {
  const answer = await app.electron?.evaluate(
    async ({ BrowserWindow }, preload) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await other.loadURL('data:text/html,<p>other');
      const said = await other.webContents.executeJavaScript(
        "window.coffer.invoke('vault.status', '{}').catch((error) => error.message)",
      );
      other.destroy();
      return said;
    },
    path.join(built, 'preload', 'index.cjs'),
  );
  expect(answer).toMatch(/refused/);
});
