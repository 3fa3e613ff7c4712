/** Keys as PEM text (RFC 7468): 64 base64 characters a line between two lines that name the content. */
const LINE = /.{1,64}/g;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** DER as PEM, as `PUBLIC KEY` (SubjectPublicKeyInfo) or `PRIVATE KEY` (PKCS #8); a line feed at the end. */
export function toPem(label: 'PUBLIC KEY' | 'PRIVATE KEY', der: Uint8Array): string {
  const lines = toBase64(der).match(LINE) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The DER in one PEM block of that label, or in bare base64; null when the text is neither. White space does not count. */
export function fromPem(label: 'PUBLIC KEY' | 'PRIVATE KEY', text: string): Uint8Array | null {
  const block = new RegExp(`^\\s*-----BEGIN ${label}-----([^-]*)-----END ${label}-----\\s*$`).exec(text);
  const body = (block?.[1] ?? text).replace(/\s+/g, '');
  if (body === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return null;
  try {
    return Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
