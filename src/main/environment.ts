/** What the core takes from outside, so that tests can hold time still and run without a desktop. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Random {
  /** Returns `length` bytes from a cryptographically secure source. */
  bytes(length: number): Uint8Array;
}

/** The operating system's keychain, or the reason why there is none. Secrets are base64 text. */
export interface Keychain {
  available(): Promise<{ ok: true } | { ok: false; reason: string }>;
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  delete(account: string): Promise<boolean>;
}

export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
}
