import { Choices } from '../../../components/Choices.tsx';
import { kindNames, kinds } from '../kinds.ts';
import { madeHere, type StepProps } from './draft.ts';

const choices = kindNames.map((value) => ({ value, title: kinds[value].title, line: kinds[value].line }));

/** What the key is for. */
export function KindStep({ draft, change }: StepProps) {
  return (
    <Choices
      label="What is the key for?"
      value={draft.kind}
      onChange={(kind) => change({ kind, spec: kinds[kind].usual, ...madeHere })}
      choices={choices}
    />
  );
}
