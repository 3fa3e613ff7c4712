import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { CallerFacts, KeyFacts } from '../../../src/main/policy/call-facts.ts';
import { compilePolicy } from '../../../src/main/policy/compile.ts';
import type { DecisionRequest, GrantParties, HeldGrant, Policies } from '../../../src/main/policy/decide.ts';
import { parsePolicy } from '../../../src/main/policy/document.ts';
import type { GrantTerms } from '../../../src/main/policy/grants.ts';
import { givenContext, requestContext } from '../../../src/main/policy/request-context.ts';
import { assumedRoleArn, keyArn } from '../../../src/shared/iam/arn.ts';
import type { PolicyType } from '../../../src/shared/iam/policy-document.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const KEY = keyArn(REGION, ACCOUNT, '1234abcd-12ab-34cd-56ef-1234567890ab');
const NOW = Date.UTC(2026, 0, 1);

type Given = Readonly<Record<string, string | readonly string[]>>;

/** What a case and its group may say; a case overrides its group. */
interface Facts {
  readonly version?: '2008-10-17' | '2012-10-17' | 'none';
  readonly key?: readonly object[];
  readonly user?: readonly object[];
  readonly user2?: readonly object[];
  readonly grants?: readonly ({ readonly id: string } & GrantTerms)[];
  readonly retires?: GrantParties;
  /** As `root`, `user/ann`, `role/Reader/session`, each with another account in front; or a service. */
  readonly as?: string;
  /** An action without its prefix. */
  readonly do?: string;
  /** `account` or an ARN; the key when left out. */
  readonly on?: string;
  /** The whole context; without it, it is what the call says of itself. */
  readonly context?: Given;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly encryptionContext?: Readonly<Record<string, string>>;
  readonly callerFacts?: Partial<CallerFacts>;
  readonly keyFacts?: Partial<Omit<KeyFacts, 'aliases' | 'tags'>> & {
    readonly aliases?: readonly string[];
    readonly tags?: Readonly<Record<string, string>>;
  };
  readonly sameKey?: boolean;
}

export interface Case extends Facts {
  readonly file: string;
  readonly source: string;
  readonly name: string;
  /** As `allow key 0`, `deny identity 1`, `allow grant g1`, `refuse key`. */
  readonly expect: string;
  /** Of the statement that let identity policies decide: its number. */
  readonly delegatedBy?: number;
  /** Why one statement did not fit, as `key 0 Condition Bool aws:SecureTransport`. */
  readonly why?: string;
  /** Why the first grant did not. */
  readonly miss?: string;
}

interface CaseFile {
  readonly topic: string;
  readonly groups: readonly (Facts & { readonly source: string; readonly cases: readonly Case[] })[];
}

const folder = path.join(import.meta.dirname, 'cases');

export const cases: readonly Case[] = readdirSync(folder)
  .sort()
  .flatMap((file) => {
    const { groups }: CaseFile = parse(readFileSync(path.join(folder, file), 'utf8'));
    return groups.flatMap(({ cases: own, ...group }) => own.map((each) => ({ ...group, ...each, file })));
  });

/** The text of a policy of these statements; null when there are none. */
export function policyText(statements: readonly object[] | undefined, version: Case['version']): string | null {
  if (statements === undefined || statements.length === 0) return null;
  const Version = version === 'none' ? undefined : (version ?? '2012-10-17');
  return JSON.stringify({ Version, Statement: statements });
}

function compiled(each: Case, element: 'key' | 'user' | 'user2') {
  const type: PolicyType = element === 'key' ? 'resource' : 'identity';
  const text = policyText(each[element], each.version);
  return text === null ? null : compilePolicy(parsePolicy(text, type), type, element);
}

export function callerOf(as = 'user/ann'): { readonly principalArn: string; readonly accountId: string } {
  if (as.endsWith('.amazonaws.com')) return { principalArn: as, accountId: ACCOUNT };
  const [, account = ACCOUNT, name = ''] = /^(?:(\d{12}):)?(.+)$/.exec(as) ?? [];
  const [kind, role = '', session = ''] = name.split('/');
  const principalArn = kind === 'role' ? assumedRoleArn(account, role, session) : `arn:aws:iam::${account}:${name}`;
  return { principalArn, accountId: account };
}

/** The call of a case and what is asked for permission. */
export function callOf(each: Case): { readonly request: DecisionRequest; readonly policies: Policies } {
  const { as, on, grants, retires, encryptionContext, sameKey, input = {}, callerFacts, keyFacts = {} } = each;
  const who = callerOf(as);
  const action = `kms:${each.do ?? 'Encrypt'}`;
  const { aliases = [], tags = {}, ...facts } = keyFacts;
  const key: KeyFacts = {
    accountId: ACCOUNT,
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: null,
    createdAt: NOW,
    lastUsed: null,
    aliases: () => aliases,
    tags: () => tags,
    ...facts,
  };
  const caller = { ...who, region: REGION, sourceIp: '127.0.0.1', userAgent: 'test', ...callerFacts };
  const onAccount = on === 'account';
  const context = each.context
    ? givenContext(each.context)
    : requestContext({
        caller,
        now: NOW,
        action,
        input,
        key: onAccount ? undefined : key,
        resourceAccountId: ACCOUNT,
        encryptionContext,
        sameKey,
      });
  const keyPolicy = compiled(each, 'key');
  const resource = onAccount ? '*' : (on ?? KEY);
  const held = grants?.map(({ id, ...terms }): HeldGrant => ({ id, terms }));
  const identity = [compiled(each, 'user'), compiled(each, 'user2')].filter((policy) => policy !== null);
  return {
    request: {
      ...who,
      action,
      resource,
      resourceAccountId: onAccount ? who.accountId : ACCOUNT,
      encryptionContext,
      context,
    },
    policies: {
      key:
        onAccount || each.key === undefined
          ? undefined
          : (keyPolicy ?? { type: 'resource', name: 'key', statements: [] }),
      identity,
      grants: held && (() => held),
      retires,
    },
  };
}
