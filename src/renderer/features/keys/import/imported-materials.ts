import type { OperationOutput } from '../../../../shared/kms/operations.ts';
import { specs } from '../../../../shared/kms/specs.ts';
import { kms } from '../../../lib/api.ts';
import type { ShownCall } from '../../../lib/show-as.ts';
import { allRotations } from '../all-rotations.ts';
import type { KeyDetail } from '../model.ts';

/** One material of an EXTERNAL key, as this Region has it. */
export interface ImportedMaterial {
  readonly id: string;
  /** Imported here and not deleted or expired. */
  readonly here: boolean;
  readonly validTo?: Date | undefined;
  /** Only keys that rotate have materials in several states. */
  readonly state?: OperationOutput<'ListKeyRotations'>['Rotations'][number]['KeyMaterialState'];
}

/** The call that tells of the materials of an EXTERNAL key: of those of symmetric keys ListKeyRotations, of all others DescribeKey. */
export const importedCall = ({ KeyId, KeySpec }: KeyDetail): ShownCall =>
  specs[KeySpec].rotates
    ? { operation: 'ListKeyRotations', input: { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } }
    : { operation: 'DescribeKey', input: { KeyId } };

/** The materials of an EXTERNAL key. */
export async function importedMaterials(detail: KeyDetail, region: string): Promise<ImportedMaterial[]> {
  if (specs[detail.KeySpec].rotates)
    return (await allRotations(detail.KeyId, region)).map((rotation) => ({
      id: rotation.KeyMaterialId,
      here: rotation.ImportState === 'IMPORTED',
      validTo: rotation.ValidTo,
      state: rotation.KeyMaterialState,
    }));
  const { KeyMetadata } = await kms('DescribeKey', { KeyId: detail.KeyId }, region);
  return detail.Materials.map(({ KeyMaterialId }) => ({
    id: KeyMaterialId,
    here: KeyMetadata.ExpirationModel !== undefined,
    validTo: KeyMetadata.ValidTo,
  }));
}
