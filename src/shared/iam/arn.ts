/** An Amazon Resource Name: `arn:partition:service:region:account:resource`. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** Everything after the fifth colon, as `key/…`, `alias/…`, `user/…` or `root`. */
  readonly resource: string;
}

/** The parts of `text`, or null when it is no ARN. */
export function parseArn(text: string): Arn | null {
  const match = /^arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):(\d{12})?:(.+)$/.exec(text);
  if (!match) return null;
  const [, partition = '', service = '', region = '', accountId = '', resource = ''] = match;
  return { partition, service, region, accountId, resource };
}

export function formatArn({ partition, service, region, accountId, resource }: Arn): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

export function keyArn(region: string, accountId: string, keyId: string): string {
  return `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
}

/** `name` has its `alias/` prefix. */
export function aliasArn(region: string, accountId: string, name: string): string {
  return `arn:aws:kms:${region}:${accountId}:${name}`;
}

export function rootArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

/** `path` begins and ends with a slash. */
export function userArn(accountId: string, path: string, name: string): string {
  return `arn:aws:iam::${accountId}:user${path}${name}`;
}

/** `path` begins and ends with a slash. */
export function roleArn(accountId: string, path: string, name: string): string {
  return `arn:aws:iam::${accountId}:role${path}${name}`;
}

/** The serial number of a virtual MFA device. `path` begins and ends with a slash. */
export function mfaArn(accountId: string, path: string, name: string): string {
  return `arn:aws:iam::${accountId}:mfa${path}${name}`;
}

/** What somebody acting as a role is called: the role's name without its path, and that of the session. */
export function assumedRoleArn(accountId: string, name: string, session: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`;
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
