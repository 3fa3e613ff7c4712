import type { KeySpec, Origin } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { specs } from '../../../../shared/kms/specs.ts';
import { formatNumber } from '../../../lib/format.ts';
import type { Tag } from '../../../lib/tags.ts';
import { type KindName, kinds } from '../kinds.ts';
import { fullAlias } from '../model.ts';
import type { KeyPlan } from './create-key.ts';

const period = limits.rotationPeriod;

/** What has been typed and chosen so far. */
export interface Draft {
  readonly kind: KindName;
  readonly spec: KeySpec;
  readonly origin: Origin;
  /** Of the two origins that have one. */
  readonly keyStoreId: string | undefined;
  readonly xksKeyId: string;
  readonly multiRegion: boolean;
  readonly region: string;
  readonly alias: string;
  readonly description: string;
  readonly rotates: boolean;
  readonly days: string | number;
  readonly tags: readonly Tag[];
  /** Whether destroying the key is to take a second factor. */
  readonly asksMfa: boolean;
}

export type Change = (changes: Partial<Draft>) => void;

export interface StepProps {
  readonly draft: Draft;
  readonly change: Change;
}

/** What is chosen anew whenever the kind, the spec or the Region changes. */
export const madeHere = { origin: 'AWS_KMS', keyStoreId: undefined, xksKeyId: '' } as const;

export const newDraft = (region: string): Draft => ({
  kind: 'symmetric',
  spec: kinds.symmetric.usual,
  ...madeHere,
  multiRegion: false,
  region,
  alias: '',
  description: '',
  rotates: true,
  days: period.default,
  tags: [],
  asksMfa: false,
});

/** Whether the key can rotate by itself: by its spec, and only when its material is made here. */
export const canRotate = ({ spec, origin }: Pick<Draft, 'spec' | 'origin'>): boolean =>
  specs[spec].rotates && origin === 'AWS_KMS';

export const planOf = (draft: Draft): KeyPlan => ({
  spec: draft.spec,
  usage: kinds[draft.kind].usage,
  origin: draft.origin,
  keyStoreId: draft.keyStoreId,
  xksKeyId: draft.origin === 'EXTERNAL_KEY_STORE' ? draft.xksKeyId.trim() : undefined,
  multiRegion: draft.multiRegion,
  alias: fullAlias(draft.alias),
  description: draft.description,
  tags: draft.tags,
  asksMfa: draft.asksMfa,
  rotationDays: canRotate(draft) && draft.rotates ? Number(draft.days) : null,
});

/** Why the period cannot be, or `null`. */
export function daysProblem({ rotationDays }: KeyPlan): string | null {
  if (rotationDays === null) return null;
  return Number.isInteger(rotationDays) && rotationDays >= period.min && rotationDays <= period.max
    ? null
    : `A whole number of days from ${period.min} to ${formatNumber(period.max)}.`;
}
