/** What the members of a custom key store look like; bounds are in characters. */
export const keyStoreRules = {
  name: { min: 1, max: 256 },
  /** The label or serial number of a PKCS#11 token on this computer: 32 and 16 characters at most (PKCS#11, CK_TOKEN_INFO). */
  clusterId: { min: 1, max: 32, pattern: /^[\u0020-\u007E]+$/ },
  /** The PIN of the token's user. AWS wants 7 to 32 characters; tokens are sold with PINs of four digits. */
  password: { min: 4, max: 255 },
  trustAnchor: { min: 1, max: 5000 },
  /** As AWS has it, and, because Coffer's proxy may be on the same computer, with a port, and without TLS on loopback. */
  uriEndpoint: {
    min: 10,
    max: 128,
    pattern:
      /^(https:\/\/[a-zA-Z0-9.-]+(:[0-9]{1,5})?|http:\/\/(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?)$/,
  },
  uriPath: { min: 10, max: 128, pattern: /^(\/[a-zA-Z0-9/_-]+)?\/kms\/xks\/v\d{1,2}$/ },
  accessKeyId: { min: 20, max: 30, pattern: /^[A-Z2-7]+$/ },
  secretAccessKey: { min: 43, max: 64, pattern: /^[a-zA-Z0-9/+=]+$/ },
} as const;
