import { open, seal } from '../crypto/aead.ts';
import { framed } from '../crypto/bytes.ts';
import type { Random } from '../environment.ts';
import { VaultDamaged } from './errors.ts';
import type { RootKey } from './keys.ts';

/** Key material inside the database is sealed once more, bound to the key and the material it belongs to. */
export class MaterialSealer {
  readonly #key: Uint8Array;
  readonly #random: Random;

  constructor(root: RootKey, random: Random) {
    this.#key = root.derive('material');
    this.#random = random;
  }

  seal(keyId: string, materialId: string, material: Uint8Array): Uint8Array {
    return seal(this.#key, this.#random.bytes(12), material, framed('coffer key material', keyId, materialId));
  }

  /** @throws VaultDamaged when the bytes were not sealed for these ids. */
  open(keyId: string, materialId: string, sealed: Uint8Array): Uint8Array {
    const material = open(this.#key, sealed, framed('coffer key material', keyId, materialId));
    if (!material) throw new VaultDamaged(`the material of key ${keyId} does not open`);
    return material;
  }

  destroy(): void {
    this.#key.fill(0);
  }
}
