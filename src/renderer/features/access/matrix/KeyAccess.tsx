/** Who can use a key: every principal, and what each may do. */
export function KeyAccess() {
  return null;
}
