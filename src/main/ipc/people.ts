import { CofferError } from '../../shared/kms/errors.ts';
import type { Handlers } from './router.ts';

const unavailable = (): never => {
  throw new CofferError('NotAvailable', 'This Coffer has no people yet.');
};

/** What answers the window about people. */
export function peopleHandlers(): Pick<Handlers, Extract<keyof Handlers, `people.${string}`>> {
  return {
    'people.call': unavailable,
    'people.principals': unavailable,
    'people.whoAmI': unavailable,
    'people.actAs': unavailable,
    'people.proveMfa': unavailable,
    'people.recoverMfa': unavailable,
  };
}
