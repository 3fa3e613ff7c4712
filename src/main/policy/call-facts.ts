/** Who calls and from where, as far as conditions can ask. */
export interface CallerFacts {
  readonly principalArn: string;
  readonly accountId: string;
  readonly region: string;
  /** An IP address; a name of a service or of the window is none, and gives no `aws:SourceIp`. */
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly viaService?: string | undefined;
  readonly sourceArn?: string | undefined;
  /** Whether the request came over TLS, or over no network at all. */
  readonly secureTransport?: boolean | undefined;
  /** `AIDA…` of a user, `AROA…:session` of a role's session. */
  readonly userId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Of temporary credentials: when they were issued (ms), and when their holder proved a second factor. */
  readonly tokenIssuedAt?: number | undefined;
  readonly mfaAt?: number | undefined;
}

/** The key a request is about. Aliases and tags are read only when a condition asks for them. */
export interface KeyFacts {
  readonly accountId: string;
  readonly spec: string;
  readonly usage: string;
  readonly origin: string;
  readonly multiRegion: 'PRIMARY' | 'REPLICA' | null;
  readonly createdAt: number;
  readonly lastUsed: number | null;
  /** With their `alias/` prefix. */
  readonly aliases: () => readonly string[];
  readonly tags: () => Readonly<Record<string, string>>;
}

/** Everything that condition keys take their values from. */
export interface CallFacts {
  readonly caller: CallerFacts;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** As `kms:Encrypt`. */
  readonly action: string;
  /** The operation's input after its schema. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly key?: KeyFacts | undefined;
  /** The account of the resource. */
  readonly resourceAccountId: string;
  readonly encryptionContext?: Readonly<Record<string, string>> | undefined;
  /** Of RetireGrant: the kind of constraint the grant has and its pairs. */
  readonly grantConstraints?: GrantConstraintFacts | undefined;
  /** Of ReEncrypt: whether both keys are one. */
  readonly sameKey?: boolean | undefined;
}

export interface GrantConstraintFacts {
  readonly EncryptionContextSubset?: Readonly<Record<string, string>> | undefined;
  readonly EncryptionContextEquals?: Readonly<Record<string, string>> | undefined;
  readonly SourceArn?: string | undefined;
}

/** The values of one condition key, for a request that can have it. */
export type ValuesOf = (facts: CallFacts) => readonly string[] | undefined;

/** Of pairs, those whose name is `name` but for its case: names of condition keys have no case. */
export function pairsNamed(
  pairs: Readonly<Record<string, string>> | undefined,
  name: string,
): readonly string[] | undefined {
  const values = Object.entries(pairs ?? {}).flatMap(([each, value]) => (each.toLowerCase() === name ? [value] : []));
  return values.length === 0 ? undefined : values;
}
