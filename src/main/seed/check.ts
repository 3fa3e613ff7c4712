import type { Seed } from './schema.ts';

/** A fault and its place. */
export interface Found {
  readonly place: readonly PropertyKey[];
  readonly message: string;
}

/** What a seed says twice, or of something it does not have. */
export function duplicatesIn(seed: Seed): Found[] {
  const found: Found[] = [];
  const seen = new Set<string>();
  const once = (what: string, name: string, place: readonly PropertyKey[]) => {
    const entry = `${what} ${name}`;
    if (seen.has(entry)) found.push({ place, message: `${what} is there twice` });
    seen.add(entry);
  };
  seed.accounts.forEach((account, a) => {
    const within = ['accounts', a];
    const ofKeys = (keys: readonly { readonly id?: string | undefined }[], place: readonly PropertyKey[]) =>
      keys.forEach(({ id }, k) => {
        if (id !== undefined) once('the access key id', id, [...place, 'accessKeys', k, 'id']);
      });
    once('the account', account.id, [...within, 'id']);
    ofKeys(account.accessKeys, within);
    for (const kind of ['users', 'roles'] as const)
      account[kind].forEach((principal, p) => {
        once(`the name in ${kind}`, `${account.id}/${principal.name.toLowerCase()}`, [...within, kind, p, 'name']);
        ofKeys(principal.accessKeys, [...within, kind, p]);
      });
    account.keys.forEach((key, k) => {
      const place = [...within, 'keys', k];
      // One line of material an id: a multi-Region key in several Regions is one key with replicas.
      once('the key id', `${account.id}/${key.id}`, [...place, 'id']);
      const homes = [
        { home: key, at: place },
        ...key.replicas.map((home, r) => ({ home, at: [...place, 'replicas', r] })),
      ];
      for (const { home, at } of homes) {
        once('the Region of the key', `${account.id}/${key.id}/${home.region}`, [...at, 'region']);
        home.aliases.forEach((alias, n) => {
          once('the alias', `${account.id}/${home.region}/${alias}`, [...at, 'aliases', n]);
        });
      }
    });
  });
  const { defaultAccount } = seed;
  if (defaultAccount !== undefined && !seed.accounts.some(({ id }) => id === defaultAccount))
    found.push({ place: ['defaultAccount'], message: 'there is no such account in this seed' });
  return found;
}
