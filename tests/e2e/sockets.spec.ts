import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, program, test } from '../support/app.ts';
import { commandLine, listeningSockets, processTree } from '../support/sockets.ts';

test('a listening socket is seen where there is one', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    expect(listeningSockets(process.pid).length).toBeGreaterThan(0);
  } finally {
    server.close();
  }
});

test('the program as it is started listens on no port', async ({ app }) => {
  await app.closeWindow();
  const { command, args, env } = program(app.shell, app.home);
  const child = spawn(command, args, { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    const pid = child.pid ?? 0;
    const renders = () => processTree(pid).some((each) => commandLine(each).includes('--type=renderer'));
    await expect.poll(renders, { timeout: 20_000 }).toBe(true);
    // Long enough for the page to be there, and for services that a browser starts late.
    for (let look = 0; look < 15; look++) {
      expect(listeningSockets(pid)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    // As a terminal and npm send it: the second one cuts nothing off.
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
  }
  expect(await ended).toEqual([0, null]);
});
