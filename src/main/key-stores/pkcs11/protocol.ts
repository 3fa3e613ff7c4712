/** What the application and the process that holds a PKCS#11 module say to each other. */

/** A token as CK_TOKEN_INFO describes it. */
export interface TokenInfo {
  readonly slot: number;
  /** At most 32 characters, and 16; without the padding. */
  readonly label: string;
  readonly serial: string;
  /** Whether its user has a PIN. */
  readonly userPin: boolean;
  /** Whether it can make and hold AES keys and encrypt with AES-GCM. */
  readonly capable: boolean;
}

/** Which token, and what logs its user in. */
export interface TokenLogin {
  readonly serial: string;
  readonly pin: string;
}

export type TokenTask =
  | { readonly do: 'list' }
  | ({ readonly do: 'login' } & TokenLogin)
  | { readonly do: 'logout'; readonly serial: string }
  | ({ readonly do: 'generate'; readonly keyId: string } & TokenLogin)
  | ({ readonly do: 'destroy'; readonly keyId: string } & TokenLogin)
  | ({ readonly do: 'random'; readonly length: number } & TokenLogin)
  | ({
      readonly do: 'encrypt' | 'decrypt';
      readonly keyId: string;
      /** 12 bytes. */
      readonly iv: Uint8Array;
      readonly aad: Uint8Array;
      /** Plaintext, or ciphertext ‖ tag (16). */
      readonly data: Uint8Array;
    } & TokenLogin);

/**
 * Why a token could not do what it was asked: it is not there, does not take the PIN, does not have the key, found that a
 * ciphertext does not authenticate, took too long, or failed (`Failed`, the module's process ending included).
 */
export type TokenReason =
  | 'NoModule'
  | 'NoToken'
  | 'PinIncorrect'
  | 'PinLocked'
  | 'PinNotSet'
  | 'NoKey'
  | 'CiphertextInvalid'
  | 'TimedOut'
  | 'Failed';

export interface ToHost {
  readonly id: number;
  readonly task: TokenTask;
}
export type FromHost = { readonly id: number } & (
  | { readonly value: TokenInfo[] | Uint8Array | null }
  | { readonly failed: TokenReason }
);

/** `detail` says which function failed, for a person who looks for the cause; never an input. */
export class TokenFailure extends Error {
  readonly reason: TokenReason;
  /** What the function returned (CKR_…), when it was a function of the module. */
  readonly rv: number | undefined;

  constructor(reason: TokenReason, detail = '', rv?: number) {
    super(`the PKCS#11 token failed: ${reason}${detail && ` (${detail})`}`);
    this.name = 'TokenFailure';
    this.reason = reason;
    this.rv = rv;
  }
}
