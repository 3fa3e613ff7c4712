import type { KeySpec } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { specs } from '../../../../shared/kms/specs.ts';
import { formatNumber } from '../../../lib/format.ts';
import { type KindName, kinds } from '../kinds.ts';
import { fullAlias, type Tag } from '../model.ts';
import type { KeyPlan, MadeOrigin } from './create-key.ts';

const period = limits.rotationPeriod;

/** What has been typed and chosen so far. */
export interface Draft {
  readonly kind: KindName;
  readonly spec: KeySpec;
  readonly origin: MadeOrigin;
  readonly multiRegion: boolean;
  readonly region: string;
  readonly alias: string;
  readonly description: string;
  readonly rotates: boolean;
  readonly days: string | number;
  readonly tags: readonly Tag[];
}

export type Change = (changes: Partial<Draft>) => void;

export interface StepProps {
  readonly draft: Draft;
  readonly change: Change;
}

export const newDraft = (region: string): Draft => ({
  kind: 'symmetric',
  spec: kinds.symmetric.usual,
  origin: 'AWS_KMS',
  multiRegion: false,
  region,
  alias: '',
  description: '',
  rotates: true,
  days: period.default,
  tags: [],
});

/** Whether the key can rotate by itself: by its spec, and only when its material is made here. */
export const canRotate = ({ spec, origin }: Pick<Draft, 'spec' | 'origin'>): boolean =>
  specs[spec].rotates && origin === 'AWS_KMS';

export const planOf = (draft: Draft): KeyPlan => ({
  spec: draft.spec,
  usage: kinds[draft.kind].usage,
  origin: draft.origin,
  multiRegion: draft.multiRegion,
  alias: fullAlias(draft.alias),
  description: draft.description,
  tags: draft.tags,
  rotationDays: canRotate(draft) && draft.rotates ? Number(draft.days) : null,
});

/** Why the period cannot be, or `null`. */
export function daysProblem({ rotationDays }: KeyPlan): string | null {
  if (rotationDays === null) return null;
  return Number.isInteger(rotationDays) && rotationDays >= period.min && rotationDays <= period.max
    ? null
    : `A whole number of days from ${period.min} to ${formatNumber(period.max)}.`;
}
