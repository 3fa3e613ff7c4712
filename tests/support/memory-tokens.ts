import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  TokenFailure,
  type TokenInfo,
  type TokenLogin,
  type TokenReason,
} from '../../src/main/key-stores/pkcs11/protocol.ts';
import type { Tokens } from '../../src/main/key-stores/tokens.ts';

export const TOKEN_PIN = 'token-pin-1234';

/** Tokens with keys in memory, for the ways of failing that a real module does not have on demand. */
export class MemoryTokens implements Tokens {
  tokens: TokenInfo[] = [{ slot: 0, label: 'coffer', serial: '0001', userPin: true, capable: true }];
  readonly keys = new Map<string, Buffer>();
  /** Serial numbers that are logged in. */
  readonly loggedIn = new Set<string>();
  pin = TOKEN_PIN;
  logins = 0;
  /** What every task fails with. */
  fails: TokenReason | undefined;
  closed = false;

  #enter({ serial, pin }: TokenLogin): void {
    if (this.fails) throw new TokenFailure(this.fails);
    if (!this.tokens.some((token) => token.serial === serial)) throw new TokenFailure('NoToken');
    this.logins++;
    if (pin !== this.pin) throw new TokenFailure('PinIncorrect');
    this.loggedIn.add(serial);
  }

  #key(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (!key) throw new TokenFailure('NoKey');
    return key;
  }

  async list() {
    if (this.fails) throw new TokenFailure(this.fails);
    return this.tokens;
  }

  async login(login: TokenLogin) {
    this.#enter(login);
  }

  async logout(serial: string) {
    this.loggedIn.delete(serial);
  }

  async generateKey(login: TokenLogin, keyId: string) {
    this.#enter(login);
    this.keys.set(keyId, randomBytes(32));
  }

  async destroyKey(login: TokenLogin, keyId: string) {
    this.#enter(login);
    this.keys.delete(keyId);
  }

  async random(login: TokenLogin, length: number) {
    this.#enter(login);
    return new Uint8Array(length).fill(7);
  }

  async encrypt(login: TokenLogin, keyId: string, iv: Uint8Array, aad: Uint8Array, data: Uint8Array) {
    this.#enter(login);
    const cipher = createCipheriv('aes-256-gcm', this.#key(keyId), iv);
    cipher.setAAD(aad);
    return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]));
  }

  async decrypt(login: TokenLogin, keyId: string, iv: Uint8Array, aad: Uint8Array, data: Uint8Array) {
    this.#enter(login);
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), iv, { authTagLength: 16 });
    decipher.setAAD(aad);
    decipher.setAuthTag(data.subarray(data.length - 16));
    try {
      return new Uint8Array(Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]));
    } catch {
      throw new TokenFailure('CiphertextInvalid');
    }
  }

  close() {
    this.closed = true;
    this.loggedIn.clear();
  }
}
