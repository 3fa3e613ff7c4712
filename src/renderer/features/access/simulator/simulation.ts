import { create } from 'zustand';
import { conditionKeyOf, type KeyType } from '../../../../shared/iam/condition-keys.ts';
import type { OperationInput } from '../../../../shared/kms/operations.ts';
import type { Question } from '../../../lib/question.ts';
import { onSessionEnd } from '../../../lib/session.ts';

/** A value of a condition key; several rows of one key are its values. */
export interface Entry {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

export interface Simulation extends Question {
  readonly viaService: string;
  readonly sourceIp: string;
  readonly entries: readonly Entry[];
}

export const blank: Simulation = {
  keyId: null,
  principal: null,
  actions: [],
  context: {},
  mfa: null,
  viaService: '',
  sourceIp: '',
  entries: [],
};

/** What the simulator is asked, kept while other screens are shown. */
export const useSimulation = create<Simulation>()(() => blank);
onSessionEnd(() => useSimulation.setState(blank));

export const change = (more: Partial<Simulation>): void => useSimulation.setState(more);

/** How many of the circumstances are said. */
export const circumstancesOf = ({ context, mfa, viaService, sourceIp, entries }: Simulation): number =>
  Object.keys(context).length +
  Number(mfa !== null) +
  Number(viaService.trim() !== '') +
  Number(sourceIp.trim() !== '') +
  Object.keys(valuesOf(entries)).length;

function valuesOf(entries: readonly Entry[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of entries) {
    const key = name.trim();
    if (key !== '') values.set(key, [...(values.get(key) ?? []), value]);
  }
  return Object.fromEntries(values);
}

/** The call that answers it; null while who or what is missing. */
export function inputOf(
  { principal, actions, context, mfa, viaService, sourceIp, entries }: Simulation,
  keyId: string | null,
): OperationInput<'SimulateAccess'> | null {
  const who = principal?.trim() ?? '';
  const values = valuesOf(entries);
  if (keyId === null || who === '' || actions.length === 0) return null;
  return {
    KeyId: keyId,
    PrincipalArn: who,
    ActionNames: [...actions],
    ...(Object.keys(context).length > 0 ? { EncryptionContext: { ...context } } : {}),
    ...(mfa === null ? {} : { MultiFactorAuthPresent: mfa }),
    ...(viaService.trim() ? { ViaService: viaService.trim() } : {}),
    ...(sourceIp.trim() ? { SourceIp: sourceIp.trim() } : {}),
    ...(Object.keys(values).length > 0 ? { ContextEntries: values } : {}),
  };
}

const types: Readonly<Record<KeyType, string>> = {
  String: 'string',
  Numeric: 'numeric',
  Date: 'date',
  Bool: 'boolean',
  Binary: 'binary',
  IpAddress: 'ip',
  Arn: 'string',
};

function contextEntry(ContextKeyName: string, ContextKeyValues: readonly string[]) {
  const { type = 'String', multiValued = false } = conditionKeyOf(ContextKeyName) ?? {};
  return { ContextKeyName, ContextKeyValues, ContextKeyType: `${types[type]}${multiValued ? 'List' : ''}` };
}

/**
 * The nearest call AWS has, which asks IAM about a user's own policies and the key's; null for others than users, of whom it
 * cannot be asked together with a key policy.
 */
export function iamInput(
  { PrincipalArn, ActionNames, ...said }: OperationInput<'SimulateAccess'>,
  key: { readonly Arn: string; readonly Policy: string },
) {
  if (!/^arn:aws:iam::\d{12}:user\//.test(PrincipalArn)) return null;
  const context = Object.entries(said.EncryptionContext ?? {});
  const ContextEntries = [
    ...context.map(([name, value]) => contextEntry(`kms:EncryptionContext:${name}`, [value])),
    ...(said.MultiFactorAuthPresent === undefined
      ? []
      : [contextEntry('aws:MultiFactorAuthPresent', [String(said.MultiFactorAuthPresent)])]),
    ...(said.ViaService === undefined ? [] : [contextEntry('kms:ViaService', [said.ViaService])]),
    ...(said.SourceIp === undefined ? [] : [contextEntry('aws:SourceIp', [said.SourceIp])]),
    ...Object.entries(said.ContextEntries ?? {}).map(([name, values]) => contextEntry(name, values)),
  ];
  return {
    PolicySourceArn: PrincipalArn,
    ActionNames,
    ResourceArns: [key.Arn],
    ResourcePolicy: key.Policy,
    ...(ContextEntries.length > 0 ? { ContextEntries } : {}),
  };
}
