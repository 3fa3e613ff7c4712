/** The shortest passphrase the vault accepts, in characters. Apart from the schemas, so that the window needs no zod for it. */
export const PASSPHRASE_MIN = 12;
