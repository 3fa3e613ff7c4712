import { ActionIcon, NativeSelect, SegmentedControl, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopyPlus, IconTrash } from '@tabler/icons-react';
import { memo } from 'react';
import type { PolicyFinding } from '../../../../shared/contract/policies.ts';
import { actionsOfferedTo } from '../../../../shared/iam/policy-purpose.ts';
import { CardFrame, WholeJson } from './CardFrame.tsx';
import { ConditionFields } from './ConditionFields.tsx';
import { type CompletionFacts, resourcesOffered } from './completion.ts';
import { Findings } from './Findings.tsx';
import classes from './policy.module.css';
import {
  action,
  conditions,
  type Effect,
  effect,
  type Lens,
  type Listed,
  principal,
  resource,
  type Statement,
  sid,
  unshown,
} from './statement.ts';
import { TextsField } from './TextsField.tsx';

/** What can be done to the statement at a place. */
export interface StatementDeeds {
  change(index: number, statement: Statement): void;
  duplicate(index: number): void;
  /** By one place. */
  move(index: number, by: 1 | -1): void;
  remove(index: number): void;
}

interface Props {
  readonly statement: Statement;
  readonly index: number;
  readonly count: number;
  readonly facts: CompletionFacts;
  readonly deeds: StatementDeeds;
  readonly findings: readonly PolicyFinding[];
  readonly onFix: (finding: PolicyFinding) => void;
  readonly lit: boolean;
}

/** One statement, to edit. It is drawn anew only when something of its own changes: a policy may have hundreds. */
export const StatementCard = memo(function StatementCard({
  statement,
  index,
  count,
  facts,
  deeds,
  findings,
  onFix,
  lit,
}: Props) {
  const change = (next: Statement) => deeds.change(index, next);
  const name = sid.get(statement);
  const does = effect.get(statement);
  const rows = conditions.get(statement);
  const rest = unshown(statement);
  const label = `Statement ${index + 1}`;
  const { type } = facts;
  return (
    <CardFrame label={label} effect={does} lit={lit}>
      <div className={classes.head}>
        {does === null ? null : (
          <SegmentedControl
            size="xs"
            aria-label={`Effect of ${label}`}
            data={['Allow', 'Deny']}
            value={does}
            onChange={(value) => change(effect.put(statement, value as Effect))}
          />
        )}
        {name === null ? null : (
          <TextInput
            className={classes.name ?? ''}
            size="xs"
            aria-label={`Sid of ${label}`}
            placeholder="Name (Sid)"
            value={name}
            onChange={(event) => change(sid.put(statement, event.currentTarget.value))}
          />
        )}
        <Tools label={label} index={index} count={count} deeds={deeds} />
      </div>
      <div className={classes.fields}>
        {type === 'identity' ? null : (
          <ListedField
            lens={principal}
            statement={statement}
            onChange={change}
            label={`Principals of ${label}`}
            options={['Principal', 'NotPrincipal']}
            data={['*', ...facts.principals]}
            placeholder="Accounts, users, roles, services; * for everyone"
          />
        )}
        <ListedField
          lens={action}
          statement={statement}
          onChange={change}
          label={`Actions of ${label}`}
          options={['Action', 'NotAction']}
          data={actionsOfferedTo(type)}
          placeholder={type === 'trust' ? 'sts:AssumeRole' : 'kms:Encrypt, kms:Get*'}
        />
        {type === 'trust' ? null : (
          <ListedField
            lens={resource}
            statement={statement}
            onChange={change}
            label={`Resources of ${label}`}
            options={['Resource', 'NotResource']}
            data={resourcesOffered(facts)}
            placeholder={type === 'resource' ? '* is the key' : 'ARNs; * for everything'}
          />
        )}
        {rows === null ? null : (
          <>
            <Text size="xs" fw={500} pt={4} className={classes.mono}>
              Condition
            </Text>
            <ConditionFields
              rows={rows}
              type={type}
              principals={facts.principals}
              onChange={(next) => change(conditions.put(statement, next))}
            />
          </>
        )}
      </div>
      <WholeJson value={rest} />
      <Findings findings={findings} onFix={onFix} label={`Findings of ${label}`} />
    </CardFrame>
  );
});

function Tools({ label, index, count, deeds }: Pick<Props, 'index' | 'count' | 'deeds'> & { label: string }) {
  const tools = [
    { title: `Move ${label} up`, icon: IconArrowUp, off: index === 0, run: () => deeds.move(index, -1) },
    { title: `Move ${label} down`, icon: IconArrowDown, off: index === count - 1, run: () => deeds.move(index, 1) },
    { title: `Duplicate ${label}`, icon: IconCopyPlus, off: false, run: () => deeds.duplicate(index) },
    { title: `Delete ${label}`, icon: IconTrash, off: count === 1, run: () => deeds.remove(index) },
  ];
  return (
    <ActionIcon.Group>
      {tools.map(({ title, icon: Icon, off, run }) => (
        <ActionIcon key={title} variant="default" aria-label={title} title={title} disabled={off} onClick={run}>
          <Icon size={15} aria-hidden />
        </ActionIcon>
      ))}
    </ActionIcon.Group>
  );
}

/** An element or its negation, and the texts in it. */
function ListedField({
  lens,
  statement,
  onChange,
  label,
  options,
  data,
  placeholder,
}: {
  lens: Lens<Listed>;
  statement: Statement;
  onChange: (statement: Statement) => void;
  label: string;
  options: readonly [string, string];
  data: readonly string[];
  placeholder: string;
}) {
  const part = lens.get(statement);
  if (part === null) return null;
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={`${label}: these, or all but these`}
        data={[...options]}
        value={options[part.negated ? 1 : 0]}
        onChange={(event) =>
          onChange(lens.put(statement, { ...part, negated: event.currentTarget.value === options[1] }))
        }
        classNames={{ input: classes.mono ?? '' }}
      />
      <TextsField
        label={label}
        values={part.values}
        data={data}
        placeholder={placeholder}
        onChange={(values) => onChange(lens.put(statement, { ...part, values }))}
      />
    </>
  );
}
