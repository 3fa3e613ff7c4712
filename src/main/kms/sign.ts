import type { MessageType, SigningAlgorithm } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { digestBytesOf } from '../../shared/kms/specs.ts';
import type { SignatureScheme } from '../crypto/key-pairs.ts';
import { keyToUse } from './find.ts';
import { type KeyPair, keyPairOf, requireAlgorithm } from './key-pair.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, onKey, type Parsed } from './operation.ts';

const invalid = (message: string) => new KmsError('ValidationException', message);

/** @throws KmsError `ValidationException` in AWS's words when the algorithm does not take such a message. */
function checkMessage(
  { spec, primitive }: KeyPair,
  { messageTypes }: SignatureScheme,
  algorithm: SigningAlgorithm,
  messageType: MessageType,
  { length }: Uint8Array,
): void {
  if (!messageTypes.includes(messageType)) {
    const another = Object.values(primitive.signing).some((scheme) => scheme.messageTypes.includes(messageType));
    const what = another ? `algorithm ${algorithm}` : `key spec ${spec}`;
    throw invalid(`Message type ${messageType} is incompatible with ${what}.`);
  }
  if (messageType !== 'RAW' && length !== digestBytesOf(algorithm))
    throw invalid(
      `${messageType === 'DIGEST' ? 'Digest' : 'External Mu'} is invalid length for algorithm ${algorithm}.`,
    );
}

/** The key's pair with the scheme a request asks for, which takes the request's message. */
function prepare(context: Context, input: Parsed<'Sign' | 'Verify'>, key: KeyRecord) {
  const { SigningAlgorithm: algorithm, MessageType: messageType = 'RAW', Message: message } = input;
  requireAlgorithm(key, 'signing', algorithm);
  const pair = keyPairOf(context, key);
  const scheme = pair.primitive.signing[algorithm];
  if (!scheme) throw new Error(`${pair.spec} without ${algorithm}`);
  checkMessage(pair, scheme, algorithm, messageType, message);
  return { pair, scheme, messageType };
}

const sign = onKey({
  name: 'Sign',
  readOnly: true,
  usage: 'SIGN_VERIFY',
  find: keyToUse,
  run(context, input, key) {
    const { pair, scheme, messageType } = prepare(context, input, key);
    return {
      KeyId: key.arn,
      Signature: scheme.sign(pair.privateKey, messageType, input.Message, context.random),
      SigningAlgorithm: input.SigningAlgorithm,
    };
  },
  audit: { request: ['KeyId', 'SigningAlgorithm', 'MessageType', 'DryRun'] },
});

const verify = onKey({
  name: 'Verify',
  readOnly: true,
  usage: 'SIGN_VERIFY',
  find: keyToUse,
  run(context, input, key) {
    const { pair, scheme, messageType } = prepare(context, input, key);
    if (!scheme.verify(pair.publicKey, messageType, input.Message, input.Signature))
      throw new KmsError(
        'KMSInvalidSignatureException',
        'The signature is not one of this message by this key with this signing algorithm.',
      );
    return { KeyId: key.arn, SignatureValid: true as const, SigningAlgorithm: input.SigningAlgorithm };
  },
  audit: { request: ['KeyId', 'SigningAlgorithm', 'MessageType', 'DryRun'] },
});

export const signOperations = [sign, verify];
