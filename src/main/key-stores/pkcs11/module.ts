import { createHash } from 'node:crypto';
import { TAG_BYTES } from '../../crypto/aead.ts';
import { equal, utf8 } from '../../crypto/bytes.ts';
import { aesGcm, attribute, check, loadPkcs11, type Pkcs11, ULONG_BYTES, ulong } from './api.ts';
import { TokenFailure, type TokenInfo, type TokenLogin } from './protocol.ts';

const CKM_AES_KEY_GEN = 0x1080;
const CKM_AES_GCM = 0x1087;
const AES_256_BYTES = 32;
/** CKF_SERIAL_SESSION and CKF_RW_SESSION. */
const READ_WRITE = 6;
const CKU_USER = 1;
const ALREADY_LOGGED_IN = 0x100;
const ALREADY_INITIALIZED = 0x191;
/**
 * A session, a login or a handle that is gone, as the token was taken out and put back or its service started anew:
 * CKR_DEVICE_REMOVED, KEY_HANDLE_INVALID, OBJECT_HANDLE_INVALID, SESSION_CLOSED, SESSION_HANDLE_INVALID, USER_NOT_LOGGED_IN.
 */
const LOST: ReadonlySet<number | undefined> = new Set([0x32, 0x60, 0x82, 0xb0, 0xb3, 0x101]);

const yes = new Uint8Array([1]);
const no = new Uint8Array([0]);

/** What finds a key: an AES key with the KMS key's id as CKA_ID. */
const template = (keyId: string) => [
  attribute(0x00, ulong(4)), // CKA_CLASS: CKO_SECRET_KEY
  attribute(0x100, ulong(0x1f)), // CKA_KEY_TYPE: CKK_AES
  attribute(0x102, utf8(keyId)), // CKA_ID
];

interface Session {
  readonly slot: number;
  readonly handle: number;
  /** SHA-256 of the PIN that opened it: a session is not for whoever comes with another. */
  readonly pin: Uint8Array;
  /** Object handles by KMS key id. */
  readonly keys: Map<string, number>;
}

/** A PKCS#11 module and the sessions on its tokens. Synchronous: it has a process of its own. */
export class Pkcs11Module {
  readonly #api: Pkcs11;
  /** By the token's serial number. */
  readonly #sessions = new Map<string, Session>();

  /** @throws TokenFailure `NoModule`, `Failed` */
  constructor(file: string) {
    this.#api = loadPkcs11(file);
    check(this.#api.C_Initialize(null), 'C_Initialize', ALREADY_INITIALIZED);
  }

  /** The tokens that are initialized. */
  tokens(): TokenInfo[] {
    return this.#slots().flatMap((slot) => {
      const info = new Uint8Array(256);
      if (Number(this.#api.C_GetTokenInfo(slot, info)) !== 0) return [];
      // CK_TOKEN_INFO begins with label (32), manufacturer (32), model (16), serial (16) and flags.
      const text = (from: number, to: number) => Buffer.from(info.subarray(from, to)).toString('utf8').trimEnd();
      const flags = Buffer.from(info.buffer).readUInt32LE(96);
      if ((flags & 0x400) === 0) return [];
      const token = { slot, label: text(0, 32), serial: text(80, 96), userPin: (flags & 0x8) !== 0 };
      const writable = (flags & 0x2) === 0;
      const capable = writable && this.#has(slot, CKM_AES_KEY_GEN) && this.#has(slot, CKM_AES_GCM);
      return [{ ...token, capable }];
    });
  }

  /** Logs the token's user in, unless that is done. @throws TokenFailure */
  login({ serial, pin }: TokenLogin): void {
    this.logout(serial);
    this.#session({ serial, pin });
  }

  logout(serial: string): void {
    const session = this.#sessions.get(serial);
    this.#sessions.delete(serial);
    if (session) this.#api.C_CloseAllSessions(session.slot);
  }

  /**
   * Makes an AES-256 key that stays in the token: sensitive, never extractable, for encryption only. Its CKA_ID and
   * CKA_LABEL are the KMS key's id.
   */
  generate(login: TokenLogin, keyId: string): void {
    this.#use(login, ({ handle }) => {
      const attributes = [
        ...template(keyId),
        attribute(0x161, ulong(AES_256_BYTES)), // CKA_VALUE_LEN
        attribute(0x01, yes), // CKA_TOKEN
        attribute(0x02, yes), // CKA_PRIVATE
        attribute(0x03, utf8(keyId)), // CKA_LABEL
        attribute(0x103, yes), // CKA_SENSITIVE
        attribute(0x162, no), // CKA_EXTRACTABLE
        attribute(0x104, yes), // CKA_ENCRYPT
        attribute(0x105, yes), // CKA_DECRYPT
      ];
      const mechanism = [{ mechanism: CKM_AES_KEY_GEN, pParameter: null, ulParameterLen: 0 }];
      const made: number[] = [0];
      check(this.#api.C_GenerateKey(handle, mechanism, attributes, attributes.length, made), 'C_GenerateKey');
    });
  }

  /** Destroys the key; nothing when there is none. */
  destroy(login: TokenLogin, keyId: string): void {
    this.#use(login, (session) => {
      session.keys.delete(keyId);
      for (const key of this.#find(session, keyId))
        check(this.#api.C_DestroyObject(session.handle, key), 'C_DestroyObject');
    });
  }

  random(login: TokenLogin, length: number): Uint8Array {
    return this.#use(login, ({ handle }) => {
      const out = new Uint8Array(length);
      check(this.#api.C_GenerateRandom(handle, out, length), 'C_GenerateRandom');
      return out;
    });
  }

  /** AES-256-GCM: ciphertext ‖ tag. */
  encrypt(login: TokenLogin, keyId: string, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return this.#use(login, (session) => {
      const key = this.#key(session, keyId);
      check(this.#api.C_EncryptInit(session.handle, [aesGcm(iv, aad)], key), 'C_EncryptInit');
      return this.#output('C_Encrypt', session, plaintext, plaintext.length + TAG_BYTES);
    });
  }

  /** The plaintext of ciphertext ‖ tag. @throws TokenFailure `CiphertextInvalid` */
  decrypt(login: TokenLogin, keyId: string, iv: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array {
    return this.#use(login, (session) => {
      const key = this.#key(session, keyId);
      check(this.#api.C_DecryptInit(session.handle, [aesGcm(iv, aad)], key), 'C_DecryptInit');
      try {
        return this.#output('C_Decrypt', session, sealed, sealed.length);
      } catch (error) {
        // Modules differ in what they call a tag that is wrong (SoftHSM: CKR_GENERAL_ERROR); the key and the session were fine.
        if (error instanceof TokenFailure && error.reason === 'Failed') throw new TokenFailure('CiphertextInvalid');
        throw error;
      }
    });
  }

  /** Ends everything: sessions, logins, the module. */
  close(): void {
    this.#sessions.clear();
    this.#api.C_Finalize(null);
  }

  #output(name: 'C_Encrypt' | 'C_Decrypt', { handle }: Session, input: Uint8Array, length: number): Uint8Array {
    // Some modules ask for a block more than they use.
    const out = new Uint8Array(length + TAG_BYTES);
    const size: (number | bigint)[] = [out.length];
    check(this.#api[name](handle, input, input.length, out, size), name);
    const result = out.slice(0, Number(size[0]));
    out.fill(0);
    return result;
  }

  #slots(): number[] {
    const count: (number | bigint)[] = [0];
    check(this.#api.C_GetSlotList(1, null, count), 'C_GetSlotList');
    const slots = new Uint8Array(Number(count[0]) * ULONG_BYTES);
    check(this.#api.C_GetSlotList(1, slots, count), 'C_GetSlotList');
    const view = Buffer.from(slots.buffer, 0, Number(count[0]) * ULONG_BYTES);
    return Array.from({ length: Number(count[0]) }, (_, index) =>
      view.readUIntLE(index * ULONG_BYTES, Math.min(6, ULONG_BYTES)),
    );
  }

  #has(slot: number, mechanism: number): boolean {
    return Number(this.#api.C_GetMechanismInfo(slot, mechanism, new Uint8Array(3 * ULONG_BYTES))) === 0;
  }

  /** Runs `work` in the token's session; once more in a new one when the session turns out to be gone. */
  #use<T>(login: TokenLogin, work: (session: Session) => T): T {
    const known = this.#sessions.has(login.serial);
    try {
      return work(this.#session(login));
    } catch (error) {
      if (!known || !(error instanceof TokenFailure) || !LOST.has(error.rv)) throw error;
      this.logout(login.serial);
      return work(this.#session(login));
    }
  }

  #session({ serial, pin }: TokenLogin): Session {
    const digest = createHash('sha256').update(pin).digest();
    const open = this.#sessions.get(serial);
    if (open && equal(open.pin, digest)) return open;
    if (open) this.logout(serial);
    const token = this.tokens().find((each) => each.serial === serial);
    if (!token) throw new TokenFailure('NoToken');
    const handle: (number | bigint)[] = [0];
    check(this.#api.C_OpenSession(token.slot, READ_WRITE, null, null, handle), 'C_OpenSession');
    const bytes = utf8(pin);
    try {
      check(this.#api.C_Login(Number(handle[0]), CKU_USER, bytes, bytes.length), 'C_Login', ALREADY_LOGGED_IN);
    } catch (error) {
      this.#api.C_CloseAllSessions(token.slot);
      throw error;
    } finally {
      bytes.fill(0);
    }
    const session = { slot: token.slot, handle: Number(handle[0]), pin: digest, keys: new Map<string, number>() };
    this.#sessions.set(serial, session);
    return session;
  }

  #find({ handle }: Session, keyId: string): number[] {
    const wanted = template(keyId);
    check(this.#api.C_FindObjectsInit(handle, wanted, wanted.length), 'C_FindObjectsInit');
    try {
      const found: (number | bigint)[] = [0, 0];
      const count: (number | bigint)[] = [0];
      check(this.#api.C_FindObjects(handle, found, 2, count), 'C_FindObjects');
      return found.slice(0, Number(count[0])).map(Number);
    } finally {
      this.#api.C_FindObjectsFinal(handle);
    }
  }

  #key(session: Session, keyId: string): number {
    const known = session.keys.get(keyId);
    if (known !== undefined) return known;
    const [key] = this.#find(session, keyId);
    if (key === undefined) throw new TokenFailure('NoKey');
    session.keys.set(keyId, key);
    return key;
  }
}
