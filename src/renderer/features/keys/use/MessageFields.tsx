import { Select, Text, Textarea } from '@mantine/core';
import { limits } from '../../../../shared/kms/limits.ts';
import { digestBytesOf } from '../../../../shared/kms/specs.ts';
import { Identifier } from '../../../components/Identifier.tsx';
import { AlgorithmSelect, TextField } from './fields.tsx';
import { digestName, hashOf, type MessageForm, messageTypeOf, toHex } from './message.ts';
import { HASHED_MAX, type Message } from './use-message.ts';

interface Props {
  readonly message: Message;
  /** What the text is: `Text to sign`. */
  readonly textLabel: string;
  /** What a digest that was made elsewhere is: `Digest to sign`. */
  readonly digestLabel: string;
  readonly change: Message['change'];
}

/** The algorithm, the form of the message and the message itself. */
export function MessageFields({ message, textLabel, digestLabel, change }: Props) {
  const { algorithm, forms, form, text, bytes } = message;
  return (
    <>
      <AlgorithmSelect
        value={algorithm}
        onChange={(next) => change({ algorithm: next })}
        algorithms={message.algorithms}
      />
      {forms.length > 1 ? (
        <Select
          label="What is signed"
          data={forms.map((value) => ({
            value,
            label: `${formWords(message, value)} (${messageTypeOf(algorithm, value)})`,
          }))}
          value={form}
          allowDeselect={false}
          onChange={(value) => value && change({ form: value as MessageForm })}
        />
      ) : null}
      {form === 'given' ? (
        <DigestField message={message} label={digestLabel} change={change} />
      ) : (
        <TextField
          label={textLabel}
          value={text}
          onChange={(next) => change({ text: next })}
          max={form === 'whole' ? limits.messageBytes : HASHED_MAX}
          tooLong={tooLong(message)}
        />
      )}
      {form === 'hashed' && bytes ? (
        <Text size="xs" c="dimmed" component="div">
          {hashOf(algorithm)}: <Identifier value={toHex(bytes)} keep={12} />
        </Text>
      ) : null}
      {algorithm === 'ED25519_PH_SHA_512' ? (
        <Text size="xs" c="dimmed">
          As at AWS this is Ed25519ph of the digest: another program verifies the digest's 64 bytes with Ed25519ph, not
          the text with plain Ed25519.
        </Text>
      ) : null}
    </>
  );
}

function formWords({ algorithm }: Message, form: MessageForm): string {
  if (form === 'whole') return 'The text as it is';
  return form === 'hashed'
    ? `The text's ${hashOf(algorithm)} digest, made here`
    : `Its ${digestName(algorithm)}, made elsewhere`;
}

/** What to do with a message that is not taken whole. */
function tooLong({ algorithm, forms, form }: Message): string {
  if (form === 'hashed') return 'Too long to be hashed here. Hash it with a program, and give the digest.';
  if (algorithm === 'ED25519_SHA_512')
    return 'Too long to be sent as it is. ED25519_PH_SHA_512 signs a longer message by its digest.';
  return forms.includes('hashed')
    ? 'Too long to be sent as it is. Choose its digest above.'
    : 'Too long to be sent as it is. A longer message is signed by its digest.';
}

function DigestField({ message, label, change }: { message: Message; label: string; change: Message['change'] }) {
  const { given, bytes, algorithm } = message;
  const wanted = digestBytesOf(algorithm);
  const name = digestName(algorithm);
  return (
    <Textarea
      label={label}
      description={`The ${name}: ${wanted} bytes, as hexadecimal or base64`}
      value={given}
      error={given.trim() !== '' && bytes === null ? `This is no ${name} of ${wanted} bytes.` : null}
      onChange={(event) => change({ given: event.currentTarget.value })}
      autosize
      minRows={2}
      maxRows={6}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}
