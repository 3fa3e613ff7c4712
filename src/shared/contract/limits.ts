/** The shortest passphrase the vault accepts, in characters. Apart from the schemas, so that the window needs no zod for it. */
export const PASSPHRASE_MIN = 12;
/** The endpoint's port unless another is chosen. */
export const DEFAULT_PORT = 4599;
/** Most characters of a text that is signed or verified in the window; longer ones are files. */
export const SIGNED_TEXT_MAX = 1_048_576;
