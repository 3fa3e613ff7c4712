import { defaultKeyPolicy } from './default-policy.ts';

const SID = 'CofferRequireMfaToDestroy';

/**
 * The statement that asks for a second factor before a key is destroyed or put out of use. PutKeyPolicy is among the actions, or
 * the statement could be removed without one. `BoolIfExists`, since a call with a lasting access key says nothing of MFA at all.
 */
const statement = {
  Sid: SID,
  Effect: 'Deny',
  Principal: '*',
  Action: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DeleteImportedKeyMaterial', 'kms:PutKeyPolicy'],
  Resource: '*',
  Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
};

interface Document {
  readonly Statement: unknown;
}

const statementsOf = ({ Statement }: Document): unknown[] => (Array.isArray(Statement) ? Statement : [Statement]);

const isOurs = (each: unknown): boolean =>
  typeof each === 'object' && each !== null && (each as { Sid?: unknown }).Sid === SID;

const written = (document: Document, Statement: unknown[]): string =>
  JSON.stringify({ ...document, Statement }, null, 2);

/** Whether the policy has the statement, as it is written here: one that was changed asks for less, perhaps. */
export function hasMfaRule(policy: string): boolean {
  const ours = statementsOf(JSON.parse(policy) as Document).find(isOurs);
  return JSON.stringify(ours) === JSON.stringify(statement);
}

/** The policy with the statement, in the place of one of its name if there is one. */
export function withMfaRule(policy: string): string {
  const document = JSON.parse(policy) as Document;
  return written(document, [...statementsOf(document).filter((each) => !isOurs(each)), statement]);
}

/** The policy without it; the last statement stays, as a policy needs one. */
export function withoutMfaRule(policy: string): string {
  const document = JSON.parse(policy) as Document;
  const others = statementsOf(document).filter((each) => !isOurs(each));
  return others.length === 0 ? policy : written(document, others);
}

/** Laid out for people to read. */
export const mfaRuleText = JSON.stringify(statement, null, 2);

/** The policy of a new key that has it from the first. */
export const defaultPolicyWithMfaRule = (accountId: string): string => withMfaRule(defaultKeyPolicy(accountId));
