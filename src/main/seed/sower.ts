import { CofferError } from '../../shared/kms/errors.ts';
import type { OperationInput, OperationName } from '../../shared/kms/operations.ts';
import { AccessKeys, type NewAccessKey, type Owner } from '../access/access-keys.ts';
import { insertPrincipal } from '../access/principals.ts';
import { createAuditLog, type Trail } from '../audit/log.ts';
import type { Environment } from '../environment.ts';
import { initialiseVault, replaceAccounts } from '../kms/birth.ts';
import { createEngine, type ScheduledEngine } from '../kms/engine.ts';
import type { Caller } from '../kms/types.ts';
import type { Store } from '../vault/types.ts';
import { writeSetting } from '../vault-settings.ts';
import type { SeedMaterial } from './material.ts';
import type { Place, SeedFile } from './read.ts';
import type { SeedAccessKey, SeedAccount, SeedKey, SeedReplica } from './schema.ts';

export interface SeedParts {
  readonly environment: Environment;
  readonly onBug: (error: unknown, where: string) => void;
  /** The root of an account as the one who sows. */
  readonly callerIn: (accountId: string, region: string) => Caller;
}

/** An access key the seed asked to be generated: the one time its secret is told. */
export interface GeneratedKey extends NewAccessKey {
  readonly principalArn: string;
}

/** IAM's records are in this Region. */
const IAM_REGION = 'us-east-1';

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/** Carries one seed out in one store, step by step, each through the engine's own functions and with its record. */
export class Sower {
  readonly #store: Store;
  readonly #file: SeedFile;
  readonly #parts: SeedParts;
  readonly #trail: Trail;
  readonly #engine: ScheduledEngine;
  readonly #accessKeys: AccessKeys;

  constructor(store: Store, file: SeedFile, parts: SeedParts) {
    const { environment, onBug } = parts;
    this.#store = store;
    this.#file = file;
    this.#parts = parts;
    this.#trail = createAuditLog(store);
    this.#engine = createEngine({ store, audit: this.#trail, environment, onBug });
    this.#accessKeys = new AccessKeys({ store, audit: this.#trail, environment });
  }

  /**
   * Resolves to the access keys that were generated. `materials` are those of each account's keys, in order; they are used up.
   * @throws CofferError `SeedInvalid` with its place when a step is refused, `VaultWriteError`
   */
  async sow(materials: readonly (readonly SeedMaterial[])[]): Promise<GeneratedKey[]> {
    const { seed, fingerprint } = this.#file;
    await this.#begin();
    const generated: GeneratedKey[] = [];
    for (const [a, account] of seed.accounts.entries()) {
      generated.push(...(await this.#principals(account, ['accounts', a])));
      for (const [k, key] of account.keys.entries())
        await this.#key(account.id, key, materials[a]?.[k] as SeedMaterial, ['accounts', a, 'keys', k]);
    }
    await this.#store.transact((tx) => writeSetting(tx, 'seed', { fingerprint, done: true }));
    return generated;
  }

  /** The accounts and the Regions, and the mark by which a seeding that was cut off is known. */
  #begin(): Promise<void> {
    const { seed, fingerprint } = this.#file;
    const now = this.#parts.environment.clock.now();
    const ids = seed.accounts.map(({ id }) => id);
    const defaultAccount = seed.defaultAccount ?? (ids[0] as string);
    return this.#store.transact((tx) => {
      if (!tx.get('SELECT 1 FROM regions LIMIT 1')) initialiseVault(tx, { accountId: defaultAccount, now });
      replaceAccounts(tx, ids, now);
      writeSetting(tx, 'defaultAccount', defaultAccount);
      writeSetting(tx, 'seed', { fingerprint, done: false });
      this.#trail.begin(tx, now);
    });
  }

  /** A refusal is told with its place in the file. The disk's refusals and a lock are no fault of the seed. */
  async #at<T>(place: Place, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const own = error instanceof CofferError && error.code !== 'VaultWriteError' && error.code !== 'VaultLocked';
      throw own ? this.#file.fault(place, error.message) : error;
    }
  }

  #call<N extends OperationName>(place: Place, caller: Caller, operation: N, input: OperationInput<N>) {
    return this.#at(place, () => this.#engine.call(caller, operation, input));
  }

  async #principals(account: SeedAccount, within: Place): Promise<GeneratedKey[]> {
    const { clock, random } = this.#parts.environment;
    const generated = await this.#give({ accountId: account.id, principal: null }, account.accessKeys, within);
    for (const [list, kind] of [
      ['users', 'user'],
      ['roles', 'role'],
    ] as const)
      for (const [p, { name, path, accessKeys }] of account[list].entries()) {
        const place = [...within, list, p];
        const wish = { accountId: account.id, kind, name, path };
        const principal = await this.#at(place, () =>
          this.#store.transact((tx) => insertPrincipal(tx, wish, random, clock.now())),
        );
        generated.push(...(await this.#give({ accountId: account.id, principal }, accessKeys, place)));
      }
    return generated;
  }

  async #give(owner: Owner, wishes: readonly SeedAccessKey[], within: Place): Promise<GeneratedKey[]> {
    const actor = this.#parts.callerIn(owner.accountId, IAM_REGION);
    const generated: GeneratedKey[] = [];
    for (const [k, { id, secret }] of wishes.entries()) {
      const fixed = id !== undefined && secret !== undefined ? { accessKeyId: id, secretAccessKey: secret } : undefined;
      const made = await this.#at([...within, 'accessKeys', k], () =>
        this.#store.transact((tx) => this.#accessKeys.add(tx, actor, owner, fixed)),
      );
      const identity = this.#accessKeys.open(made.accessKeyId);
      if (!fixed && identity) generated.push({ ...made, principalArn: identity.principalArn });
    }
    return generated;
  }

  /**
   * A key with its replicas. Policies come last: they may deny the rest to whoever sows, and are put without the lockout safety
   * check, as a lockout may be what is to be shown.
   */
  async #key(accountId: string, key: SeedKey, material: SeedMaterial, place: Place): Promise<void> {
    const { id: keyId, spec, usage, description, rotation } = key;
    const callerIn = (region: string) => this.#parts.callerIn(accountId, region);
    const caller = callerIn(key.region);
    const given = {
      keyId,
      spec,
      usage,
      description,
      tags: tagList(key.tags),
      material: material.bytes,
      materialId: material.id,
    };
    await this.#at(place, () => this.#engine.makeGivenKey(caller, given));
    const homes: [SeedReplica, Place][] = [[key, place]];
    for (const [r, replica] of key.replicas.entries()) {
      const where = [...place, 'replicas', r];
      homes.push([replica, where]);
      await this.#call(where, caller, 'ReplicateKey', {
        KeyId: keyId,
        ReplicaRegion: replica.region,
        Description: replica.description,
        Tags: tagList(replica.tags),
      });
    }
    if (key.replicas.length > 0) await this.#engine.settleAll();
    if (rotation)
      await this.#call([...place, 'rotation'], caller, 'EnableKeyRotation', {
        KeyId: keyId,
        RotationPeriodInDays: rotation.periodInDays,
      });
    for (const [home, where] of homes) await this.#home(callerIn(home.region), keyId, home, where);
  }

  /** What a key, or a replica of it, has in its Region alone. */
  async #home(caller: Caller, keyId: string, home: SeedReplica, place: Place): Promise<void> {
    for (const [n, AliasName] of home.aliases.entries())
      await this.#call([...place, 'aliases', n], caller, 'CreateAlias', { AliasName, TargetKeyId: keyId });
    for (const [n, grant] of home.grants.entries())
      await this.#call([...place, 'grants', n], caller, 'CreateGrant', {
        KeyId: keyId,
        GranteePrincipal: grant.granteePrincipal,
        RetiringPrincipal: grant.retiringPrincipal,
        Operations: grant.operations,
        Constraints: grant.constraints && {
          EncryptionContextSubset: grant.constraints.encryptionContextSubset,
          EncryptionContextEquals: grant.constraints.encryptionContextEquals,
        },
        Name: grant.name,
      });
    if (home.state === 'Disabled') await this.#call([...place, 'state'], caller, 'DisableKey', { KeyId: keyId });
    if (home.policy !== undefined)
      await this.#call([...place, 'policy'], caller, 'PutKeyPolicy', {
        KeyId: keyId,
        Policy: home.policy,
        BypassPolicyLockoutSafetyCheck: true,
      });
  }
}
