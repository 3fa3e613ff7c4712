import { z } from 'zod';
import { CofferError, KmsError } from '../../shared/kms/errors.ts';
import { open, seal } from '../crypto/aead.ts';
import { concat, framed, fromBase64, toBase64, utf8 } from '../crypto/bytes.ts';
import type { Environment } from '../environment.ts';
import type { Store } from '../vault/types.ts';
import { newSecret, type OpenAccessKey } from './access-keys.ts';
import { hasAccount } from './accounts.ts';
import { identityOf, type PrincipalRow, uniqueId } from './principals.ts';

const VERSION = Uint8Array.of(1);
/** Longer than any token made here; longer ones are not even decoded. */
const TOKEN_MAX = 4096;

/** What a session token says; times in milliseconds since the epoch. */
const claimsSchema = z.strictObject({
  secret: z.string(),
  accountId: z.string(),
  /** The unique id of a user or role, so that no later one of the same name is meant; null for the account's root. */
  principal: z.string().nullable(),
  /** Of a role: the session's name. */
  session: z.string().nullable(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  mfaAt: z.number().nullable(),
});

type Claims = z.output<typeof claimsSchema>;

export interface NewSession extends Omit<Claims, 'secret' | 'issuedAt'> {}

/** Temporary credentials as STS answers them. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Temporary credentials whose token is good. */
export interface OpenSession extends OpenAccessKey {
  readonly tokenIssuedAt: number;
  readonly mfaAt?: number;
}

const invalid = () =>
  new KmsError('UnrecognizedClientException', 'The security token included in the request is invalid.');

/**
 * Temporary credentials. A session token is version (1) ‖ sealed(claims as JSON) in base64, sealed under a key of the vault for this
 * purpose only and bound to the access key id. It holds all there is to know, the secret too, so nothing is stored: credentials
 * survive a restart and end by their time, or with the user or role they were given to.
 */
export class Sessions {
  readonly #store: Store;
  readonly #environment: Environment;
  readonly #key: Uint8Array;
  #locked = false;

  constructor(store: Store, environment: Environment) {
    this.#store = store;
    this.#environment = environment;
    this.#key = store.deriveKey('session-token');
    store.onLock(() => {
      this.#locked = true;
      this.#key.fill(0);
    });
  }

  /** Makes credentials that hold from now on. */
  issue(wish: NewSession): TemporaryCredentials {
    const { random, clock } = this.#environment;
    const accessKeyId = uniqueId(random, 'ASIA', 16);
    const claims: Claims = { ...wish, issuedAt: clock.now(), secret: newSecret(random) };
    const bytes = utf8(JSON.stringify(claims));
    const sealed = seal(this.#live(), random.bytes(12), bytes, bound(accessKeyId));
    bytes.fill(0);
    return {
      accessKeyId,
      secretAccessKey: claims.secret,
      sessionToken: toBase64(concat(VERSION, sealed)),
      expiresAt: wish.expiresAt,
    };
  }

  /**
   * Whom the token of an access key id stands for.
   * @throws KmsError `UnrecognizedClientException` for a token that is none of this vault, or whose user or role is gone;
   * `ExpiredTokenException`
   */
  open(accessKeyId: string, token: string): OpenSession {
    const claims = this.#read(accessKeyId, token);
    if (!claims) throw invalid();
    const { accountId, principal, session, secret, issuedAt, expiresAt, mfaAt } = claims;
    if (this.#environment.clock.now() >= expiresAt)
      throw new KmsError('ExpiredTokenException', 'The security token included in the request is expired');
    const row = principal === null ? this.#root(accountId) : this.#principal(principal);
    if (row === undefined) throw invalid();
    return {
      ...identityOf(accountId, row, session ?? accessKeyId),
      secret,
      tokenIssuedAt: issuedAt,
      ...(mfaAt === null ? {} : { mfaAt }),
    };
  }

  #read(accessKeyId: string, token: string): Claims | undefined {
    if (token.length > TOKEN_MAX) return undefined;
    let bytes: Uint8Array;
    try {
      bytes = fromBase64(token);
    } catch {
      return undefined;
    }
    if (bytes[0] !== VERSION[0]) return undefined;
    const plaintext = open(this.#live(), bytes.subarray(VERSION.length), bound(accessKeyId));
    if (!plaintext) return undefined;
    const claims = claimsSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)));
    plaintext.fill(0);
    return claims;
  }

  /** @throws CofferError `VaultLocked`: a key of zeros must neither seal nor open anything. */
  #live(): Uint8Array {
    if (this.#locked) throw new CofferError('VaultLocked', 'The vault is locked.');
    return this.#key;
  }

  /** Null for the root of an account that there is. */
  #root(accountId: string): null | undefined {
    return hasAccount(this.#store.db, accountId) ? null : undefined;
  }

  #principal(id: string): Pick<PrincipalRow, 'accountId' | 'kind' | 'name' | 'path' | 'uniqueId'> | undefined {
    return this.#store.db.get(
      'SELECT account_id AS accountId, kind, name, path, unique_id AS uniqueId FROM principals WHERE unique_id = ?',
      [id],
    );
  }
}

const bound = (accessKeyId: string) => framed('coffer session token', VERSION, accessKeyId);
