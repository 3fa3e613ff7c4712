import { iamLimits } from '../../shared/iam/limits.ts';
import { listOf } from '../../shared/iam/policy-document.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { type CompiledPolicy, compilePolicy } from '../policy/compile.ts';
import { malformed, parsePolicy, readPolicy } from '../policy/document.ts';
import { lengthOf } from './policies.ts';

/**
 * Checks whom a role trusts (IAM User Guide, "IAM role trust policy").
 * @throws KmsError `MalformedPolicyDocumentException`, `LimitExceededException`
 */
export function checkTrust(document: string): void {
  const { Statement } = parsePolicy(document);
  for (const { Resource, NotResource, Action, NotAction } of Statement) {
    if (Resource !== undefined || NotResource !== undefined) throw malformed('Has prohibited field Resource');
    if (NotAction !== undefined || Action === undefined) throw malformed('AssumeRole policy must name its actions.');
    if (listOf(Action).some((action) => !/^sts:/i.test(action)))
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
  if (lengthOf(document) > iamLimits.trustPolicy)
    throw new KmsError('LimitExceededException', `Cannot exceed quota for ACLSizePerRole: ${iamLimits.trustPolicy}`);
}

/** A role's trust policy, ready to be asked. It is about the role it belongs to, so its statements name no resource. */
export function compileTrust(document: string | null): CompiledPolicy {
  const { Statement = [], ...rest } = document === null ? {} : readPolicy(document, 'resource');
  const statements = Statement.map((statement) => ({ ...statement, Resource: '*' }));
  return compilePolicy({ ...rest, Statement: statements }, 'resource', 'trust policy');
}
