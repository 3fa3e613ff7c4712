/** Bundles one TypeScript entry for plain Node; returns the bundle's path. */
export function bundle(entry: string, folder?: string): Promise<string>;

export const bundled: string[];
