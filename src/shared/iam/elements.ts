/** The elements of a statement, in the order in which AWS writes them. */
export const statementElements: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/** What principals are named by in a Principal element. */
export const principalKinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;
