import { useEffect, useState } from 'react';
import type { KeySpec, MessageType, SigningAlgorithm } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { digestBytesOf } from '../../../../shared/kms/specs.ts';
import { toUtf8 } from '../text.ts';
import { formsOf, hashOf, type MessageForm, messageTypeOf, parseDigest, signingAlgorithms } from './message.ts';

/** Most bytes of a text that the window hashes: it is typed or pasted, and hashed at each change. */
export const HASHED_MAX = 1_048_576;

interface Entry {
  readonly algorithm: SigningAlgorithm;
  readonly form: MessageForm;
  readonly text: string;
  readonly given: string;
}

export interface Message extends Entry {
  readonly algorithms: readonly SigningAlgorithm[];
  readonly forms: readonly MessageForm[];
  readonly change: (changes: Partial<Entry>) => void;
  /** What Sign and Verify are given; `null` while it is not complete. */
  readonly bytes: Uint8Array | null;
  readonly type: MessageType;
}

const NOTHING = new Uint8Array();

/** What is signed or verified with a key of `spec`, as it is typed: its algorithm, its form and its bytes. */
export function useMessage(spec: KeySpec): Message {
  const algorithms = signingAlgorithms(spec);
  const [entry, setEntry] = useState<Entry>({
    algorithm: algorithms[0] ?? 'ECDSA_SHA_256',
    form: 'whole',
    text: '',
    given: '',
  });
  const { algorithm, text } = entry;
  const forms = formsOf(algorithm);
  const form = forms.includes(entry.form) ? entry.form : (forms[0] ?? 'whole');
  const hash = form === 'hashed' ? hashOf(algorithm) : null;
  const digest = useDigest(hash, text);
  const whole = form === 'whole' ? toUtf8(text) : NOTHING;
  const bytes =
    form === 'given'
      ? parseDigest(entry.given, digestBytesOf(algorithm))
      : form === 'hashed'
        ? digest
        : whole.length > 0 && whole.length <= limits.messageBytes
          ? whole
          : null;
  return {
    ...entry,
    algorithms,
    forms,
    form,
    change: (changes) => setEntry((old) => ({ ...old, ...changes })),
    bytes,
    type: messageTypeOf(algorithm, form),
  };
}

/** The digest of a text as UTF-8; `null` while it is being made, and of no text. */
function useDigest(hash: string | null, text: string): Uint8Array | null {
  const [made, setMade] = useState<{ hash: string; text: string; digest: Uint8Array }>();
  useEffect(() => {
    if (hash === null) return;
    const message = toUtf8(text);
    if (message.length === 0 || message.length > HASHED_MAX) return;
    let stale = false;
    void crypto.subtle.digest(hash, message as BufferSource).then((digest) => {
      if (!stale) setMade({ hash, text, digest: new Uint8Array(digest) });
    });
    return () => {
      stale = true;
    };
  }, [hash, text]);
  // What was made of an earlier text is nobody's any more.
  return made && made.hash === hash && made.text === text ? made.digest : null;
}
