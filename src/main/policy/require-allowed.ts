import type { Decision } from '../../shared/iam/decision.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { CallerFacts } from './call-facts.ts';
import { refusalMessage } from './decide.ts';

/**
 * Lets a call pass or refuses it, as `decideAs` decides for its caller; `note` is told the decision, whatever it is.
 * @throws KmsError `AccessDeniedException`, with the decision in its details, and `mfaHelps` when the caller would be allowed
 * with a second factor. The endpoint answers no details.
 */
export function requireAllowed(
  caller: CallerFacts,
  now: number,
  decideAs: (facts: CallerFacts) => Decision,
  note: (decision: Decision) => void,
): void {
  const decision = decideAs(caller);
  note(decision);
  if (decision.allowed) return;
  const proved = { ...caller, mfaAt: now, tokenIssuedAt: caller.tokenIssuedAt ?? now };
  throw new KmsError('AccessDeniedException', refusalMessage(decision), {
    decision,
    ...(decideAs(proved).allowed ? { mfaHelps: true } : undefined),
  });
}
