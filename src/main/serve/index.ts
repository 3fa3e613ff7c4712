import { version } from '../../../package.json';
import { CofferError } from '../../shared/kms/errors.ts';
import { portProblem } from '../endpoint-switch.ts';
import { startNodeHelper } from '../key-stores/helper.ts';
import { localTokens } from '../local-tokens.ts';
import { placesOf } from '../places.ts';
import { openPreferences } from '../preferences.ts';
import { firstEndSignal, outliveReaders } from '../program.ts';
import { systemEnvironment } from '../system.ts';
import { systemKeychain } from '../vault/keychain.ts';
import { parseOptions, type ServeOptions, USAGE, UsageError } from './options.ts';
import { serveHeadless } from './serve.ts';

/** Coffer without a window: `npm run serve`. Standard output has the ready line and what was asked for; all else goes to the other. */
const say = (text: string) => process.stderr.write(`coffer: ${text}\n`);

function reportBug(error: unknown, where: string): void {
  say(`a bug in ${where}: ${error instanceof Error ? (error.stack ?? error.name) : typeof error}`);
}

/** What is told of a failure to start. */
function reasonOf(error: unknown, { port }: ServeOptions): string {
  if (error instanceof CofferError) return error.message;
  if ((error as NodeJS.ErrnoException).syscall === 'listen') return `${portProblem(error, port).message} See --port.`;
  return error instanceof Error ? error.message : 'unknown reason';
}

async function main(wish: ServeOptions): Promise<void> {
  const places = placesOf(process.env, process.platform);
  const preferences = await openPreferences(places.config);
  const told = firstEndSignal();
  const starting = serveHeadless(wish, {
    environment: systemEnvironment(),
    keychain: systemKeychain(),
    usualVault: preferences.get().vaultPath ?? places.defaultVault,
    version,
    say,
    print: (line) => process.stdout.write(`${line}\n`),
    onBug: reportBug,
    tokens: localTokens(() => wish.pkcs11Module || process.env.COFFER_PKCS11_MODULE || preferences.get().pkcs11Module, {
      built: import.meta.dirname,
      start: startNodeHelper,
    }),
  });
  // While it starts nothing is served yet that would have to be closed; a passphrase may be waited for without end.
  const headless = await Promise.race([starting, told]);
  if (!headless) throw new CofferError('Interrupted', 'interrupted');
  await told;
  await headless.close();
}

function options(): ServeOptions | undefined {
  try {
    // npm starts programs in the package's folder, and says where it was started itself.
    return parseOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

outliveReaders();
const wish = options();
if (!wish) {
  process.stdout.write(USAGE);
  process.exit(0);
}
main(wish).then(
  () => process.exit(0),
  (error: unknown) => {
    say(`could not start: ${reasonOf(error, wish)}`);
    process.exit(1);
  },
);
