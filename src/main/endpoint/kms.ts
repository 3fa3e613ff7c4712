import { KmsError } from '../../shared/kms/errors.ts';
import { isOperation, isOwnReading, type OperationName } from '../../shared/kms/operations.ts';
import { decodeInput, encodeOutput, JSON_TYPE } from './json.ts';
import { quotaOf } from './quotas.ts';
import type { Throttle } from './throttle.ts';
import { type Authenticated, callerOf, type Reply } from './types.ts';

const TARGET = /^TrentService\.([A-Za-z]+)$/;

/** The operation a request names. Coffer's own operations have no wire form: AWS's clients do not know them. */
function operationOf(headers: ReadonlyMap<string, string>): OperationName {
  const name = TARGET.exec(headers.get('x-amz-target') ?? '')?.[1] ?? '';
  if (!isOperation(name) || isOwnReading(name)) throw new KmsError('UnknownOperationException', '');
  return name;
}

/** Answers one call of the KMS API. @throws KmsError as the operation refuses. */
export async function answerKms(authenticated: Authenticated, throttle: Throttle): Promise<Reply> {
  const { request, served, credential, key } = authenticated;
  const operation = operationOf(request.headers);
  if (credential.service !== 'kms')
    throw new KmsError('InvalidSignatureException', "Credential should be scoped to correct service: 'kms'.");
  if (!served.regions.includes(credential.region))
    throw new KmsError(
      'InvalidSignatureException',
      `Credential should be scoped to a valid Region, not '${credential.region}'.`,
    );
  const input = decodeInput(request.body);
  if (!throttle.take(key.accountId, credential.region, quotaOf(operation, input)))
    throw new KmsError(
      'ThrottlingException',
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    );
  const { output, requestId } = await served.engine.call(callerOf(authenticated), operation, input as never);
  return { status: 200, type: JSON_TYPE, body: encodeOutput(output), requestId };
}
