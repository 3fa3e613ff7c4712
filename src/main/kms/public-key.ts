import { KmsError } from '../../shared/kms/errors.ts';
import { algorithmsOf } from '../../shared/kms/specs.ts';
import { isKeyPairSpec } from '../crypto/key-pairs.ts';
import { byKeyIdOrAlias } from './find.ts';
import { keyPairOf } from './key-pair.ts';
import { onKey } from './operation.ts';

const getPublicKey = onKey({
  name: 'GetPublicKey',
  readOnly: true,
  find: byKeyIdOrAlias,
  run(context, _input, key) {
    if (!isKeyPairSpec(key.spec))
      throw new KmsError(
        'UnsupportedOperationException',
        `${key.arn} key spec is ${key.spec} which is not valid for GetPublicKey.`,
      );
    return {
      KeyId: key.arn,
      // The cached pair's own bytes: what is handed out is a copy.
      PublicKey: Uint8Array.from(keyPairOf(context, key).publicKey),
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      KeyUsage: key.usage,
      ...algorithmsOf(key.spec, key.usage),
    };
  },
  audit: { request: ['KeyId'] },
});

export const publicKeyOperations = [getPublicKey];
