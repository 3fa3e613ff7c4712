import {
  dataKeyPairSpecs,
  encryptionAlgorithms,
  expirationModels,
  grantOperations,
  keyAgreementAlgorithms,
  keySpecs,
  keyUsages,
  macAlgorithms,
  messageTypes,
  origins,
  signingAlgorithms,
  wrappingAlgorithms,
  wrappingKeySpecs,
} from '../kms/enums.ts';
import { regions } from '../kms/regions.ts';
import { managedServices } from '../kms/services.ts';
import { conditionKeyOf } from './condition-keys.ts';
import { operatorOf } from './condition-operators.ts';

const yesOrNo = ['true', 'false'];
const services = managedServices.map((name) => `${name}.amazonaws.com`);

const sets: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['kms:CustomerMasterKeySpec', keySpecs],
  ['kms:CustomerMasterKeyUsage', keyUsages],
  ['kms:DataKeyPairSpec', dataKeyPairSpecs],
  ['kms:EncryptionAlgorithm', encryptionAlgorithms],
  ['kms:ExpirationModel', expirationModels],
  ['kms:GrantConstraintType', ['EncryptionContextEquals', 'EncryptionContextSubset']],
  ['kms:GrantOperations', grantOperations],
  ['kms:GranteeServicePrincipal', services],
  ['kms:KeyAgreementAlgorithm', keyAgreementAlgorithms],
  ['kms:KeyOrigin', origins],
  ['kms:KeySpec', keySpecs],
  ['kms:KeyUsage', keyUsages],
  ['kms:MacAlgorithm', macAlgorithms],
  ['kms:MessageType', messageTypes],
  ['kms:MultiRegionKeyType', ['PRIMARY', 'REPLICA']],
  ['kms:PrimaryRegion', regions],
  ['kms:ReplicaRegion', regions],
  ['kms:RetiringServicePrincipal', services],
  ['kms:SigningAlgorithm', signingAlgorithms],
  ['kms:ViaService', regions.flatMap((region) => managedServices.map((name) => `${name}.${region}.amazonaws.com`))],
  ['kms:WrappingAlgorithm', wrappingAlgorithms],
  ['kms:WrappingKeySpec', wrappingKeySpecs],
  ['aws:CalledVia', services],
  ['aws:CalledViaFirst', services],
  ['aws:CalledViaLast', services],
  ['aws:PrincipalServiceName', services],
  ['aws:PrincipalServiceNamesList', services],
  ['aws:PrincipalType', ['Account', 'User', 'AssumedRole']],
  ['aws:RequestedRegion', regions],
]);

/** Condition keys whose values are the ARN of a principal, and those whose values are an account's id. */
const principalKeys = ['aws:PrincipalArn', 'kms:GranteePrincipal', 'kms:RetiringPrincipal'];
const accountKeys = ['aws:PrincipalAccount', 'aws:ResourceAccount', 'aws:SourceAccount', 'kms:CallerAccount'];

/** What the values of a condition key are: some of a fixed set, principals, accounts, or anything. */
export function valuesOfKey(operator: string, name: string): readonly string[] | 'principals' | 'accounts' {
  const known = conditionKeyOf(name);
  if (operatorOf(operator)?.family === 'Null' || known?.type === 'Bool') return yesOrNo;
  if (!known) return [];
  if (principalKeys.includes(known.name)) return 'principals';
  return accountKeys.includes(known.name) ? 'accounts' : (sets.get(known.name) ?? []);
}
