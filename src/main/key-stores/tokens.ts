import type { HelperProcess, StartHelper } from './helper.ts';
import {
  type FromHost,
  type ToHost,
  TokenFailure,
  type TokenInfo,
  type TokenLogin,
  type TokenTask,
} from './pkcs11/protocol.ts';

/** How long a token has for one task, in milliseconds. Smart cards take seconds to make a key. */
export const TOKEN_TIMEOUT_MS = 10_000;

/** The PKCS#11 tokens of this computer. Every method throws TokenFailure. */
export interface Tokens {
  list(): Promise<readonly TokenInfo[]>;
  /** Logs in anew: what was logged in before proves nothing. */
  login(login: TokenLogin): Promise<void>;
  logout(serial: string): Promise<void>;
  /** Makes an AES-256 key that never leaves the token. */
  generateKey(login: TokenLogin, keyId: string): Promise<void>;
  /** Destroys a key; nothing when there is none. */
  destroyKey(login: TokenLogin, keyId: string): Promise<void>;
  /** AES-256-GCM with a nonce of 12 bytes: ciphertext ‖ tag (16). */
  encrypt(login: TokenLogin, keyId: string, iv: Uint8Array, aad: Uint8Array, data: Uint8Array): Promise<Uint8Array>;
  /** @throws TokenFailure `CiphertextInvalid` */
  decrypt(login: TokenLogin, keyId: string, iv: Uint8Array, aad: Uint8Array, data: Uint8Array): Promise<Uint8Array>;
  random(login: TokenLogin, length: number): Promise<Uint8Array>;
  /** Ends the module and every login. */
  close(): void;
}

export interface TokensOptions {
  /** The built `token-host`. */
  readonly host: URL;
  /** The PKCS#11 module: a shared library's path. */
  readonly module: string;
  readonly start: StartHelper;
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: TokenFailure) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The tokens of one module, which runs in a process of its own: it is foreign native code, so that a fault in it must not take
 * the open vault with it, a slow one must not hold the application up, and one that hangs can be ended. The process is
 * started when it is first needed and again when it died; every task carries its login, so nothing is lost with it.
 */
export function moduleTokens({ host, module, start, timeoutMs = TOKEN_TIMEOUT_MS }: TokensOptions): Tokens {
  let helper: HelperProcess | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  function settle(id: number, work: (waiting: Waiting) => void): void {
    const entry = waiting.get(id);
    if (!entry) return;
    waiting.delete(id);
    clearTimeout(entry.timer);
    work(entry);
  }

  function abandon(dead: HelperProcess): void {
    if (helper !== dead) return;
    helper = undefined;
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(new TokenFailure('Failed', 'ended')));
  }

  function started(): HelperProcess {
    if (helper) return helper;
    const made = start(host, [module]);
    helper = made;
    made.onMessage((message) => {
      const answer = message as FromHost;
      settle(answer.id, ({ resolve, reject }) =>
        'failed' in answer ? reject(new TokenFailure(answer.failed)) : resolve(answer.value),
      );
    });
    made.onExit(() => abandon(made));
    return made;
  }

  function run<T>(task: TokenTask): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const process = started();
      const id = ++lastId;
      const timer = setTimeout(() => {
        settle(id, (entry) => entry.reject(new TokenFailure('TimedOut')));
        // Nothing else can be had of a module that hangs.
        process.kill();
        abandon(process);
      }, timeoutMs);
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, timer });
      process.post({ id, task } satisfies ToHost);
    });
  }

  return {
    list: () => run({ do: 'list' }),
    login: (login) => run({ do: 'login', ...login }),
    async logout(serial) {
      if (helper) await run({ do: 'logout', serial });
    },
    generateKey: (login, keyId) => run({ do: 'generate', keyId, ...login }),
    destroyKey: (login, keyId) => run({ do: 'destroy', keyId, ...login }),
    encrypt: (login, keyId, iv, aad, data) => run({ do: 'encrypt', keyId, iv, aad, data, ...login }),
    decrypt: (login, keyId, iv, aad, data) => run({ do: 'decrypt', keyId, iv, aad, data, ...login }),
    random: (login, length) => run({ do: 'random', length, ...login }),
    close() {
      const process = helper;
      process?.kill();
      if (process) abandon(process);
    },
  };
}

const absent = async (): Promise<never> => {
  throw new TokenFailure('NoModule');
};

/** Where no PKCS#11 module is configured: there are no tokens. */
export const noTokens: Tokens = {
  list: async () => [],
  login: absent,
  logout: async () => undefined,
  generateKey: absent,
  destroyKey: absent,
  encrypt: absent,
  decrypt: absent,
  random: absent,
  close: () => undefined,
};
