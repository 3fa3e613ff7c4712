import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchSuspend } from '../../../src/main/shell/suspend.ts';
import { type Said, type SystemBus, systemBus } from '../../support/system-bus.ts';

// The real gdbus on a real bus; what it prints is kept beside, so that the test knows when it listens.
describe.runIf(process.platform === 'linux')('what logind says', () => {
  let folder: string;
  let bus: SystemBus;
  let stop: () => void = () => undefined;
  let suspended: number;
  const kept = (name: string) => readFile(path.join(folder, name), 'utf8').catch(() => '');
  const printed = (text: string) => vi.waitFor(async () => expect(await kept('printed')).toContain(text), 60_000);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'coffer-suspend-'));
    bus = await systemBus();
    vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address);
    const keeping = path.join(folder, 'gdbus');
    await writeFile(
      keeping,
      `#!/bin/bash\ncd '${folder}'\necho $$ >pid\nPATH=\${PATH#*:}\nexec gdbus "$@" > >(tee printed)\n`,
    );
    await chmod(keeping, 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    suspended = 0;
    stop = watchSuspend(() => {
      suspended += 1;
    }, 50);
    await printed('is owned by');
  });
  afterEach(async () => {
    stop();
    vi.unstubAllEnvs();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each<[string, Said, Said, string]>([
    ['the computer is about to sleep', { sleeps: true }, { sleeps: false }, 'PrepareForSleep (false'],
    ['a session is to be locked', 'Lock', 'Unlock', 'Session.Unlock'],
    ['a screen is locked', { locked: true }, { locked: false }, "'LockedHint': <false>"],
  ])('counts when %s, not when that is over', async (_when, begins, ends, text) => {
    bus.say(ends);
    await printed(text);
    expect(suspended).toBe(0);
    bus.say(begins);
    await vi.waitFor(() => expect(suspended).toBe(1), 60_000);
  });

  it('is heard also after somebody ended gdbus', async () => {
    const first = Number(await kept('pid'));
    await writeFile(path.join(folder, 'printed'), '');
    process.kill(first, 'SIGKILL');
    await printed('is owned by');
    expect(Number(await kept('pid'))).not.toBe(first);
    bus.say('Lock');
    await vi.waitFor(() => expect(suspended).toBe(1), 60_000);
  });

  it('is not heard any more once the watch has ended, and gdbus neither runs on', async () => {
    stop();
    const pid = Number(await kept('pid'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 60_000);
    bus.say('Lock');
    expect(suspended).toBe(0);
  });
});
