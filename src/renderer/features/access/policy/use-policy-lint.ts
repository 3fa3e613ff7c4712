import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CallInput } from '../../../../shared/contract/index.ts';
import type { PolicyFinding } from '../../../../shared/contract/policies.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { managedServices } from '../../../../shared/kms/services.ts';
import { invoke } from '../../../lib/api.ts';
import { formatNumber } from '../../../lib/format.ts';
import { notifyError } from '../../../lib/notify.tsx';
import { useLoad } from '../../../lib/use-call.ts';

/** What was found in one text. */
export interface LintAnswer {
  readonly findings: readonly PolicyFinding[];
  /** Whether the caller could change the policy again; null when the text cannot be a key's policy: everything else that is found is for its writer to weigh. */
  readonly canChangeAgain: boolean | null;
}

export interface PolicyLint {
  /** Of the text as it is now; undefined while they are being looked for. */
  readonly findings: readonly PolicyFinding[] | undefined;
  /** The last ones, perhaps of a text that was changed since. */
  readonly last: readonly PolicyFinding[];
  readonly canChangeAgain: boolean | null;
  /** Asks at once about the text as it is. */
  now(): Promise<LintAnswer>;
}

const TYPING_MS = 300;
const NOTHING: LintAnswer = { findings: [], canChangeAgain: null };

/** More than the main process looks at; it could not be saved either. */
const tooLong = (text: string): LintAnswer => ({
  findings: [
    {
      rule: 'size',
      severity: 'error',
      statement: null,
      path: [],
      message: `The policy has ${formatNumber(text.length)} characters; it must not have more than ${formatNumber(limits.policyBytes)} bytes.`,
      from: 0,
      to: 0,
    },
  ],
  canChangeAgain: null,
});

/** What the policy is of: a key, or a role whom it says to trust. */
export type PolicyOf = Omit<CallInput<'policies.lint'>, 'text'>;

/**
 * Has the main process look through a policy's text a moment after each change: as that of a key, as whom a role trusts, or with
 * neither as that of a user or role.
 */
export function usePolicyLint(text: string, { keyArn, roleArn }: PolicyOf = {}): PolicyLint {
  const [answered, setAnswered] = useState<{ readonly of: string; readonly answer: LintAnswer }>();
  const current = useRef(text);
  useEffect(() => {
    current.current = text;
  }, [text]);
  const ask = useCallback(
    async (of: string): Promise<LintAnswer> => {
      const answer =
        of.length > limits.policyInput
          ? tooLong(of)
          : await invoke('policies.lint', { text: of, ...(keyArn && { keyArn }), ...(roleArn && { roleArn }) });
      if (of === current.current) setAnswered({ of, answer });
      return answer;
    },
    [keyArn, roleArn],
  );
  useEffect(() => {
    const timer = setTimeout(() => void ask(text).catch(notifyError), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, ask]);
  const { of, answer = NOTHING } = answered ?? {};
  const isCurrent = of === text;
  return useMemo(
    () => ({
      findings: isCurrent ? answer.findings : undefined,
      last: answer.findings,
      canChangeAgain: isCurrent ? answer.canChangeAgain : null,
      now: () => ask(current.current),
    }),
    [answer, isCurrent, ask],
  );
}

const services = managedServices.map((name) => `${name}.amazonaws.com`);

/** Everybody a policy can mean: ARNs of accounts, users and roles, and names of services. */
export function useKnownPrincipals(): readonly string[] {
  const { data } = useLoad('principals', () => invoke('people.principals', {}), ['people.changed']);
  return useMemo(() => [...(data?.principals.map(({ principalArn }) => principalArn) ?? []), ...services], [data]);
}
