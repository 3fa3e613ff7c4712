import { useState } from 'react';
import { useAction } from '../../../lib/use-call.ts';

/** A check of what is in a panel's fields, and whether it held. */
export function useVerification(check: () => Promise<boolean>) {
  const [valid, setValid] = useState(false);
  const action = useAction(async () => {
    setValid(false);
    setValid(await check());
  });
  /** Wraps a field's setter: what was said of the last content is not said of the next. */
  const changing =
    <T>(set: (value: T) => void) =>
    (value: T) => {
      setValid(false);
      action.clear();
      set(value);
    };
  return { valid, action, changing };
}
