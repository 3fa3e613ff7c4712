import { z } from 'zod';
import { assumedRoleArn, parseArn } from '../../shared/iam/arn.ts';
import { iamLimits } from '../../shared/iam/limits.ts';
import { mfaCode, serialNumber } from '../../shared/iam/schemas/members.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { parseInput } from '../../shared/kms/validation.ts';
import type { Json } from '../audit/types.ts';
import type { CallerFacts } from '../policy/call-facts.ts';
import { authorize } from './authorization.ts';
import { IdentityPolicies } from './identity-policies.ts';
import { type MfaDevices, requireCode } from './mfa.ts';
import { namedByArn, principalOf } from './principals.ts';
import { attempt, type Call, type Done, outcomeOf, type RecordedParts, recordedCall } from './recorded-call.ts';
import type { NewSession, Sessions, TemporaryCredentials } from './sessions.ts';
import { compileTrust } from './trust.ts';

const seconds = z.int();
const secondFactor = { SerialNumber: serialNumber.optional(), TokenCode: mfaCode.optional() };

const assumeRole = z.object({
  RoleArn: z.string().min(20).max(2048),
  RoleSessionName: z
    .string()
    .min(2)
    .max(64)
    .regex(/^[\w+=,.@-]*$/),
  DurationSeconds: seconds.min(iamLimits.session.min).max(iamLimits.session.maxMax).optional(),
  ExternalId: z
    .string()
    .min(2)
    .max(1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .optional(),
  ...secondFactor,
});

const getSessionToken = z.object({
  DurationSeconds: seconds.min(iamLimits.sessionToken.min).max(iamLimits.sessionToken.max).optional(),
  ...secondFactor,
});

/** Parameters that would narrow or mark a session. To leave one out unnoticed would give more than was asked for. */
const UNSUPPORTED = /^(Policy$|PolicyArns\b|Tags\b|TransitiveTagKeys\b|SourceIdentity$|ProvidedContexts\b)/;

export interface AssumedRole extends TemporaryCredentials {
  readonly arn: string;
  readonly userId: string;
}

export interface Answered<T> {
  readonly output: T;
  /** The record's id. */
  readonly requestId: string;
}

export interface StsParts extends RecordedParts {
  readonly sessions: Sessions;
  readonly mfa: MfaDevices;
}

const denied = (message: string) => new KmsError('AccessDeniedException', message);
const refused = (message: string) => new KmsError('ValidationException', message);
const SECOND = 1000;

/** Members of the input as CloudTrail has them, without codes. */
function parametersOf(input: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> | null {
  const told = ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId', 'SerialNumber'].flatMap((name) =>
    input[name] === undefined ? [] : [[name.charAt(0).toLowerCase() + name.slice(1), input[name] as Json] as const],
  );
  return told.length === 0 ? null : Object.fromEntries(told);
}

/** What a record tells of credentials: neither secret nor token. */
const recorded = ({ accessKeyId, expiresAt }: TemporaryCredentials) => ({
  credentials: { accessKeyId, expiration: new Date(expiresAt).toISOString() },
});

/** AWS Security Token Service, as far as one vault needs it. Each call is one transaction with its record, refusals too. */
export class Sts {
  readonly #parts: StsParts;
  readonly #identityPolicies = new IdentityPolicies();

  constructor(parts: StsParts) {
    this.#parts = parts;
  }

  /**
   * Temporary credentials of a role's session.
   * @throws KmsError `AccessDeniedException`, `ValidationException`
   */
  assumeRole(caller: CallerFacts, input: Readonly<Record<string, unknown>>): Promise<Answered<AssumedRole>> {
    return this.#call('AssumeRole', assumeRole, caller, input, (call, wish) => {
      const role = this.#assumed(call, wish);
      const { accountId, name, uniqueId, maxSessionSeconds } = role;
      const lasts = durationOf(caller, wish.DurationSeconds, maxSessionSeconds);
      // At AWS, too, a session does not hold that its maker proved a second factor: only the trust policy can ask.
      const credentials = this.#issue(call, lasts, {
        accountId,
        principal: uniqueId,
        session: wish.RoleSessionName,
        mfaAt: null,
      });
      const arn = assumedRoleArn(accountId, name, wish.RoleSessionName);
      const userId = `${uniqueId}:${wish.RoleSessionName}`;
      return {
        output: { ...credentials, arn, userId },
        responseElements: { ...recorded(credentials), assumedRoleUser: { assumedRoleId: userId, arn } },
      };
    });
  }

  /**
   * Temporary credentials of a user or root, with or without a second factor. Needs no permission, as at AWS.
   * @throws KmsError `AccessDeniedException`, `ValidationException`
   */
  getSessionToken(
    caller: CallerFacts,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Answered<TemporaryCredentials>> {
    return this.#call('GetSessionToken', getSessionToken, caller, input, (call, wish) => {
      const kind = namedByArn(caller.principalArn)?.kind;
      if (kind === 'role' || caller.tokenIssuedAt !== undefined)
        throw denied('Cannot call GetSessionToken with session credentials');
      const mfaAt = this.#secondFactor(call, wish) ? call.now : null;
      const most = kind === 'root' ? iamLimits.sessionToken.root : iamLimits.sessionToken.max;
      const asked = wish.DurationSeconds ?? iamLimits.sessionToken.default;
      const credentials = this.#issue(call, Math.min(asked, most), {
        accountId: caller.accountId,
        principal: principalOf(call.tx, caller.principalArn)?.uniqueId ?? null,
        session: null,
        mfaAt,
      });
      return { output: credentials, responseElements: recorded(credentials) };
    });
  }

  /** The role, once caller and role both allow it. */
  #assumed(call: Call, wish: z.output<typeof assumeRole>) {
    const { tx, caller, now } = call;
    if (namedByArn(caller.principalArn)?.kind === 'root') throw denied('Roles may not be assumed by root accounts.');
    const { RoleArn, RoleSessionName, ExternalId } = wish;
    if (parseArn(RoleArn) === null) throw refused(`${RoleArn} is invalid`);
    const mfaAt = this.#secondFactor(call, wish) ? now : caller.mfaAt;
    const role = RoleArn.includes(':sts:') ? undefined : principalOf(tx, RoleArn);
    const proven = mfaAt === undefined ? caller : { ...caller, mfaAt };
    authorize({ ...call, caller: proven }, this.#identityPolicies, {
      action: 'sts:AssumeRole',
      resource: RoleArn,
      resourceAccountId: namedByArn(RoleArn)?.accountId ?? '',
      resourceTags: role?.tags,
      values: {
        'sts:rolesessionname': RoleSessionName,
        ...(ExternalId === undefined ? {} : { 'sts:externalid': ExternalId }),
      },
      // A role that is not there trusts nobody: whoever asks learns no more.
      trust: compileTrust(role?.kind === 'role' ? role.trust : null),
    });
    return role as NonNullable<typeof role>;
  }

  /** Whether a code was given and is right. @throws KmsError `AccessDeniedException` when it is wrong. */
  #secondFactor(
    call: Call,
    {
      SerialNumber,
      TokenCode,
    }: { readonly SerialNumber?: string | undefined; readonly TokenCode?: string | undefined },
  ): boolean {
    if (SerialNumber === undefined && TokenCode === undefined) return false;
    const { mfa } = this.#parts;
    const { tx, caller, now } = call;
    const own = mfa.find(tx, SerialNumber ?? '');
    if (TokenCode === undefined || own?.ownerArn !== caller.principalArn)
      throw denied(
        'MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.',
      );
    requireCode(mfa.check(call, own.serialNumber, TokenCode), now, (because) => [
      'AccessDeniedException',
      `MultiFactorAuthentication failed with invalid MFA one time pass code.${because ? ` ${because}` : ''}`,
    ]);
    return true;
  }

  #issue({ now }: Call, lasts: number, wish: Omit<NewSession, 'expiresAt'>): TemporaryCredentials {
    // Whole seconds, as answers tell them.
    const end = Math.floor(now / SECOND) * SECOND + lasts * SECOND;
    return this.#parts.sessions.issue({ ...wish, expiresAt: end });
  }

  async #call<S extends z.ZodType<Readonly<Record<string, unknown>>>, T>(
    eventName: string,
    schema: S,
    caller: CallerFacts,
    input: Readonly<Record<string, unknown>>,
    work: (call: Call, wish: z.output<S>) => Done<T>,
  ): Promise<Answered<T>> {
    const parsed = attempt(() => checked(schema, input));
    const requestParameters = 'value' in parsed ? parametersOf(parsed.value) : null;
    const event = { eventName, eventSource: 'sts.amazonaws.com', readOnly: true, region: caller.region };
    const { output, requestId } = await recordedCall(
      this.#parts,
      caller,
      { ...event, requestParameters, silent: false },
      (call) => work(call, outcomeOf(parsed)),
    );
    return { output, requestId: requestId as string };
  }
}

/** @throws KmsError `ValidationException` */
function checked<S extends z.ZodType>(schema: S, input: Readonly<Record<string, unknown>>): z.output<S> {
  const unsupported = Object.keys(input).find((name) => UNSUPPORTED.test(name));
  if (unsupported !== undefined) throw refused(`Coffer's sessions have no ${unsupported.split('.')[0]}: leave it out.`);
  return parseInput(schema, input);
}

/** How long a role's session lasts, in seconds. @throws KmsError `ValidationException` */
function durationOf({ principalArn }: CallerFacts, asked: number | undefined, most: number): number {
  const { chained, default: usual } = iamLimits.session;
  if (namedByArn(principalArn)?.kind === 'role' && asked !== undefined && asked > chained)
    throw refused('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  if (asked !== undefined && asked > most)
    throw refused('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return asked ?? usual;
}
