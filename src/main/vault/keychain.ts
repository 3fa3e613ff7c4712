import { CofferError } from '../../shared/kms/errors.ts';
import type { Keychain } from '../environment.ts';

const SERVICE = 'Coffer';
/** A Secret Service that waits for a prompt nobody sees would hang the window for ever. */
const TIMEOUT_MS = 20_000;

interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** Turns what a platform's keychain says into a sentence; the original text is not shown, it may hold anything. */
function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/autolaunch|D-Bus|DBUS|dbus/.test(text))
    return 'There is no desktop session with a keychain here (no D-Bus session bus).';
  if (/org\.freedesktop\.secrets|ServiceUnknown|not provided by any/i.test(text))
    return 'No keychain service (Secret Service) is running.';
  if (/does not exist at path/i.test(text))
    return 'The keychain is not set up: it has no place for passwords yet. Make one in the desktop’s password manager.';
  if (/locked/i.test(text)) return 'The keychain is locked. Unlock it and try again.';
  if (/dismiss|denied|cancel|not allowed|authorization/i.test(text))
    return 'The keychain refused, or its question was dismissed.';
  if (/timed out/.test(text)) return 'The keychain did not answer in time.';
  if (/libsecret|shared object|cannot open|Cannot find/i.test(text))
    return 'The keychain library (libsecret) is not installed.';
  return 'The keychain answered with an error.';
}

function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), TIMEOUT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The operating system's keychain by keytar: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. */
export function systemKeychain(): Keychain {
  let loaded: Promise<Keytar> | undefined;
  const keytar = () => {
    loaded ??= import('keytar').then((module) => (module.default ?? module) as Keytar);
    return loaded;
  };
  let turn: Promise<unknown> = Promise.resolve();
  let unanswered = 0;
  // One question at a time, and none while an earlier one has no answer: each holds a thread of the pool that also does the
  // file system's work, and four that wait for ever would stop the application.
  const ask = <T>(question: (keytar: Keytar) => Promise<T>): Promise<T> => {
    const answer = turn.then(async () => {
      try {
        if (unanswered > 0) throw new Error('timed out');
        unanswered++;
        const asked = keytar()
          .then(question)
          .finally(() => unanswered--);
        return await within(asked);
      } catch (error) {
        throw new CofferError('KeychainError', explain(error));
      }
    });
    turn = answer.catch(() => undefined);
    return answer;
  };
  return {
    async available() {
      // Without a bus libsecret would try to launch one; asking is slow and prints to stderr.
      if (process.platform === 'linux' && !process.env.DBUS_SESSION_BUS_ADDRESS && !process.env.XDG_RUNTIME_DIR) {
        return { ok: false, reason: explain(new Error('D-Bus')) };
      }
      try {
        await ask((keytar) => keytar.getPassword(SERVICE, 'probe'));
        return { ok: true };
      } catch (error) {
        return { ok: false, reason: error instanceof CofferError ? error.message : explain(error) };
      }
    },
    get: (account) => ask((keytar) => keytar.getPassword(SERVICE, account)),
    set: (account, secret) => ask((keytar) => keytar.setPassword(SERVICE, account, secret)),
    delete: (account) => ask((keytar) => keytar.deletePassword(SERVICE, account)),
  };
}
