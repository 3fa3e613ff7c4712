import { type ChildProcess, spawn } from 'node:child_process';

const TICK_MS = 2_000;
/** A timer that fires this late was held up by a sleeping computer, not by a busy one. */
const SLEPT_MS = 30_000;

/** What logind says before the computer sleeps, and when a session's screen is locked. */
const SIGNAL = /\.PrepareForSleep \(true,?\)|\.Session\.Lock \(\)/;

/**
 * Calls `onSuspend` when the computer is about to sleep or its screen locks (Linux, where `gdbus` can listen to logind), and
 * everywhere when it wakes from a sleep that was not announced. Returns the function that stops watching.
 */
export function watchSuspend(onSuspend: () => void): () => void {
  let before = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - before > SLEPT_MS) onSuspend();
    before = now;
  }, TICK_MS);
  timer.unref();

  let listener: ChildProcess | undefined;
  if (process.platform === 'linux') {
    listener = spawn('gdbus', ['monitor', '--system', '--dest', 'org.freedesktop.login1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // Without gdbus or a system bus there is only the late timer.
    listener.on('error', () => undefined);
    listener.unref();
    let line = '';
    listener.stdout?.on('data', (data: Buffer) => {
      const lines = (line + data.toString('utf8')).split('\n');
      line = lines.pop() ?? '';
      if (lines.some((each) => SIGNAL.test(each))) onSuspend();
    });
  }
  return () => {
    clearInterval(timer);
    listener?.kill();
  };
}
