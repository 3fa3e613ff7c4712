import { Button, Group, Select, Switch, Text, TextInput, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { memo, useEffect, useId, useMemo, useState } from 'react';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { keyName, useKeys } from '../keys/index.ts';
import classes from './activity.module.css';
import { clearFilters, isNarrowed, useFilters } from './store.ts';

/** How long typing must rest before the records are asked for: a search is quicker than a pause to wait for it would seem. */
const RESTS_MS = 25;
/** Enough to choose from; typing finds the others. */
const KEYS_SHOWN = 50;
/** A record says which part of Coffer called, not whether a screen drew itself or somebody looked something up on it. */
const READINGS =
  'Leaves out what the window called to draw its screens: its Describe, Get and List calls, refused ones too, and readings that AWS does not have. What you did in the window stays, and so does every call of a program.';

interface Props {
  /** What the trail has records of; undefined before that is known. */
  readonly names: OperationOutput<'SummarizeEvents'>['EventNames'] | undefined;
}

/**
 * The filters as a sentence: which calls, on which key, with which outcome, and a word in them. It stays as it is while the list
 * below scrolls: the choice of ten thousand keys is nothing to make anew for each page of records.
 */
export const FilterBar = memo(function FilterBar({ names }: Props) {
  const filters = useFilters();
  const hint = useId();
  const { keys } = useKeys();
  const keyOptions = useMemo(() => (keys ?? []).map((key) => ({ value: key.Arn, label: keyName(key) })), [keys]);
  const [text, setText] = useState(filters.text);
  useEffect(() => {
    const timer = setTimeout(() => useFilters.setState({ text }), RESTS_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const eventNames = useMemo(() => {
    const all = new Set((names ?? []).map((each) => each.Name));
    if (filters.eventName) all.add(filters.eventName);
    return [...all].sort();
  }, [names, filters.eventName]);
  // Cleared from outside, as by the palette: the field says so, too.
  useEffect(() => {
    if (filters.text === '') setText('');
  }, [filters.text]);
  return (
    <Group gap="xs" className={classes.sentence} role="search" aria-label="Filter the activity">
      <Text>Showing</Text>
      <Select
        aria-label="Outcome"
        w="7.5rem"
        size="xs"
        data={[
          { value: 'ok', label: 'allowed' },
          { value: 'refused', label: 'refused' },
        ]}
        placeholder="all"
        value={filters.outcome}
        onChange={(value) => useFilters.setState({ outcome: value as 'ok' | 'refused' | null })}
        clearable
      />
      <Select
        aria-label="Operation"
        w="11.5rem"
        size="xs"
        data={eventNames}
        placeholder="calls of any kind"
        value={filters.eventName}
        onChange={(eventName) => useFilters.setState({ eventName })}
        clearable
        searchable
      />
      <Text>on</Text>
      <Select
        aria-label="Key"
        w="10.5rem"
        size="xs"
        placeholder="any key"
        limit={KEYS_SHOWN}
        nothingFoundMessage="No key matches"
        data={keyOptions}
        value={filters.keyArn}
        onChange={(keyArn) => useFilters.setState({ keyArn })}
        clearable
        searchable
      />
      <TextInput
        aria-label="Words in the record"
        size="xs"
        flex="1 1 6rem"
        placeholder="with any words"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Tooltip label={READINGS} multiline maw={340} events={{ hover: true, focus: true, touch: true }}>
        <div>
          <Switch
            size="xs"
            label="Hide the window's own readings"
            aria-describedby={hint}
            checked={filters.hideReadings}
            onChange={(event) => useFilters.setState({ hideReadings: event.currentTarget.checked })}
          />
          <VisuallyHidden id={hint}>{READINGS}</VisuallyHidden>
        </div>
      </Tooltip>
      {isNarrowed(filters) ? (
        <Button size="compact-xs" variant="subtle" onClick={clearFilters}>
          Clear filters
        </Button>
      ) : null}
    </Group>
  );
});
