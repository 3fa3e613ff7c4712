import { Button, Modal, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { CopyBlock, ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { useCommands } from '../../../lib/commands.ts';
import { formatNumber } from '../../../lib/format.ts';
import { useSession } from '../../../lib/session.ts';
import { base64 } from '../../../lib/show-as.ts';
import { useAction } from '../../../lib/use-call.ts';

type Form = 'hex' | 'base64';

const USUAL = 32;
const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A dialog that makes random bytes, which a command opens from anywhere. */
export function RandomBytes() {
  const [opened, setOpened] = useState(false);
  useCommands([
    {
      id: 'random.generate',
      title: 'Make random bytes',
      keywords: 'GenerateRandom entropy token secret password hex base64',
      group: 'Actions',
      run: () => setOpened(true),
    },
  ]);
  const close = () => setOpened(false);
  return (
    <Modal opened={opened} onClose={close} title="Random bytes" keepMounted={false}>
      <Body onClose={close} />
    </Modal>
  );
}

function Body({ onClose }: { onClose: () => void }) {
  const region = useSession((session) => session.region);
  const [typed, setTyped] = useState<string | number>(USUAL);
  const [form, setForm] = useState<Form>('hex');
  const [made, setMade] = useState<Uint8Array>();
  const count = Number(typed);
  const fits = Number.isInteger(count) && count >= 1 && count <= limits.randomBytes;
  const input = { NumberOfBytes: fits ? count : USUAL };
  const make = useAction(async () => setMade((await kms('GenerateRandom', input, region)).Plaintext));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) void make.run();
      }}
    >
      <Stack>
        <NumberInput
          label="Number of bytes"
          description={`From 1 to ${formatNumber(limits.randomBytes)}`}
          value={typed}
          onChange={setTyped}
          min={1}
          max={limits.randomBytes}
          allowDecimal={false}
          clampBehavior="none"
          error={fits ? null : `A whole number from 1 to ${formatNumber(limits.randomBytes)}.`}
          data-autofocus
        />
        <SegmentedControl
          aria-label="Written as"
          value={form}
          onChange={(value) => setForm(value as Form)}
          data={[
            { value: 'hex', label: 'Hexadecimal' },
            { value: 'base64', label: 'Base64' },
          ]}
        />
        <div aria-live="polite">
          {made ? (
            <CopyBlock text={form === 'hex' ? hex(made) : base64(made)} label="Random bytes" />
          ) : (
            <Text c="dimmed">The record says that bytes were made, never which.</Text>
          )}
        </div>
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <DialogFoot aside={<ShowAs operation="GenerateRandom" input={input} region={region} />}>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={make.busy} disabled={!fits}>
            {made ? 'Make others' : 'Make them'}
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
