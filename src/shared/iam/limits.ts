/** IAM's limits ("IAM and AWS STS quotas", IAM User Guide), where a window shows or checks them too. */
export const iamLimits = {
  name: 64,
  path: 512,
  policyName: 128,
  /** Characters of the inline policies of one principal together, white space not counted. */
  userPolicies: 2048,
  rolePolicies: 10_240,
  /** Of a role's trust policy, white space not counted. */
  trustPolicy: 2048,
  /** Of a policy document as it is given. */
  document: 131_072,
  tags: 50,
  tagKey: 128,
  tagValue: 256,
  accessKeysPerUser: 2,
  mfaDevices: 8,
  /** Of a role's sessions, in seconds. */
  session: { min: 900, default: 3600, maxMin: 3600, maxMax: 43_200, chained: 3600 },
  /** Of GetSessionToken, in seconds. */
  sessionToken: { min: 900, default: 43_200, max: 129_600, root: 3600 },
} as const;
