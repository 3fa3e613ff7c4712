import type { IamInput, IamOperationName } from '../../shared/iam/operations.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import type { OperationInput, OperationName } from '../../shared/kms/operations.ts';
import type { NewAccessKey, Owner } from '../access/access-keys.ts';
import { findPrincipal } from '../access/principals.ts';
import { IAM_REGION } from '../access/recorded-call.ts';
import { type Access, createAccess } from '../access/services.ts';
import { createAuditLog, type Trail } from '../audit/log.ts';
import type { Environment } from '../environment.ts';
import { initialiseVault, replaceAccounts } from '../kms/birth.ts';
import { createEngine, type ScheduledEngine } from '../kms/engine.ts';
import type { Caller } from '../kms/types.ts';
import type { Store } from '../vault/types.ts';
import { writeSetting } from '../vault-settings.ts';
import type { SeedMaterial } from './material.ts';
import type { Place, SeedFile } from './read.ts';
import type { SeedAccessKey, SeedAccount, SeedKey, SeedReplica, SeedRole, SeedUser } from './schema.ts';

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

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

const pairs = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The trust policy of a role that says nothing of trust. */
const NOBODY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
});

const defaultAccountOf = ({ seed }: SeedFile) => seed.defaultAccount ?? (seed.accounts[0] as SeedAccount).id;

/** Carries one seed out in one store, step by step, each through the engine's own functions and with its record. */
export class Sower {
  readonly #store: Store;
  readonly #file: SeedFile;
  readonly #parts: SeedParts;
  readonly #trail: Trail;
  readonly #engine: ScheduledEngine;
  readonly #access: Access;

  constructor(store: Store, file: SeedFile, parts: SeedParts) {
    const { environment, onBug } = parts;
    this.#store = store;
    this.#file = file;
    this.#parts = parts;
    this.#trail = createAuditLog(store);
    this.#engine = createEngine({ store, audit: this.#trail, environment, onBug });
    this.#access = createAccess({
      store,
      audit: this.#trail,
      environment,
      ownerAccount: defaultAccountOf(file),
      onRecord: undefined,
    });
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
    const defaultAccount = defaultAccountOf(this.#file);
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
    const accountId = account.id;
    const generated = await this.#give({ accountId, principal: null }, account.accessKeys, within);
    const give = async (kind: 'user' | 'role', { name, accessKeys }: SeedUser | SeedRole, place: Place) => {
      const principal = findPrincipal(this.#store.db, accountId, kind, name) ?? null;
      generated.push(...(await this.#give({ accountId, principal }, accessKeys, place)));
    };
    for (const [u, user] of account.users.entries()) {
      const place = [...within, 'users', u];
      await this.#user(accountId, user, place);
      await give('user', user, place);
    }
    for (const [r, role] of account.roles.entries()) {
      const place = [...within, 'roles', r];
      await this.#role(accountId, role, place);
      await give('role', role, place);
    }
    return generated;
  }

  #iam<N extends IamOperationName>(place: Place, accountId: string, operation: N, input: IamInput<N>) {
    const caller = this.#parts.callerIn(accountId, IAM_REGION);
    return this.#at(place, () => this.#access.people.call(caller, operation, input));
  }

  async #user(accountId: string, { name: UserName, path: Path, tags, policies = {} }: SeedUser, place: Place) {
    await this.#iam(place, accountId, 'CreateUser', { UserName, Path });
    if (tags) await this.#iam([...place, 'tags'], accountId, 'TagUser', { UserName, Tags: pairs(tags) });
    for (const [PolicyName, PolicyDocument] of Object.entries(policies)) {
      const input = { UserName, PolicyName, PolicyDocument };
      await this.#iam([...place, 'policies', PolicyName], accountId, 'PutUserPolicy', input);
    }
  }

  async #role(accountId: string, role: SeedRole, place: Place) {
    const { name: RoleName, path: Path, tags, policies = {}, trust = NOBODY, maxSessionSeconds } = role;
    await this.#iam(role.trust ? [...place, 'trust'] : place, accountId, 'CreateRole', {
      RoleName,
      Path,
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: maxSessionSeconds,
    });
    if (tags) await this.#iam([...place, 'tags'], accountId, 'TagRole', { RoleName, Tags: pairs(tags) });
    for (const [PolicyName, PolicyDocument] of Object.entries(policies)) {
      const input = { RoleName, PolicyName, PolicyDocument };
      await this.#iam([...place, 'policies', PolicyName], accountId, 'PutRolePolicy', input);
    }
  }

  async #give(owner: Owner, wishes: readonly SeedAccessKey[], within: Place): Promise<GeneratedKey[]> {
    const actor = this.#parts.callerIn(owner.accountId, IAM_REGION);
    const generated: GeneratedKey[] = [];
    for (const [k, { id, secret }] of wishes.entries()) {
      const fixed = id !== undefined && secret !== undefined ? { accessKeyId: id, secretAccessKey: secret } : undefined;
      const made = await this.#at([...within, 'accessKeys', k], () =>
        this.#store.transact((tx) => this.#access.accessKeys.add(tx, actor, owner, fixed)),
      );
      const identity = this.#access.accessKeys.open(made.accessKeyId);
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
