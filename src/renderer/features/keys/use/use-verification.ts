import { useRef, useState } from 'react';
import { useAction } from '../../../lib/use-call.ts';

/** A check of what is in a panel's fields, and whether it held. */
export function useVerification(check: () => Promise<boolean>) {
  const [valid, setValid] = useState(false);
  /** Counts what was in the fields: the answer about one content is not said of the next. */
  const content = useRef(0);
  const action = useAction(async () => {
    setValid(false);
    const asked = content.current;
    const holds = await check();
    if (asked === content.current) setValid(holds);
  });
  /** Wraps a field's setter: what was said of the last content is not said of the next. */
  const changing =
    <T>(set: (value: T) => void) =>
    (value: T) => {
      content.current++;
      setValid(false);
      action.clear();
      set(value);
    };
  return { valid, action, changing };
}
