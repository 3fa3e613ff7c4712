/** Limits of AWS KMS, as its API reference and its quotas page give them. Lengths of text are in characters. */
export const limits = {
  /** Most bytes a symmetric Encrypt takes. */
  plaintextBytes: 4096,
  ciphertextBytes: 6144,
  /** Most bytes of a message that is signed or authenticated; a signature and a MAC; a public key from outside. */
  messageBytes: 4096,
  signatureBytes: 6144,
  publicKeyBytes: 8192,
  /** Most bytes of GenerateRandom and of a data key. */
  randomBytes: 1024,
  keyId: 2048,
  /** An alias name with its `alias/` prefix. */
  aliasName: 256,
  description: 8192,
  /** Most bytes of an import token and of wrapped key material. */
  importToken: 6144,
  /** Bytes of a public wrapping key in DER, with room to spare. */
  wrappingKey: 1024,
  encryptedKeyMaterial: 6144,
  keyMaterialDescription: 256,
  /** Hours an import token and its public key are good for, and most days until imported material expires. */
  importTokenHours: 24,
  importValidityDays: 365,
  tagKey: 128,
  tagValue: 256,
  tagsPerKey: 50,
  grantTokens: 10,
  grantToken: 8192,
  grantId: 128,
  grantName: 256,
  /** A grant's principal: an ARN or the name of a service. */
  principal: 256,
  /** Grants of one customer managed key (quota `Grants per KMS key`). */
  grantsPerKey: 50_000,
  /** Pairs in one encryption context constraint of a grant, and characters of all its names and values. */
  constraint: { pairs: 8, characters: 384 },
  region: 32,
  marker: 1024,
  policyName: 128,
  /** Most characters the API takes as a key policy document. */
  policyInput: 131_072,
  /** Most bytes of a key policy document (quota `Key policy document size`). */
  policyBytes: 32_768,
  /** Most bytes of an encryption context: all names and values together, as UTF-8. */
  encryptionContextBytes: 8192,
  /** Days from ScheduleKeyDeletion to the deletion. */
  deletionWindow: { min: 7, max: 30, default: 30 },
  /** Days between automatic rotations. */
  rotationPeriod: { min: 90, max: 2560, default: 365 },
  onDemandRotations: 25,
  /** Most and default entries of a page. */
  pages: {
    keys: { max: 1000, default: 100 },
    aliases: { max: 100, default: 50 },
    tags: { max: 50, default: 50 },
    grants: { max: 100, default: 50 },
    policies: { max: 1000, default: 100 },
    rotations: { max: 1000, default: 100 },
    keyStores: { max: 1000, default: 100 },
    /** Coffer's own tables. */
    overviews: { max: 10_000, default: 10_000 },
    events: { max: 500, default: 100 },
    buckets: { max: 1000, default: 60 },
  },
  /** How much of what depends on a key is named, and how many days of its use are counted. */
  dependents: { listed: 50, contexts: 3, days: 30 },
  /** Customer managed keys in an account and Region (quota `KMS keys`). */
  keysPerRegion: 100_000,
  /** Custom key stores in an account and Region (quota `Custom key stores`). */
  keyStoresPerRegion: 10,
  /** Aliases that name one key (quota `Aliases per KMS key`). */
  aliasesPerKey: 50,
} as const;
