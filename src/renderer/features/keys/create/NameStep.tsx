import { Text, Textarea, TextInput } from '@mantine/core';
import { limits } from '../../../../shared/kms/limits.ts';
import { kinds, specWords } from '../kinds.ts';
import type { StepProps } from './draft.ts';

/** What the key is called. */
export function NameStep({ draft, change, error }: StepProps & { error: string | null }) {
  return (
    <>
      <Text c="dimmed">
        {kinds[draft.kind].title}: {specWords[draft.spec].name}, in {draft.region}.
      </Text>
      <TextInput
        label="Alias"
        description="The name people and programs call the key by. It can move to another key later."
        placeholder="invoices"
        value={draft.alias}
        error={error}
        maxLength={limits.aliasName}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        autoFocus
        onChange={(event) => change({ alias: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        description="What it protects, for whoever reads this in a year."
        value={draft.description}
        maxLength={limits.description}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
    </>
  );
}
