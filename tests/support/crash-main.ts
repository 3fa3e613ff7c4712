import { crashRounds } from './crash.ts';
import { inTemporaryFolder } from './vault.ts';

/** `npm run crash-test`: kills the program of its first argument as many times as its second says. */
const [program, rounds] = process.argv.slice(2) as [string, string];
const outcome = await inTemporaryFolder((home) =>
  crashRounds(home, program, Number(rounds), ({ rounds: done, acknowledged }) => {
    if (done % 10 === 0) console.log(`${done} rounds, ${acknowledged} acknowledged calls, none lost`);
  }),
);
console.log(JSON.stringify(outcome));
