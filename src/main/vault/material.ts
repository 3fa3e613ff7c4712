import { CofferError } from '../../shared/kms/errors.ts';
import { open, seal } from '../crypto/aead.ts';
import { framed } from '../crypto/bytes.ts';
import type { Random } from '../environment.ts';
import { VaultDamaged } from './errors.ts';
import type { RootKey } from './keys.ts';

/** Key material inside the database is sealed once more, bound to the key and the material it belongs to. */
export class MaterialSealer {
  readonly #key: Uint8Array;
  readonly #random: Random;
  #destroyed = false;

  constructor(root: RootKey, random: Random) {
    this.#key = root.derive('material');
    this.#random = random;
  }

  /** @throws CofferError `VaultLocked` once destroyed. */
  seal(keyId: string, materialId: string, material: Uint8Array): Uint8Array {
    return seal(this.#live(), this.#random.bytes(12), material, framed('coffer key material', keyId, materialId));
  }

  /** @throws VaultDamaged when the bytes were not sealed for these ids; CofferError `VaultLocked` once destroyed. */
  open(keyId: string, materialId: string, sealed: Uint8Array): Uint8Array {
    const material = open(this.#live(), sealed, framed('coffer key material', keyId, materialId));
    if (!material) throw new VaultDamaged(`the material of key ${keyId} does not open`);
    return material;
  }

  #live(): Uint8Array {
    if (this.#destroyed) throw new CofferError('VaultLocked', 'The vault is locked.');
    return this.#key;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#key.fill(0);
  }
}
