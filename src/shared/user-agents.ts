/** Every call that Coffer makes itself names its version, and in brackets which part of it called. */
const OWN = 'Coffer/';

/** Parts of Coffer that call: what is seen, the work that is done for it in the main process, and what needs no window. */
export type Part = 'window' | 'key files' | 'files' | 'signing' | 'seed' | 'serve';

const ending = (part: Part) => ` (${part})`;

/** The user agent of a call that a part of Coffer makes. */
export const ownUserAgent = (version: string, part: Part): string => `${OWN}${version}${ending(part)}`;

/** Whether a part of Coffer made the call, whatever its version. */
export const isOwnUserAgent = (userAgent: string, part: Part): boolean =>
  userAgent.startsWith(OWN) && userAgent.endsWith(ending(part));

/** The same as a pattern of SQLite's GLOB. */
export const ownUserAgentGlob = (part: Part): string => `${OWN}*${ending(part)}`;

/** What a program says it is, in brackets where it could be taken for Coffer itself: no program hides among the window's calls. */
export const othersUserAgent = (userAgent: string): string =>
  userAgent.startsWith(OWN) ? `[${userAgent}]` : userAgent;
