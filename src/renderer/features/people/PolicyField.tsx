import { Input, VisuallyHidden } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useId, useMemo } from 'react';
import {
  PolicyEditor,
  type PolicyLint,
  type PolicyOf,
  useKnownPrincipals,
  usePolicyLint,
} from '../access/policy/index.ts';
import classes from './people.module.css';

export interface PolicyDraft {
  readonly lint: PolicyLint;
  /** Whether it is a policy at all, as far as is known: what its statements say is for its writer to weigh. */
  readonly isPolicy: boolean;
}

/** Looks through a policy that is being written: whom the role trusts, or without one what a user or role may do. */
export function usePolicyDraft(text: string, of: Pick<PolicyOf, 'roleArn'> = {}): PolicyDraft {
  const lint = usePolicyLint(text, of);
  return { lint, isPolicy: !lint.findings?.some(({ rule }) => rule === 'malformed' || rule === 'size') };
}

interface Props {
  readonly label: string;
  readonly description?: ReactNode;
  /** Whether what stands above says it already. */
  readonly hideLabel?: boolean;
  readonly type: 'identity' | 'trust';
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly draft: PolicyDraft;
  /** Whether cards and text have room beside each other in a wide window. */
  readonly wide?: boolean;
}

/** Enter in a field of a card is about that field: it sends no form. */
function keepForm(event: KeyboardEvent) {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
}

/** A policy in a form, as cards and as text. */
export function PolicyField({ label, description, hideLabel, type, value, onChange, draft, wide = false }: Props) {
  const principals = useKnownPrincipals();
  const facts = useMemo(() => ({ type, principals }), [type, principals]);
  const titleId = useId();
  return (
    <fieldset className={classes.policy} aria-labelledby={titleId} onKeyDown={keepForm}>
      {hideLabel ? (
        <VisuallyHidden component="legend" id={titleId}>
          {label}
        </VisuallyHidden>
      ) : (
        <Input.Label component="legend" id={titleId}>
          {label}
        </Input.Label>
      )}
      {description ? <Input.Description mb="xs">{description}</Input.Description> : null}
      <PolicyEditor label={label} text={value} onChange={onChange} facts={facts} lint={draft.lint} oneSide={!wide} />
    </fieldset>
  );
}
