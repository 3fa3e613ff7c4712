import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconBan, IconCircleCheck } from '@tabler/icons-react';
import type { Decision } from '../../../../shared/iam/decision.ts';
import { Explanation } from '../../../components/decision/Explanation.tsx';
import { formatNumber } from '../../../lib/format.ts';
import classes from './simulator.module.css';

interface Props {
  readonly decisions: readonly Decision[];
  readonly shown: Decision;
  readonly onShow: (action: string) => void;
  /** A newer question is being asked. */
  readonly stale: boolean;
}

/** Allowed or denied, action by action, and of one of them why. */
export function Answer({ decisions, shown, onShow, stale }: Props) {
  const allowed = decisions.filter((each) => each.allowed).length;
  return (
    <section className={classes.answer} aria-label="Answer" aria-busy={stale} data-stale={stale || undefined}>
      {decisions.length > 1 ? (
        <ul className={classes.verdicts} aria-label="Verdicts">
          {decisions.map(({ action, allowed: may }) => {
            const Icon = may ? IconCircleCheck : IconBan;
            return (
              <li key={action}>
                <UnstyledButton
                  className={classes.verdict}
                  data-allowed={may}
                  aria-pressed={action === shown.action}
                  onClick={() => onShow(action)}
                >
                  <Icon size={16} aria-hidden />
                  <span className={classes.word}>{may ? 'Allowed' : 'Denied'}</span>
                  <span className={classes.action}>{action.replace('kms:', '')}</span>
                </UnstyledButton>
              </li>
            );
          })}
        </ul>
      ) : null}
      <VisuallyHidden role="status">
        {formatNumber(allowed)} allowed, {formatNumber(decisions.length - allowed)} denied
      </VisuallyHidden>
      <Explanation key={shown.action} decision={shown} />
    </section>
  );
}
