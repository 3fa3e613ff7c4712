import { Anchor, Button, Divider, Group, PasswordInput, Stack, Text, Textarea } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { invoke } from '../../lib/api.ts';
import { codeOf } from '../../lib/errors.ts';
import type { LockedStatus } from '../../lib/session.ts';
import { useAction } from '../../lib/use-call.ts';

/** Failures that are about what was typed: they stay on the field. */
const ofTheField = new Set(['WrongPassphrase', 'WrongRecoveryCode', 'RecoveryCodeTypo']);

/** The ways in: keychain, passphrase, recovery code. */
export function UnlockForm({ status }: { status: LockedStatus }) {
  const kinds = new Set(status.slots.map((slot) => slot.kind));
  const keychainSlot = status.slots.find((slot) => slot.kind === 'keychain');
  const [way, setWay] = useState<'passphrase' | 'recovery'>(kinds.has('passphrase') ? 'passphrase' : 'recovery');
  const [secret, setSecret] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const withKeychain = useAction(async () => {
    await invoke('vault.unlock', { kind: 'keychain' });
  });
  const withSecret = useAction(async () => {
    try {
      await invoke('vault.unlock', { kind: way, secret });
      setSecret('');
    } catch (error) {
      input.current?.select();
      throw error;
    }
  });
  const fieldError = ofTheField.has(codeOf(withSecret.error)) ? withSecret.error?.message : undefined;
  // What is wrong with the vault itself stands over the form.
  const saidAbove = status.problem !== undefined && codeOf(withSecret.error) === status.problem.code;
  const busy = withKeychain.busy || withSecret.busy;
  const change = (text: string) => {
    setSecret(text);
    withSecret.clear();
  };
  const keychainUsable = keychainSlot?.usable === true && status.keychain.available;
  return (
    <Stack>
      {keychainUsable ? (
        <>
          <Button
            size="md"
            fullWidth
            leftSection={<IconFingerprint size={18} aria-hidden />}
            loading={withKeychain.busy}
            disabled={withSecret.busy}
            onClick={() => void withKeychain.run()}
          >
            Unlock with this computer's keychain
          </Button>
          {withKeychain.error ? <ErrorNotice error={withKeychain.error} /> : null}
          <Divider label="or" />
        </>
      ) : null}
      {keychainSlot && !keychainUsable ? (
        <Text size="sm" c="dimmed">
          The keychain cannot open it now:{' '}
          {status.keychain.available
            ? "it no longer holds this vault's key. Another way in opens the vault; the keychain can then be added again in Settings."
            : (status.keychain.reason ?? 'this computer offers none.')}
        </Text>
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (secret !== '' && !busy) void withSecret.run();
        }}
      >
        <Stack>
          {way === 'passphrase' ? (
            <PasswordInput
              key="passphrase"
              ref={input}
              label="Passphrase"
              value={secret}
              error={fieldError}
              autoComplete="current-password"
              autoFocus={!keychainUsable}
              onChange={(event) => change(event.currentTarget.value)}
            />
          ) : (
            <Textarea
              key="recovery"
              label="Recovery code"
              description="Nine groups of four. Dashes, spaces and capitals do not matter."
              value={secret}
              error={fieldError}
              autosize
              minRows={2}
              autoComplete="off"
              spellCheck={false}
              autoFocus
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              onChange={(event) => change(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.shiftKey) return;
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              }}
            />
          )}
          {withSecret.error && !fieldError && !saidAbove ? <ErrorNotice error={withSecret.error} /> : null}
          <Group justify="space-between">
            {kinds.has('passphrase') && kinds.has('recovery') ? (
              <Anchor
                component="button"
                type="button"
                size="sm"
                onClick={() => {
                  setWay(way === 'passphrase' ? 'recovery' : 'passphrase');
                  change('');
                }}
              >
                {way === 'passphrase' ? 'Use the recovery code' : 'Use the passphrase'}
              </Anchor>
            ) : (
              <span />
            )}
            <Button
              type="submit"
              variant={keychainUsable ? 'default' : 'filled'}
              loading={withSecret.busy}
              disabled={secret === '' || withKeychain.busy}
            >
              Unlock
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}
