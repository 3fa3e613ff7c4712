import { decidedKeyId, type Refusal } from './decisions.ts';

/** Who would do what on which key, and what the request would say: what the simulator is asked. */
export interface Question {
  readonly keyId: string | null;
  /** The ARN of a principal, or the name of a service; null for whom the window acts as. */
  readonly principal: string | null;
  /** As `kms:Decrypt`. */
  readonly actions: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  /** Whether a second factor is proven; null when nothing is said of one. */
  readonly mfa: boolean | null;
}

/** The simulator's address with a question, to go to and to link to. */
export function simulatorPath({ keyId, principal, actions = [], context = {}, mfa }: Partial<Question>): string {
  const query = new URLSearchParams();
  if (keyId) query.set('key', keyId);
  if (principal) query.set('principal', principal);
  for (const action of actions) query.append('action', action);
  if (Object.keys(context).length > 0) query.set('context', JSON.stringify(context));
  if (mfa !== undefined && mfa !== null) query.set('mfa', String(mfa));
  const text = query.toString();
  return `/access/simulator${text ? `?${text}` : ''}`;
}

function contextIn(text: string | null): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null) return null;
    return Object.fromEntries(Object.entries(value).map(([name, said]) => [name, String(said)]));
  } catch {
    return null;
  }
}

/** What an address says of the question; empty when it says nothing. */
export function questionIn(query: URLSearchParams): Partial<Question> {
  const keyId = query.get('key');
  const principal = query.get('principal');
  const actions = query.getAll('action');
  const mfa = query.get('mfa');
  const context = contextIn(query.get('context'));
  return {
    ...(keyId ? { keyId } : {}),
    ...(principal ? { principal } : {}),
    ...(actions.length > 0 ? { actions } : {}),
    ...(context ? { context } : {}),
    ...(mfa ? { mfa: mfa === 'true' } : {}),
  };
}

/** The simulator's address for a call that was refused; null when it was not about a key. */
export function simulatorPathOf({ decision, encryptionContext }: Omit<Refusal, 'mfaHelps'>): string | null {
  const keyId = decidedKeyId(decision);
  const { principal, action } = decision;
  return keyId && simulatorPath({ keyId, principal, actions: [action], context: encryptionContext ?? {} });
}
