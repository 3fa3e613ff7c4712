import type { MessageType, SigningAlgorithm } from '../../../shared/kms/enums.ts';
import { limits } from '../../../shared/kms/limits.ts';
import { hashOf } from '../keys/index.ts';

/** What an algorithm signs of a message, and of how long a one. */
export function signs(algorithm: SigningAlgorithm): string {
  switch (algorithm) {
    case 'ED25519_SHA_512':
      return 'Signs the message itself, 1 to 4,096 bytes: Ed25519 goes through a message twice, so KMS must be given all of it. ED25519_PH_SHA_512 signs files of any size.';
    case 'ED25519_PH_SHA_512':
      return "Signs the SHA-512 digest of a file of any size. As at AWS this is Ed25519ph of the digest's 64 bytes; few programs verify it.";
    case 'SM2DSA':
      return 'Signs SM3 of a file of any size, with the public key bound in (ZA): that is asked of the key first.';
    case 'ML_DSA_SHAKE_256':
      return 'Up to 4,096 bytes go to the key as they are; of a longer file its representative µ does, which is made here, at about 10 MB a second.';
    default:
      return `Signs the ${hashOf(algorithm)} digest of a file of any size.`;
  }
}

/** Why a message of `size` bytes cannot be signed with the algorithm, or `null`. */
export function sizeProblem(algorithm: SigningAlgorithm, size: number): string | null {
  if (algorithm !== 'ED25519_SHA_512') return null;
  if (size === 0) return 'Empty: ED25519_SHA_512 takes 1 to 4,096 bytes.';
  return size > limits.messageBytes ? 'Too long: ED25519_SHA_512 takes 1 to 4,096 bytes.' : null;
}

/** What KMS is given for a message of `size` bytes. */
export function messageTypeFor(algorithm: SigningAlgorithm, size: number): MessageType {
  if (algorithm === 'ED25519_SHA_512') return 'RAW';
  if (algorithm !== 'ML_DSA_SHAKE_256') return 'DIGEST';
  return size > 0 && size <= limits.messageBytes ? 'RAW' : 'EXTERNAL_MU';
}

/** How the bytes of a call's Message come about, for those who make it elsewhere. */
export function messageNote(algorithm: SigningAlgorithm, type: MessageType): string {
  if (type === 'RAW') return 'message.bin is the message itself.';
  if (type === 'EXTERNAL_MU')
    return 'message.bin is µ, 64 bytes: SHAKE256(SHAKE256(public key) ‖ 0 ‖ 0 ‖ file). The AWS CLI does not make it.';
  if (algorithm === 'SM2DSA')
    return 'message.bin is SM3(ZA ‖ file), 32 bytes, where ZA is SM3 over the default id, the curve and the public key.';
  const hash = hashOf(algorithm).replace('-', '').toLowerCase();
  return `message.bin is the file's digest: openssl dgst -${hash} -binary FILE > message.bin`;
}
