import { spawn } from 'node:child_process';

const TICK_MS = 2_000;
/** A timer that fires this late was held up by a sleeping computer, not by a busy one. */
const SLEPT_MS = 30_000;

/** What logind says before the computer sleeps, when a session is to be locked, and when a desktop has locked its screen. */
const SIGNAL = /\.PrepareForSleep \(true,?\)|\.Session\.Lock \(\)|'LockedHint': <true>/;

/** A listener that ended, as its bus or somebody ended it, is started again so much later. */
const AGAIN_MS = 15_000;

/**
 * Calls `onSuspend` when the computer is about to sleep or its screen locks, on Linux, where `gdbus` can listen to logind. Returns
 * the function that stops listening.
 */
export function watchLogind(onSuspend: () => void, againMs = AGAIN_MS): () => void {
  if (process.platform !== 'linux') return () => undefined;
  let stop: () => void = () => undefined;
  let stopped = false;
  /** Whether there is something to listen to: without gdbus or a system bus nothing is heard, and none is tried again. */
  let works = false;
  const listen = () => {
    stop = listenOnce(
      (says) => {
        works = true;
        if (says) onSuspend();
      },
      () => {
        if (stopped || !works) return;
        const timer = setTimeout(listen, againMs);
        timer.unref();
        stop = () => clearTimeout(timer);
      },
    );
  };
  listen();
  return () => {
    stopped = true;
    stop();
  };
}

/** One gdbus: `onHeard` is told of what it prints, and whether that is one of the signals; `onEnd` when it ended. Returns what ends it. */
function listenOnce(onHeard: (says: boolean) => void, onEnd: () => void): () => void {
  const listener = spawn('gdbus', ['monitor', '--system', '--dest', 'org.freedesktop.login1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    onEnd();
  };
  listener.on('error', end);
  listener.on('exit', end);
  listener.unref();
  let line = '';
  // Node gives no streams to a child that could not be started for want of file descriptors.
  listener.stdout?.on('data', (data: Buffer) => {
    const lines = (line + data.toString('utf8')).split('\n');
    line = lines.pop() ?? '';
    onHeard(lines.some((each) => SIGNAL.test(each)));
  });
  return () => {
    // Node sends the signal to our own process group where the start has just failed.
    if (listener.pid !== undefined) listener.kill();
  };
}

/** The same, and everywhere when the computer wakes from a sleep that was not announced. */
export function watchSuspend(onSuspend: () => void, againMs = AGAIN_MS): () => void {
  let before = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - before > SLEPT_MS) onSuspend();
    before = now;
  }, TICK_MS);
  timer.unref();
  const stopListening = watchLogind(onSuspend, againMs);
  return () => {
    clearInterval(timer);
    stopListening();
  };
}
