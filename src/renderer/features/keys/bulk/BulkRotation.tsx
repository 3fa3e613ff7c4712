import { Modal, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { FormActions } from '../../../components/FormActions.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { formatNumber, plural } from '../../../lib/format.ts';
import type { BulkDialogProps } from './run-all.ts';

const period = limits.rotationPeriod;

/** Switches the automatic rotation of all chosen keys that rotate. */
export function BulkRotation({ keys, region, onClose, onRun }: BulkDialogProps) {
  const [on, setOn] = useState(true);
  const [days, setDays] = useState<string | number>(period.default);
  const valid = Number.isInteger(Number(days)) && Number(days) >= period.min && Number(days) <= period.max;
  const inputFor = (KeyId: string) => ({ KeyId, RotationPeriodInDays: valid ? Number(days) : period.default });
  const first = keys[0]?.KeyId ?? '';
  return (
    <Modal opened onClose={onClose} title={`Rotation of ${plural(keys.length, 'key')}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (on && !valid) return;
          onRun(on ? 'set to rotate' : 'set not to rotate', keys, ({ KeyId }) =>
            on
              ? { operation: 'EnableKeyRotation', input: inputFor(KeyId) }
              : { operation: 'DisableKeyRotation', input: { KeyId } },
          );
        }}
      >
        <Stack>
          <Switch
            label="Automatic rotation"
            description="New material at the end of each period. Everything encrypted before still opens."
            checked={on}
            onChange={(event) => setOn(event.currentTarget.checked)}
          />
          {on ? (
            <NumberInput
              label="Rotation period in days"
              description={`From ${period.min} to ${formatNumber(period.max)}. Each key's next rotation is that long from now.`}
              value={days}
              onChange={setDays}
              min={period.min}
              max={period.max}
              allowDecimal={false}
              clampBehavior="none"
              error={valid ? null : `A whole number from ${period.min} to ${formatNumber(period.max)}.`}
            />
          ) : (
            <Text c="dimmed">The keys go on with the material they have.</Text>
          )}
          <FormActions text="Save" onCancel={onClose} disabled={on && !valid} busy={false}>
            {on ? (
              <ShowAs operation="EnableKeyRotation" input={inputFor(first)} region={region} />
            ) : (
              <ShowAs operation="DisableKeyRotation" input={{ KeyId: first }} region={region} />
            )}
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
