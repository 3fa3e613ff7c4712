import { Button, Modal, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { useState } from 'react';
import {
  answerProblem,
  fromTemplate,
  type PolicyTemplate,
  policyTemplates,
  type TemplateAnswers,
  type TemplateField,
} from '../../../../shared/iam/policy-templates.ts';
import { managedServices } from '../../../../shared/kms/services.ts';
import { Choices } from '../../../components/Choices.tsx';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { isService } from './completion.ts';

interface Props {
  /** What is known of the key. */
  readonly facts: Pick<TemplateAnswers, 'accountId' | 'region' | 'keySpec' | 'keyUsage'>;
  readonly principals: readonly string[];
  readonly onChoose: (text: string) => void;
}

const nothing = { administrators: [], users: [], account: '', service: '', contextName: '', contextValue: '' };

/** A button that puts a ready-made policy in place of the text. */
export function Templates({ facts, principals, onChoose }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconTemplate size={15} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        Templates
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Begin from a template" size="xl">
        {opened ? (
          <Chooser
            facts={facts}
            principals={principals}
            onChoose={(text) => {
              setOpened(false);
              onChoose(text);
            }}
          />
        ) : null}
      </Modal>
    </>
  );
}

function Chooser({ facts, principals, onChoose }: Props) {
  const [name, setName] = useState('default');
  const [given, setGiven] = useState<Omit<TemplateAnswers, keyof Props['facts']>>(nothing);
  const [asked, setAsked] = useState(false);
  const answers = { ...given, ...facts };
  const isSymmetric = facts.keySpec === 'SYMMETRIC_DEFAULT';
  const template = policyTemplates.find((each) => each.name === name) as PolicyTemplate;
  const problem = (field: TemplateField) => answerProblem(field, answers);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (!template.fields.some(problem)) onChoose(JSON.stringify(fromTemplate(template, answers), null, 2));
      }}
    >
      <Stack>
        <Choices
          label="Template"
          value={name}
          onChange={(next) => {
            setName(next);
            setAsked(false);
          }}
          choices={policyTemplates.map(({ name: value, title, line, symmetricOnly }) => ({
            value,
            title,
            line: symmetricOnly && !isSymmetric ? `${line} For symmetric encryption keys only.` : line,
            disabled: symmetricOnly === true && !isSymmetric,
          }))}
        />
        {template.fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            answers={answers}
            people={principals.filter((text) => !isService(text) && !text.endsWith(':root'))}
            error={asked ? problem(field) : null}
            onChange={(value) => setGiven({ ...given, [field.name]: value })}
          />
        ))}
        <DialogFoot>
          <Button type="submit">Put it in</Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}

function Field({
  field: { name, label, line },
  answers,
  people,
  error,
  onChange,
}: {
  field: TemplateField;
  answers: TemplateAnswers;
  people: readonly string[];
  error: string | null;
  onChange: (value: string | readonly string[]) => void;
}) {
  const common = { label, description: line, error };
  if (name === 'administrators' || name === 'users')
    return (
      <TagsInput {...common} data={people} value={[...answers[name]]} onChange={onChange} splitChars={[',', ' ']} />
    );
  if (name === 'service')
    return (
      <Select
        {...common}
        searchable
        data={[...managedServices]}
        value={answers.service || null}
        onChange={(value) => onChange(value ?? '')}
      />
    );
  return (
    <TextInput {...common} value={answers[name]} onChange={(event) => onChange(event.currentTarget.value.trim())} />
  );
}
