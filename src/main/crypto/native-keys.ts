import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { EncodingError } from './der.ts';

/** The same bytes as a Buffer, which node:crypto's types ask for; not a copy, so there is none to zero. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * node:crypto's form of a PKCS#8 private key. Parsing takes about 1 ms under OpenSSL 3.
 * @throws EncodingError when it cannot read it; the library's own message is left out.
 */
export function parsePrivateKey(pkcs8: Uint8Array): KeyObject {
  return parsed(() => createPrivateKey({ key: asBuffer(pkcs8), format: 'der', type: 'pkcs8' }));
}

/**
 * node:crypto's form of a SubjectPublicKeyInfo.
 * @throws EncodingError when it cannot read it.
 */
export function parsePublicKey(spki: Uint8Array): KeyObject {
  return parsed(() => createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' }));
}

function parsed(parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch {
    throw new EncodingError('the key cannot be read');
  }
}
