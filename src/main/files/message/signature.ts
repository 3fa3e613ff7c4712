import {
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  ECDH,
  generateKeyPairSync,
  type Sign,
  type Verify,
} from 'node:crypto';
import { CofferError } from '../../../shared/kms/errors.ts';

/**
 * The signature of suite 0x0578: ECDSA on P-384 with SHA-384 (FIPS 186-5) over everything before the footer. Each message has
 * a key of its own; the public half, a compressed point in base64, travels in the encryption context, so that KMS
 * authenticates it.
 */
export const PUBLIC_KEY_CONTEXT = 'aws-crypto-public-key';
const CURVE = 'secp384r1';

/** A new signing key: the context's value and the private key (PKCS #8 DER). */
export function newSigningKey(): { readonly publicKey: string; readonly privateKey: Uint8Array } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const compressed = ECDH.convertKey(point, CURVE, undefined, undefined, 'compressed') as Buffer;
  return {
    publicKey: compressed.toString('base64'),
    privateKey: new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' })),
  };
}

export interface Signer {
  update(bytes: Uint8Array): void;
  /** The footer: length u16 ‖ DER signature. */
  footer(): Uint8Array;
}

export function startSigning(privateKey: Uint8Array): Signer {
  const sign: Sign = createSign('SHA384');
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  return {
    update: (bytes) => void sign.update(bytes),
    footer: () => {
      const signature = sign.sign(key);
      return new Uint8Array([signature.length >> 8, signature.length & 0xff, ...signature]);
    },
  };
}

export interface Verifier {
  update(bytes: Uint8Array): void;
  verify(signature: Uint8Array): boolean;
}

/** @throws CofferError `MessageDamaged` when the context's public key is missing or no point of the curve. */
export function startVerifying(publicKey: string | undefined): Verifier {
  const verify: Verify = createVerify('SHA384');
  let point: Buffer;
  try {
    point = ECDH.convertKey(
      Buffer.from(publicKey ?? '', 'base64'),
      CURVE,
      undefined,
      undefined,
      'uncompressed',
    ) as Buffer;
  } catch {
    throw new CofferError('MessageDamaged', 'The encrypted file is damaged: its signing key is missing or malformed.');
  }
  const jwk = {
    kty: 'EC',
    crv: 'P-384',
    x: point.subarray(1, 49).toString('base64url'),
    y: point.subarray(49).toString('base64url'),
  };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return { update: (bytes) => void verify.update(bytes), verify: (signature) => verify.verify(key, signature) };
}
