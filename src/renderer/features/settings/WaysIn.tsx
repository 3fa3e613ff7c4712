import { Button, Group, Skeleton, Text } from '@mantine/core';
import { IconFingerprint, IconLifebuoy, IconPassword } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import classes from '../../components/list.module.css';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError, notifySuccess } from '../../lib/notify.tsx';
import { navigate, useRoute } from '../../lib/route.ts';
import { useLoad } from '../../lib/use-call.ts';
import { AddPassphrase, ChangePassphrase, NewRecoveryCode, RemoveSlot } from './dialogs.tsx';

type Slot = CallOutput<'vault.slots'>['slots'][number];
type Dialog =
  | { readonly kind: 'add-passphrase' | 'recovery' }
  | { readonly kind: 'change' | 'remove'; readonly slot: Slot };

export const slotLooks = {
  keychain: { title: "This computer's keychain", icon: IconFingerprint },
  passphrase: { title: 'Passphrase', icon: IconPassword },
  recovery: { title: 'Recovery code', icon: IconLifebuoy },
} as const;

/** Why a way in must stay, or `null` when it can go: something besides the keychain must always open the vault. */
export function whyKept(slot: Slot, slots: readonly Slot[]): string | null {
  if (slot.kind === 'keychain') return null;
  const others = slots.filter((other) => other.id !== slot.id && other.kind !== 'keychain');
  return others.length > 0
    ? null
    : 'It is the last way in besides the keychain, and a keychain can be lost with its computer. Add another first.';
}

/** The ways in: listed, added, changed, removed. */
export function WaysIn() {
  const loaded = useLoad('slots', () => invoke('vault.slots', {}), ['vault.changed']);
  const { query } = useRoute();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const asked = query.has('recovery');
  useEffect(() => {
    if (!asked) return;
    setDialog({ kind: 'recovery' });
    navigate('/settings/ways-in', { replace: true });
  }, [asked]);
  const close = () => {
    setDialog(null);
    loaded.reload();
  };
  if (loaded.error) return <ErrorNotice error={loaded.error} onRetry={loaded.reload} />;
  if (!loaded.data) return <Skeleton height={220} />;
  const { slots, keychain } = loaded.data;
  const hasKeychain = slots.some((slot) => slot.kind === 'keychain' && slot.usable);
  const addKeychain = async () => {
    try {
      await invoke('vault.addSlot', { kind: 'keychain' });
      notifySuccess("This computer's keychain opens the vault now.");
    } catch (error) {
      notifyError(error);
    }
    loaded.reload();
  };
  return (
    <>
      <Section
        title="Ways in"
        lead="Each of these opens the vault by itself. Adding or removing one does not touch your keys or files."
      >
        <ul className={classes.list} aria-label="Ways in">
          {slots.map((slot) => {
            const { title, icon: Icon } = slotLooks[slot.kind];
            const kept = whyKept(slot, slots);
            return (
              <li key={slot.id} className={classes.row}>
                <Icon size={20} stroke={1.7} aria-hidden />
                <div className={classes.words}>
                  <Text fw={550}>{title}</Text>
                  <Text size="xs" c="dimmed" component="div">
                    Added <RelativeTime value={slot.createdAt} />
                    {slot.usable ? null : '. The key is not in this computer’s keychain, so it opens nothing here'}
                    {kept ? `. ${kept}` : null}
                  </Text>
                </div>
                <Group gap="xs">
                  {slot.kind === 'passphrase' ? (
                    <Button size="xs" variant="default" onClick={() => setDialog({ kind: 'change', slot })}>
                      Change
                    </Button>
                  ) : null}
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    disabled={kept !== null}
                    aria-label={`Remove: ${title}`}
                    onClick={() => setDialog({ kind: 'remove', slot })}
                  >
                    Remove
                  </Button>
                </Group>
              </li>
            );
          })}
        </ul>
      </Section>
      <Section title="Add a way in">
        <Group gap="xs">
          <Button variant="default" onClick={() => setDialog({ kind: 'add-passphrase' })}>
            Add a passphrase
          </Button>
          <Button variant="default" onClick={() => setDialog({ kind: 'recovery' })}>
            Make a recovery code
          </Button>
          {hasKeychain ? null : (
            <Button variant="default" disabled={!keychain.available} onClick={() => void addKeychain()}>
              Add this computer's keychain
            </Button>
          )}
        </Group>
        {hasKeychain || keychain.available ? null : (
          <Text size="sm" c="dimmed" mt="xs">
            {keychain.reason ?? 'This computer offers no keychain.'}
          </Text>
        )}
      </Section>
      <AddPassphrase opened={dialog?.kind === 'add-passphrase'} onClose={close} />
      <NewRecoveryCode opened={dialog?.kind === 'recovery'} onClose={close} slots={slots} />
      <ChangePassphrase slotId={dialog?.kind === 'change' ? dialog.slot.id : null} onClose={close} />
      <RemoveSlot
        slot={dialog?.kind === 'remove' ? dialog.slot : null}
        title={dialog?.kind === 'remove' ? slotLooks[dialog.slot.kind].title : ''}
        onClose={close}
      />
    </>
  );
}
