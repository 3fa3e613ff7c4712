import { Badge, Button, Group, Menu, Skeleton, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { iamLimits } from '../../../../shared/iam/limits.ts';
import { ConfirmRemoval } from '../../../components/ConfirmRemoval.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import classes from '../../../components/list.module.css';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { ShowIam, ShowIamCalls } from '../../../components/ShowIam.tsx';
import { iam } from '../../../lib/api.ts';
import { askForMfa } from '../../../lib/mfa.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useSession } from '../../../lib/session.ts';
import { useIam } from '../../../lib/use-call.ts';
import { deviceName } from '../looks.ts';
import { asRootOf, ownerInput, type PartProps, type Person } from '../model.ts';
import { EnrolDevice } from './EnrolDevice.tsx';
import { RecoverDevice } from './RecoverDevice.tsx';
import { ResyncDevice } from './ResyncDevice.tsx';

type Dialog = { readonly kind: 'remove' | 'lost' | 'resync'; readonly serial: string };

/** The MFA devices of a root or user. */
export function MfaPanel({ person }: PartProps) {
  const account = asRootOf(person.accountId);
  const ownerArn = useSession((session) => (session.status?.state === 'open' ? session.status.principalArn : ''));
  const loaded = useIam('ListMFADevices', ownerInput(person), account);
  const [enrolling, setEnrolling] = useState(false);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const devices = loaded.data?.MFADevices ?? [];
  const isOwner = person.arn === ownerArn;
  const serial = (kind: Dialog['kind']) => (dialog?.kind === kind ? dialog.serial : null);
  const close = () => setDialog(null);
  return (
    <Stack>
      <Text c="dimmed" maw="42rem">
        An authenticator app on a phone. Policies can ask for it by the condition aws:MultiFactorAuthPresent: then a
        call counts only after a code of the app was entered, or when a program's session was begun with one.
      </Text>
      {loaded.error ? <ErrorNotice error={loaded.error} onRetry={loaded.reload} /> : null}
      {loaded.data ? (
        devices.length === 0 ? (
          <Text>It has no MFA device.</Text>
        ) : (
          <ul className={classes.list} aria-label="MFA devices">
            {devices.map(({ SerialNumber, EnableDate }) => (
              <DeviceRow
                key={SerialNumber}
                serial={SerialNumber}
                since={EnableDate}
                isOwner={isOwner}
                onDo={setDialog}
              />
            ))}
          </ul>
        )
      ) : loaded.error ? null : (
        <Skeleton height={60} />
      )}
      {loaded.data ? (
        <Group justify="space-between">
          <Button
            variant="default"
            disabled={devices.length >= iamLimits.mfaDevices}
            onClick={() => setEnrolling(true)}
          >
            Add an MFA device
          </Button>
          <ShowIam operation="ListMFADevices" input={ownerInput(person)} />
        </Group>
      ) : null}
      <EnrolDevice person={person} opened={enrolling} onClose={() => setEnrolling(false)} />
      <RemoveDevice person={person} serial={serial('remove')} isOwner={isOwner} onClose={close} />
      <ResyncDevice person={person} serial={serial('resync')} onClose={close} />
      <RecoverDevice serial={serial('lost')} onClose={close} />
    </Stack>
  );
}

function DeviceRow({
  serial,
  since,
  isOwner,
  onDo,
}: {
  serial: string;
  since: Date;
  /** Whether it is the vault's owner's, who has the vault's own ways in to fall back on. */
  isOwner: boolean;
  onDo: (dialog: Dialog) => void;
}) {
  const name = deviceName(serial);
  return (
    <li className={classes.row}>
      <IconDeviceMobile size={20} stroke={1.7} aria-hidden />
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={550}>{name}</Text>
          <Badge color="green" variant="light">
            Active
          </Badge>
        </Group>
        <Text size="xs" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
          {serial}, since <RelativeTime value={since} />
        </Text>
      </div>
      <Group gap="xs">
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              size="xs"
              variant="default"
              rightSection={<IconChevronDown size={14} aria-hidden />}
              aria-label={`Trouble with ${name}`}
            >
              Trouble
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onDo({ kind: 'resync', serial })}>Its codes are not taken</Menu.Item>
            {isOwner ? <Menu.Item onClick={() => onDo({ kind: 'lost', serial })}>It is lost</Menu.Item> : null}
          </Menu.Dropdown>
        </Menu>
        <Button
          size="xs"
          variant="subtle"
          color="red"
          aria-label={`Remove: ${name}`}
          onClick={() => onDo({ kind: 'remove', serial })}
        >
          Remove
        </Button>
      </Group>
    </li>
  );
}

function RemoveDevice({
  person,
  serial,
  isOwner,
  onClose,
}: {
  person: Person;
  serial: string | null;
  isOwner: boolean;
  onClose: () => void;
}) {
  const account = asRootOf(person.accountId);
  const input = { ...ownerInput(person), SerialNumber: serial ?? '' };
  const remove = async () => {
    if (serial === null) return false;
    // Nobody stands above the vault's owner: their device goes with a code of it, or as a lost one.
    if (isOwner && useSession.getState().acting?.mfaAt === null && !(await askForMfa())) return false;
    await iam('DeactivateMFADevice', input, account);
    const answer = await iam('DeleteVirtualMFADevice', { SerialNumber: serial }, account);
    notifySuccess('Its codes prove nothing any more.', 'MFA device removed', { answer });
    return true;
  };
  return (
    <ConfirmRemoval
      opened={serial !== null}
      onClose={onClose}
      title="Remove the MFA device"
      confirmText="Remove"
      onConfirm={remove}
      showAs={
        <ShowIamCalls
          calls={[
            { operation: 'DeactivateMFADevice', input },
            { operation: 'DeleteVirtualMFADevice', input: { SerialNumber: serial ?? '' } },
          ]}
        />
      }
    >
      Codes of {deviceName(serial ?? '')} are not taken any more. Calls that a policy allows with a second factor only
      are refused until {person.name ?? 'the root'} has a device again.
      {isOwner ? ' A code of it is asked for first.' : ''}
    </ConfirmRemoval>
  );
}
