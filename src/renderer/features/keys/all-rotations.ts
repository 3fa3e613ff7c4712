import { kms } from '../../lib/api.ts';

/** Every material of a key with the rotation that brought it, page by page. */
export async function allRotations(keyId: string, region: string) {
  const rotations = [];
  let marker: string | undefined;
  do {
    const page = await kms(
      'ListKeyRotations',
      { KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', ...(marker ? { Marker: marker } : {}) },
      region,
    );
    rotations.push(...page.Rotations);
    marker = page.NextMarker;
  } while (marker !== undefined);
  return rotations;
}
