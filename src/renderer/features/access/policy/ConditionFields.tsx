import { ActionIcon, Autocomplete, Button, Checkbox, NativeSelect } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { conditionKeyOf } from '../../../../shared/iam/condition-keys.ts';
import { type Operator, operatorNames, operatorOf } from '../../../../shared/iam/condition-operators.ts';
import { conditionKeysOf, type PolicyPurpose } from '../../../../shared/iam/policy-purpose.ts';
import { conditionValues } from './completion.ts';
import classes from './policy.module.css';
import { type ConditionRow, textsOf, withTexts } from './statement.ts';
import { TextsField } from './TextsField.tsx';

const keyNames = (type: PolicyPurpose) =>
  conditionKeysOf(type).flatMap(({ name, absent }) => (absent === undefined ? [name] : []));

/** The full name of an operator from its parts; Null has none. */
const operatorName = ({ name, set, ifExists }: Pick<Operator, 'name' | 'set' | 'ifExists'>) =>
  name === 'Null' ? name : `${set === null ? '' : `${set}:`}${name}${ifExists ? 'IfExists' : ''}`;

interface Props {
  readonly rows: readonly ConditionRow[];
  readonly onChange: (rows: ConditionRow[]) => void;
  readonly principals: readonly string[];
  readonly type: PolicyPurpose;
}

/** The conditions of a statement: all of them must hold. */
export function ConditionFields({ rows, onChange, principals, type }: Props) {
  const [adding, setAdding] = useState(false);
  const names = useMemo(() => keyNames(type), [type]);
  const isTaken = (operator: string, key: string, but?: number) =>
    rows.some((row, index) => index !== but && row.operator === operator && row.key === key);
  /** What a change would make the second of its kind is not done: the first would be lost. */
  const change = (index: number, row: ConditionRow) => {
    if (!isTaken(row.operator, row.key, index)) onChange(rows.map((each, at) => (at === index ? row : each)));
  };
  return (
    <div>
      {rows.map((row, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the policy
          key={index}
          label={`condition ${index + 1}`}
          row={row}
          principals={principals}
          keyNames={names}
          isTaken={(operator, key) => isTaken(operator, key, index)}
          onChange={(next) => change(index, next)}
          onRemove={() => onChange(rows.filter((_, at) => at !== index))}
        />
      ))}
      {adding ? (
        <NewRow
          keyNames={names}
          onCancel={() => setAdding(false)}
          onAdd={(key) => {
            const type = conditionKeyOf(key)?.type ?? 'String';
            const names = { Bool: 'Bool', IpAddress: 'IpAddress', Arn: 'ArnLike' } as const;
            const name = type in names ? names[type as keyof typeof names] : `${type}Equals`;
            const operator = conditionKeyOf(key)?.multiValued ? `ForAnyValue:${name}` : name;
            setAdding(false);
            if (!isTaken(operator, key)) onChange([...rows, { operator, key, values: [] }]);
          }}
        />
      ) : (
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          Add a condition
        </Button>
      )}
    </div>
  );
}

function NewRow({
  keyNames,
  onAdd,
  onCancel,
}: {
  keyNames: readonly string[];
  onAdd: (key: string) => void;
  onCancel: () => void;
}) {
  const [key, setKey] = useState('');
  return (
    <Autocomplete
      size="xs"
      autoFocus
      aria-label="Key of the new condition"
      placeholder="Condition key, as aws:PrincipalArn"
      data={keyNames}
      value={key}
      onChange={setKey}
      onOptionSubmit={onAdd}
      maxDropdownHeight={240}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && key.trim() !== '') {
          event.preventDefault();
          onAdd(key.trim());
        }
        if (event.key === 'Escape') onCancel();
      }}
      onBlur={() => (key.trim() === '' ? onCancel() : undefined)}
      classNames={{ input: classes.mono, option: classes.mono }}
    />
  );
}

function Row({
  label,
  row,
  principals,
  keyNames,
  isTaken,
  onChange,
  onRemove,
}: {
  label: string;
  row: ConditionRow;
  principals: readonly string[];
  keyNames: readonly string[];
  isTaken: (operator: string, key: string) => boolean;
  onChange: (row: ConditionRow) => void;
  onRemove: () => void;
}) {
  const operator = operatorOf(row.operator);
  if (!operator) return null;
  const { name, set, ifExists } = operator;
  const isNull = name === 'Null';
  const put = (part: Partial<Pick<Operator, 'name' | 'set' | 'ifExists'>>) =>
    onChange({ ...row, operator: operatorName({ name, set, ifExists, ...part }) });
  return (
    <fieldset className={classes.condition} aria-label={label}>
      <KeyField
        label={`Key of ${label}`}
        value={row.key}
        keyNames={keyNames}
        onChange={(key) => onChange({ ...row, key })}
        isTaken={(key) => isTaken(row.operator, key)}
      />
      <NativeSelect
        size="xs"
        className={classes.conditionPart ?? ''}
        aria-label={`Operator of ${label}`}
        data={[...operatorNames]}
        value={name}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        className={classes.conditionPart ?? ''}
        aria-label={`How the values of ${label} are taken`}
        data={[
          { value: '', label: 'One value' },
          { value: 'ForAnyValue', label: 'ForAnyValue' },
          { value: 'ForAllValues', label: 'ForAllValues' },
        ]}
        value={set ?? ''}
        disabled={isNull}
        onChange={(event) => put({ set: (event.currentTarget.value || null) as Operator['set'] })}
      />
      <Checkbox
        size="xs"
        label="IfExists"
        aria-label={`IfExists for ${label}`}
        checked={ifExists}
        disabled={isNull}
        onChange={(event) => put({ ifExists: event.currentTarget.checked })}
      />
      <div className={classes.conditionValues}>
        <TextsField
          label={`Values of ${label}`}
          placeholder="Values"
          values={textsOf(row)}
          onChange={(texts) => onChange(withTexts(row, texts))}
          data={conditionValues(row.operator, row.key, principals)}
        />
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${label}`} onClick={onRemove}>
        <IconX size={15} aria-hidden />
      </ActionIcon>
    </fieldset>
  );
}

/** A condition key, put in when it is chosen or left: half a name is no other condition. */
function KeyField({
  label,
  value,
  keyNames,
  onChange,
  isTaken,
}: {
  label: string;
  value: string;
  keyNames: readonly string[];
  onChange: (value: string) => void;
  isTaken: (value: string) => boolean;
}) {
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? value;
  const taken = isTaken(shown);
  const submit = (key: string) => {
    setTyped(undefined);
    if (key !== '' && key !== value) onChange(key);
  };
  return (
    <Autocomplete
      className={classes.conditionKey ?? ''}
      size="xs"
      aria-label={label}
      data={keyNames}
      value={shown}
      error={taken ? 'Stands here already' : undefined}
      onChange={setTyped}
      onOptionSubmit={submit}
      onBlur={() => submit(shown.trim())}
      maxDropdownHeight={240}
      classNames={{ input: classes.mono, option: classes.mono }}
    />
  );
}
