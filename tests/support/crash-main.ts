import { bundle } from './bundle.ts';
import { crashRounds } from './crash.ts';
import { inTemporaryFolder } from './vault.ts';

/** `npm run crash-test`: as many rounds as its argument says. */
const rounds = Number(process.argv[2] ?? 300);
const child = await bundle('tests/support/crash-child.ts');
try {
  const outcome = await inTemporaryFolder((home) =>
    crashRounds(home, child.file, rounds, ({ rounds: done, acknowledged }) => {
      if (done % 10 === 0) console.log(`${done} rounds, ${acknowledged} acknowledged calls, none lost`);
    }),
  );
  console.log(JSON.stringify(outcome));
} finally {
  child.remove();
}
