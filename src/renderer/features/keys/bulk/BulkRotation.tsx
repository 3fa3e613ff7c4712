import { Modal, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { FormActions } from '../../../components/FormActions.tsx';
import { ShowForEach } from '../../../components/ShowAs.tsx';
import { plural } from '../../../lib/format.ts';
import { RotationPeriodField, rotationDays } from '../days.tsx';
import { undoRotation } from '../undo.ts';
import type { BulkDialogProps } from './run-all.ts';

/** Switches the automatic rotation of all chosen keys that rotate. */
export function BulkRotation({ keys, region, onClose, onRun }: BulkDialogProps) {
  const [on, setOn] = useState(true);
  const [typed, setTyped] = useState<string | number>(limits.rotationPeriod.default);
  const days = rotationDays(typed);
  const input = { RotationPeriodInDays: days ?? limits.rotationPeriod.default };
  const set = { RotationEnabled: on, ...input };
  const keyIds = keys.map(({ KeyId }) => KeyId);
  return (
    <Modal opened onClose={onClose} title={`Rotation of ${plural(keys.length, 'key')}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (on && days === null) return;
          onRun(keys, {
            word: on ? 'set to rotate' : 'set not to rotate',
            call: ({ KeyId }) =>
              on
                ? { operation: 'EnableKeyRotation', input: { KeyId, ...input } }
                : { operation: 'DisableKeyRotation', input: { KeyId } },
            undo: ['Put back the rotation', (key) => undoRotation(key, set, region)],
          });
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
            <RotationPeriodField
              value={typed}
              onChange={setTyped}
              more="Each key's next rotation is that long from now."
            />
          ) : (
            <Text c="dimmed">The keys go on with the material they have.</Text>
          )}
          <FormActions text="Save" onCancel={onClose} disabled={on && days === null} busy={false}>
            {on ? (
              <ShowForEach operation="EnableKeyRotation" keyIds={keyIds} input={input} region={region} />
            ) : (
              <ShowForEach operation="DisableKeyRotation" keyIds={keyIds} region={region} />
            )}
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
