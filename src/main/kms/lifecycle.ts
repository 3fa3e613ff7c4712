import { limits } from '../../shared/kms/limits.ts';
import { byKeyId } from './find.ts';
import { isWhole } from './imported.ts';
import { hasReplicas, setState } from './key-rows.ts';
import { onKey } from './operation.ts';

export const DAY = 86_400_000;

const enableKey = onKey({
  name: 'EnableKey',
  readOnly: false,
  find: byKeyId,
  run({ tx }, _input, key) {
    setState(tx, key, 'Enabled');
    return {};
  },
  audit: { request: ['KeyId'] },
});

const disableKey = onKey({
  name: 'DisableKey',
  readOnly: false,
  find: byKeyId,
  run({ tx }, _input, key) {
    setState(tx, key, 'Disabled');
    return {};
  },
  audit: { request: ['KeyId'] },
});

const scheduleKeyDeletion = onKey({
  name: 'ScheduleKeyDeletion',
  readOnly: false,
  find: byKeyId,
  run({ tx, now }, input, key) {
    const days = input.PendingWindowInDays ?? limits.deletionWindow.default;
    if (hasReplicas(tx, key)) {
      // The window begins when the last replica is deleted, so there is no date yet.
      setState(tx, key, 'PendingReplicaDeletion');
      tx.run('UPDATE keys SET deletion_days = ? WHERE row = ?', [days, key.row]);
      return { KeyId: key.arn, KeyState: 'PendingReplicaDeletion', PendingWindowInDays: days };
    }
    const at = now + days * DAY;
    setState(tx, key, 'PendingDeletion');
    tx.run(`UPDATE keys SET deletion_at = ?, deletion_days = ? WHERE row = ?`, [at, days, key.row]);
    return { KeyId: key.arn, DeletionDate: new Date(at), KeyState: 'PendingDeletion', PendingWindowInDays: days };
  },
  audit: {
    request: ['KeyId', 'PendingWindowInDays'],
    response: ({ KeyId, KeyState, DeletionDate, PendingWindowInDays }) => ({
      keyId: KeyId,
      keyState: KeyState,
      ...(DeletionDate ? { deletionDate: DeletionDate.toISOString() } : {}),
      pendingWindowInDays: PendingWindowInDays,
    }),
  },
});

const cancelKeyDeletion = onKey({
  name: 'CancelKeyDeletion',
  readOnly: false,
  find: byKeyId,
  run({ tx }, _input, key) {
    setState(tx, key, key.origin === 'EXTERNAL' && !isWhole(tx, key) ? 'PendingImport' : 'Disabled');
    return { KeyId: key.arn };
  },
  audit: { request: ['KeyId'], response: ({ KeyId }) => ({ keyId: KeyId }) },
});

export const lifecycleOperations = [enableKey, disableKey, scheduleKeyDeletion, cancelKeyDeletion];
