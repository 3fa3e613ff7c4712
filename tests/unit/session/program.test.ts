import { expect, it } from 'vitest';
import { firstEndSignal } from '../../../src/main/program.ts';

it('a signal ends the program once: the ones after it do not cut its ending off', async () => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const told = firstEndSignal();
  process.emit('SIGINT', 'SIGINT');
  await told;
  // Without a listener Node lets the system end the process there and then.
  for (const [at, signal] of signals.entries()) {
    const added = process.listeners(signal).filter((each) => !before[at]?.includes(each));
    expect(added).toHaveLength(1);
    process.emit(signal, signal);
    for (const listener of added) process.off(signal, listener);
  }
});
