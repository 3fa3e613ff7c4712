import { parseArn } from '../../shared/iam/arn.ts';

/** A service principal, as `s3.amazonaws.com` or `dynamodb.eu-central-1.amazonaws.com`. */
const SERVICE = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*\.amazonaws\.com$/;

export function isServicePrincipal(text: string): boolean {
  return SERVICE.test(text);
}

/** Whether `text` is the ARN of what can be a principal: an account, a user, a role, a federated user or an assumed role. */
export function isPrincipalArn(text: string): boolean {
  const arn = parseArn(text);
  if (arn?.partition !== 'aws' || arn.region !== '' || arn.accountId === '') return false;
  if (arn.service === 'iam') return /^(root|(user|role)\/([\w+=,.@-]+\/)*[\w+=,.@-]+)$/.test(arn.resource);
  return (
    arn.service === 'sts' && /^(assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+)$/.test(arn.resource)
  );
}

/**
 * The form a principal is known by: names of users and roles are unique in their account whatever their path, and the ARN
 * of an assumed role has none, so paths are left out.
 */
export function principalName(principal: string): string {
  return principal.replace(/^(arn:aws:iam::\d{12}:(?:user|role)\/)(?:[^/]+\/)+/, '$1');
}

/** The names a caller answers to: its own, and that of the role it has assumed. */
export function namesOf(principalArn: string): readonly string[] {
  const own = principalName(principalArn);
  const role = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principalArn);
  return role ? [own, `arn:aws:iam::${role[1]}:role/${role[2]}`] : [own];
}
