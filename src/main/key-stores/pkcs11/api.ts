import koffi from 'koffi';
import { TokenFailure, type TokenReason } from './protocol.ts';

/**
 * The functions of a PKCS#11 module that Coffer uses (OASIS PKCS #11 base specification 2.40), called through its function
 * list. Wrong types here would crash the process: it is one of its own for that reason too.
 */
const WINDOWS = process.platform === 'win32';
/** On Windows the standard packs structures to one byte (section 2.1, "Structure packing"). */
const struct = WINDOWS ? koffi.pack : koffi.struct;

/** CK_ULONG is C's `unsigned long`. */
export const ULONG_BYTES = koffi.sizeof('ulong');
const POINTER_BYTES = koffi.sizeof('void *');

struct('CK_ATTRIBUTE', { type: 'ulong', pValue: 'void *', ulValueLen: 'ulong' });
struct('CK_MECHANISM', { mechanism: 'ulong', pParameter: 'void *', ulParameterLen: 'ulong' });
const gcmParams = struct('CK_GCM_PARAMS', {
  pIv: 'uint8_t *',
  ulIvLen: 'ulong',
  ulIvBits: 'ulong',
  pAAD: 'uint8_t *',
  ulAADLen: 'ulong',
  ulTagBits: 'ulong',
});

/** Place in CK_FUNCTION_LIST (pkcs11f.h), and the C declaration. */
const functions = {
  C_Initialize: [0, 'ulong %(void *)'],
  C_Finalize: [1, 'ulong %(void *)'],
  C_GetSlotList: [4, 'ulong %(uint8_t, ulong *, _Inout_ ulong *)'],
  C_GetTokenInfo: [6, 'ulong %(ulong, _Out_ uint8_t *)'],
  C_GetMechanismInfo: [8, 'ulong %(ulong, ulong, _Out_ uint8_t *)'],
  C_OpenSession: [12, 'ulong %(ulong, ulong, void *, void *, _Out_ ulong *)'],
  C_CloseAllSessions: [14, 'ulong %(ulong)'],
  C_Login: [18, 'ulong %(ulong, ulong, uint8_t *, ulong)'],
  C_DestroyObject: [22, 'ulong %(ulong, ulong)'],
  C_FindObjectsInit: [26, 'ulong %(ulong, CK_ATTRIBUTE *, ulong)'],
  C_FindObjects: [27, 'ulong %(ulong, _Out_ ulong *, ulong, _Out_ ulong *)'],
  C_FindObjectsFinal: [28, 'ulong %(ulong)'],
  C_EncryptInit: [29, 'ulong %(ulong, CK_MECHANISM *, ulong)'],
  C_Encrypt: [30, 'ulong %(ulong, uint8_t *, ulong, _Out_ uint8_t *, _Inout_ ulong *)'],
  C_DecryptInit: [33, 'ulong %(ulong, CK_MECHANISM *, ulong)'],
  C_Decrypt: [34, 'ulong %(ulong, uint8_t *, ulong, _Out_ uint8_t *, _Inout_ ulong *)'],
  C_GenerateKey: [58, 'ulong %(ulong, CK_MECHANISM *, CK_ATTRIBUTE *, ulong, _Out_ ulong *)'],
  C_GenerateRandom: [64, 'ulong %(ulong, _Out_ uint8_t *, ulong)'],
} as const;

/** A function of the module: returns a CK_RV. */
type Call = (...args: unknown[]) => number | bigint;
export type Pkcs11 = Readonly<Record<keyof typeof functions, Call>>;

/** A library that nobody refers to is unloaded when garbage is collected, and functions behind pointers refer to none. */
const loaded: unknown[] = [];

/** Loads the module and looks its functions up; nothing is called yet but C_GetFunctionList. @throws TokenFailure `NoModule` */
export function loadPkcs11(file: string): Pkcs11 {
  try {
    const library = koffi.load(file);
    loaded.push(library);
    const getFunctionList = library.func('ulong C_GetFunctionList(_Out_ void **list)');
    const list: unknown[] = [null];
    check(getFunctionList(list), 'C_GetFunctionList');
    // Behind CK_VERSION, which is two bytes and, but for Windows, padded.
    const pointers = koffi.decode(list[0], WINDOWS ? 2 : POINTER_BYTES, koffi.array('void *', 68)) as unknown[];
    const entries = Object.entries(functions).map(([name, [place, declaration]]) => [
      name,
      koffi.decode(pointers[place], koffi.proto(declaration.replace('%', name))),
    ]);
    return Object.fromEntries(entries) as Pkcs11;
  } catch (error) {
    if (error instanceof TokenFailure) throw error;
    throw new TokenFailure('NoModule', error instanceof Error ? error.name : '');
  }
}

/** Return values (CKR_…) that mean something to a person; every other one is `Failed`. */
const reasons: Readonly<Record<number, TokenReason>> = {
  3: 'NoToken', // SLOT_ID_INVALID
  50: 'NoToken', // DEVICE_REMOVED
  64: 'CiphertextInvalid', // ENCRYPTED_DATA_INVALID
  65: 'CiphertextInvalid', // ENCRYPTED_DATA_LEN_RANGE
  130: 'NoKey', // OBJECT_HANDLE_INVALID
  96: 'NoKey', // KEY_HANDLE_INVALID
  160: 'PinIncorrect', // PIN_INCORRECT
  161: 'PinIncorrect', // PIN_INVALID
  162: 'PinIncorrect', // PIN_LEN_RANGE
  164: 'PinLocked', // PIN_LOCKED
  224: 'NoToken', // TOKEN_NOT_PRESENT
  225: 'NoToken', // TOKEN_NOT_RECOGNIZED
  258: 'PinNotSet', // USER_PIN_NOT_INITIALIZED
};

/** @throws TokenFailure unless `rv` is CKR_OK or one of `also`, which is answered. */
export function check(rv: number | bigint, name: string, ...also: readonly number[]): number {
  const value = Number(rv);
  if (value === 0 || also.includes(value)) return value;
  throw new TokenFailure(reasons[value] ?? 'Failed', `${name} 0x${value.toString(16)}`, value);
}

/** A CK_ULONG as bytes. */
export function ulong(value: number): Uint8Array {
  const out = Buffer.alloc(ULONG_BYTES);
  out.writeUIntLE(value, 0, Math.min(6, ULONG_BYTES));
  return out;
}

export function attribute(type: number, value: Uint8Array) {
  return { type, pValue: value, ulValueLen: value.length };
}

/** CKM_AES_GCM with a tag of 128 bits. */
export function aesGcm(iv: Uint8Array, aad: Uint8Array) {
  const params = {
    pIv: iv,
    ulIvLen: iv.length,
    ulIvBits: iv.length * 8,
    pAAD: aad,
    ulAADLen: aad.length,
    ulTagBits: 128,
  };
  return {
    mechanism: 0x1087,
    pParameter: koffi.as([params], 'CK_GCM_PARAMS *'),
    ulParameterLen: koffi.sizeof(gcmParams),
  };
}
