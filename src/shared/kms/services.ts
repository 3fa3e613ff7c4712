/** The services whose AWS managed key, `alias/aws/<service>`, is made when it is first needed. */
export const managedServices = [
  'acm',
  'backup',
  'dynamodb',
  'ebs',
  'elasticfilesystem',
  'kinesis',
  'lambda',
  'rds',
  'redshift',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
] as const;
export type ManagedService = (typeof managedServices)[number];

/** The service whose AWS managed key an alias name stands for. */
export function managedServiceOf(alias: string): ManagedService | undefined {
  return managedServices.find((service) => alias === `alias/aws/${service}`);
}
