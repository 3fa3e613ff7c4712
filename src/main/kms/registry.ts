import type { OperationName } from '../../shared/kms/operations.ts';
import { accessOperations } from './access.ts';
import { aliasOperations } from './aliases.ts';
import { dataKeyPairOperations } from './data-key-pairs.ts';
import { dependentsOperations } from './dependents.ts';
import { encryptionOperations } from './encryption.ts';
import { generateOperations } from './generate.ts';
import { grantOperations } from './grants.ts';
import { importOperations } from './import.ts';
import { keyStoreOperations } from './key-stores.ts';
import { keyOperations } from './keys.ts';
import { usageOperations } from './last-usage.ts';
import { lifecycleOperations } from './lifecycle.ts';
import { macOperations } from './mac.ts';
import type { Operation } from './operation.ts';
import { overviewOperations } from './overview.ts';
import { policyOperations } from './policies.ts';
import { publicKeyOperations } from './public-key.ts';
import { replicaOperations } from './replicas.ts';
import { rotationOperations } from './rotation.ts';
import { sharedSecretOperations } from './shared-secrets.ts';
import { signOperations } from './sign.ts';
import { tagOperations } from './tags.ts';
import { trailOperations } from './trail.ts';

type AnyOperation = { [N in OperationName]: Operation<N> }[OperationName];

const all: readonly AnyOperation[] = [
  ...keyOperations,
  ...policyOperations,
  ...grantOperations,
  ...replicaOperations,
  ...lifecycleOperations,
  ...aliasOperations,
  ...tagOperations,
  ...encryptionOperations,
  ...generateOperations,
  ...dataKeyPairOperations,
  ...signOperations,
  ...publicKeyOperations,
  ...sharedSecretOperations,
  ...macOperations,
  ...rotationOperations,
  ...importOperations,
  ...usageOperations,
  ...keyStoreOperations,
  ...overviewOperations,
  ...dependentsOperations,
  ...trailOperations,
  ...accessOperations,
];

const byName = new Map<string, AnyOperation>(all.map((operation) => [operation.name, operation]));

/** The operation of that name. */
export function operationNamed<N extends OperationName>(name: N): Operation<N> | undefined {
  return byName.get(name) as unknown as Operation<N> | undefined;
}
