import { rootArn } from '../../shared/iam/arn.ts';
import {
  type IamInput,
  type IamOperationName,
  type IamOutput,
  iamOperations,
  isAccountOperation,
} from '../../shared/iam/operations.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { parseInput } from '../../shared/kms/validation.ts';
import type { Json } from '../audit/types.ts';
import type { CallerFacts } from '../policy/call-facts.ts';
import type { AccessKeys } from './access-keys.ts';
import { authorize } from './authorization.ts';
import { accessKeyOperations } from './iam/access-keys.ts';
import { accountOperations } from './iam/accounts.ts';
import { commonOperations } from './iam/common.ts';
import { detailOperations } from './iam/details.ts';
import { mfaOperations } from './iam/mfa.ts';
import type { IamOperation } from './iam/operation.ts';
import { roleOperations } from './iam/roles.ts';
import { userOperations } from './iam/users.ts';
import { IdentityPolicies } from './identity-policies.ts';
import type { MfaDevices } from './mfa.ts';
import { attempt, outcomeOf, type RecordedParts, recordedCall } from './recorded-call.ts';

const table: ReadonlyMap<string, IamOperation> = new Map(
  [
    ...accountOperations,
    ...userOperations,
    ...roleOperations,
    ...commonOperations,
    ...accessKeyOperations,
    ...mfaOperations,
    ...detailOperations,
  ].map((each) => [each.name, each]),
);

export interface PeopleParts extends RecordedParts {
  readonly accessKeys: AccessKeys;
  readonly mfa: MfaDevices;
  /** The account whose root is the vault's owner. */
  readonly ownerAccount: string;
}

/** CloudTrail's spelling of a member and what is in it. */
function recorded(value: unknown): Json {
  if (Array.isArray(value)) return value.map(recorded);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [memberName(name), recorded(item)]));
}
const memberName = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

function parametersOf({ audit }: IamOperation, input: Readonly<Record<string, unknown>>) {
  const given = audit.request.filter((name) => input[name] !== undefined);
  if (given.length === 0) return null;
  return Object.fromEntries(given.map((name) => [memberName(name), recorded(input[name])]));
}

/**
 * Accounts, users, roles and what is theirs, by IAM's operations. Each call is authorized by the caller's policies, done and
 * recorded in one transaction, also when it is refused; readings that succeed leave no record.
 */
export class People {
  readonly #parts: PeopleParts;
  readonly #identityPolicies = new IdentityPolicies();

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the call's record is durable.
   * @throws KmsError with IAM's codes, whose refusal is recorded as durably
   */
  async call<N extends IamOperationName>(caller: CallerFacts, name: N, input: IamInput<N>): Promise<IamOutput<N>> {
    return (await this.answer(caller, name, input)).output;
  }

  /** The same, with the id of the record that the call left: readings that succeed leave none. */
  async answer<N extends IamOperationName>(
    caller: CallerFacts,
    name: N,
    input: IamInput<N>,
  ): Promise<{ readonly output: IamOutput<N>; readonly requestId?: string }> {
    const operation = table.get(name) as IamOperation;
    const own = isAccountOperation(name);
    const parsed = attempt(() => parseInput(iamOperations[name].input, input) as Record<string, unknown>);
    return recordedCall(
      this.#parts,
      caller,
      {
        eventName: name,
        eventSource: own ? 'coffer.local' : 'iam.amazonaws.com',
        readOnly: operation.readOnly,
        silent: operation.readOnly,
        requestParameters: 'value' in parsed ? parametersOf(operation, parsed.value) : null,
      },
      (call) => {
        const wish = outcomeOf(parsed) as never;
        const { environment, accessKeys, mfa, ownerAccount } = this.#parts;
        const iam = { ...call, environment, accessKeys, mfa, ownerAccount };
        if (own) this.#requireOwner(caller, name);
        const needed = operation.needs(iam, wish);
        authorize(call, this.#identityPolicies, {
          ...needed,
          action: `iam:${name}`,
          resourceAccountId: caller.accountId,
        });
        const output = operation.run(iam, wish) as IamOutput<N>;
        return { output, responseElements: operation.audit.response?.(output as never) ?? null };
      },
    );
  }

  #requireOwner({ principalArn }: CallerFacts, name: string): void {
    if (principalArn === rootArn(this.#parts.ownerAccount)) return;
    throw new KmsError(
      'AccessDeniedException',
      `User: ${principalArn} is not authorized to perform: coffer:${name}: it is the vault owner's alone`,
    );
  }
}
