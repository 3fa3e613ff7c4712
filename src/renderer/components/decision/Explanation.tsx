import { Anchor, Button, Text } from '@mantine/core';
import { IconBan, IconCheck, IconCircleCheck, IconCornerDownRight, IconMinus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Decision, GrantOutcome, Outcome } from '../../../shared/iam/decision.ts';
import { decidedKeyId, type KnownDecision } from '../../lib/decisions.ts';
import { plural } from '../../lib/format.ts';
import { keyPath } from '../../lib/route.ts';
import { Identifier } from '../Identifier.tsx';
import classes from './decision.module.css';
import { because, byPolicy, grantWords, outcomeWords, type PolicyOutcomes, partOf } from './words.ts';

/** Statements of a policy that are shown at first; those that fit the request always are. */
const SHOWN = 6;

/** Why a call is allowed or denied: the verdict, then every statement and grant with what became of it. */
export function Explanation({ decision }: { decision: KnownDecision }) {
  const { grants, left = 0 } = decision;
  return (
    <div className={classes.root}>
      <Verdict decision={decision} />
      {byPolicy(decision).map((policy) => (
        <PolicyPart key={policy.title} policy={policy} decision={decision} />
      ))}
      {grants.length > 0 ? <GrantsPart grants={grants} decision={decision} /> : null}
      {left > 0 ? (
        <Text size="xs" c="dimmed">
          The record left {plural(left, 'more statement')} out.
        </Text>
      ) : null}
    </div>
  );
}

export function Verdict({ decision }: { decision: Decision }) {
  const { allowed } = decision;
  const Icon = allowed ? IconCircleCheck : IconBan;
  return (
    <p className={classes.verdict} data-allowed={allowed}>
      <Icon size={16} className={classes.icon} aria-hidden />
      <span>
        <span className={classes.word}>{allowed ? 'Allowed' : 'Denied'}:</span> {because(decision)}
      </span>
    </p>
  );
}

function PolicyPart({ policy, decision }: { policy: PolicyOutcomes; decision: Decision }) {
  const { title, outcomes } = policy;
  const [all, setAll] = useState(false);
  const shown = all ? outcomes : outcomes.filter(({ matched }, index) => matched !== null || index < SHOWN);
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed">
        {title}
      </Text>
      <ol className={classes.list} aria-label={title}>
        {shown.map((outcome) => (
          <StatementItem key={outcome.statement.index} outcome={outcome} decision={decision} />
        ))}
      </ol>
      {shown.length < outcomes.length ? (
        <Button mt={4} size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
          Show all {outcomes.length} statements
        </Button>
      ) : null}
    </div>
  );
}

function wordOf({ matched, statement: { effect } }: Outcome) {
  if (matched === null) return { word: 'Does not fit', Icon: IconMinus };
  if (effect === 'Deny') return { word: 'Denies', Icon: IconBan };
  return matched === 'account'
    ? { word: 'Leaves it to the account', Icon: IconCornerDownRight }
    : { word: 'Allows', Icon: IconCheck };
}

function StatementItem({ outcome, decision }: { outcome: Outcome; decision: Decision }) {
  const { type, index, sid, effect } = outcome.statement;
  const { word, Icon } = wordOf(outcome);
  const keyId = type === 'resource' ? decidedKeyId(decision) : null;
  const part = partOf(outcome, decision);
  const title = `Statement ${index + 1}`;
  return (
    <li
      className={classes.item}
      data-part={part ?? undefined}
      data-fits={outcome.matched === null ? undefined : effect}
    >
      <Icon size={15} aria-hidden />
      <div className={classes.head}>
        {keyId ? (
          <Anchor size="sm" href={`#${keyPath(keyId, 'policy')}?statement=${index}`}>
            {title}
          </Anchor>
        ) : (
          <Text span size="sm">
            {title}
          </Text>
        )}
        {sid ? (
          <Text span size="sm" fw={550}>
            {sid}
          </Text>
        ) : null}
        <Text span size="xs" c="dimmed">
          {effect}
        </Text>
        <span className={classes.outcome}>{part === 'decides' ? `${word}: this decided` : word}</span>
      </div>
      <Text size="xs" c="dimmed" className={classes.says}>
        {outcomeWords(outcome, decision)}
      </Text>
    </li>
  );
}

function GrantsPart({ grants, decision }: { grants: readonly GrantOutcome[]; decision: Decision }) {
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed">
        Grants on the key
      </Text>
      <ol className={classes.list} aria-label="Grants on the key">
        {grants.map(({ id, miss }) => (
          <li
            key={id}
            className={classes.item}
            data-part={id === decision.grant ? 'decides' : undefined}
            data-fits={miss === null ? 'Allow' : undefined}
          >
            {miss === null ? <IconCheck size={15} aria-hidden /> : <IconMinus size={15} aria-hidden />}
            <div className={classes.head}>
              <Identifier value={id} keep={6} />
              <span className={classes.outcome}>{miss === null ? 'Allows: this decided' : 'Does not fit'}</span>
            </div>
            <Text size="xs" c="dimmed" className={classes.says}>
              {grantWords(miss, decision.action)}
            </Text>
          </li>
        ))}
      </ol>
    </div>
  );
}
