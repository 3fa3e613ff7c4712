/** Who, what, on which key: allowed or denied, and why. */
export function Simulator() {
  return null;
}
