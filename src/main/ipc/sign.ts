import type { Session } from '../session.ts';
import { readPublicKey } from '../signing/public-key.ts';
import { absolute } from './absolute.ts';
import type { Handlers } from './router.ts';

/** What answers the window about signatures. */
export function signHandlers(session: Session): Pick<Handlers, Extract<keyof Handlers, `sign.${string}`>> {
  const signing = () => session.opened().signing;
  return {
    'sign.look': async ({ paths }) => ({ items: await signing().look(await Promise.all(paths.map(absolute))) }),
    'sign.readPublicKey': async (given) => {
      session.opened();
      return readPublicKey('path' in given ? { path: await absolute(given.path) } : given);
    },
    'sign.start': async (wish) => {
      const { what, folder } = wish;
      if ('paths' in what) await Promise.all(what.paths.map(absolute));
      if (folder !== undefined) await absolute(folder);
      return { jobs: signing().start(wish) };
    },
    'sign.verify': async (wish) => {
      const { what, signature } = wish;
      if ('path' in what) await absolute(what.path);
      if ('path' in signature) await absolute(signature.path);
      return { job: signing().verify(wish) };
    },
    'sign.list': () => ({ jobs: signing().list() }),
    'sign.cancel': ({ id }) => {
      signing().cancel(id);
      return {};
    },
    'sign.clear': () => {
      signing().clear();
      return {};
    },
  };
}
