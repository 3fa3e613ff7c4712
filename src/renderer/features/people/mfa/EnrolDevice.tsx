import { Group, Modal, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { IamOutput } from '../../../../shared/iam/operations.ts';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { FormActions } from '../../../components/FormActions.tsx';
import { Identifier } from '../../../components/Identifier.tsx';
import { ShowIam } from '../../../components/ShowIam.tsx';
import { iam } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import { useMounted } from '../../../lib/use-mounted.ts';
import { asRootOf, ownerInput, type Person } from '../model.ts';
import { NameField, nameProblem } from '../NameField.tsx';
import classes from '../people.module.css';
import { ShowTwoCodes } from './ShowTwoCodes.tsx';
import { type Codes, complete, TwoCodes } from './TwoCodes.tsx';

type Device = IamOutput<'CreateVirtualMFADevice'>['VirtualMFADevice'];

interface Props {
  readonly person: Person;
  readonly onClose: () => void;
}

/** Makes an MFA device for somebody: a name, the secret as a picture and as text, two codes. */
export function EnrolDevice({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      title="Add an MFA device"
      size="lg"
      // A click beside the dialog must not throw away a secret that is shown this once.
      closeOnClickOutside={false}
    >
      <Body {...props} />
    </Modal>
  );
}

function Body({ person, onClose }: Props) {
  const account = asRootOf(person.accountId);
  const [name, setName] = useState(`${person.name ?? 'root'}-phone`);
  const [device, setDevice] = useState<Device | null>(null);
  const unused = useRef<string | null>(null);
  const isHere = useMounted();
  // A device that nobody enabled is of no use to anyone: its secret is not shown again.
  const drop = useCallback(() => {
    const SerialNumber = unused.current;
    unused.current = null;
    if (SerialNumber !== null) iam('DeleteVirtualMFADevice', { SerialNumber }, account).catch(() => undefined);
  }, [account]);
  useEffect(() => drop, [drop]);
  const make = useAction(async () => {
    const { VirtualMFADevice } = await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: name }, account);
    unused.current = VirtualMFADevice.SerialNumber;
    if (isHere()) setDevice(VirtualMFADevice);
    else drop();
  });
  if (device)
    return (
      <Prove
        person={person}
        device={device}
        onCancel={onClose}
        onDone={() => {
          unused.current = null;
          onClose();
        }}
      />
    );
  const problem = nameProblem(name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '' && problem === null) void make.run();
      }}
    >
      <Stack>
        <NameField
          label="Name of the device"
          description="No other device of the account has it."
          value={name}
          onChange={setName}
        />
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <FormActions
          text="Show its secret"
          onCancel={onClose}
          disabled={name === '' || problem !== null}
          busy={make.busy}
        >
          <ShowIam operation="CreateVirtualMFADevice" input={{ VirtualMFADeviceName: name || 'NAME' }} />
        </FormActions>
      </Stack>
    </form>
  );
}

/** A secret in groups of four, as one types it. */
const inGroups = (seed: string): string => seed.match(/.{1,4}/g)?.join(' ') ?? seed;

function Prove({
  person,
  device,
  onCancel,
  onDone,
}: {
  person: Person;
  device: Device;
  onCancel: () => void;
  onDone: () => void;
}) {
  const [codes, setCodes] = useState<Codes>(['', '']);
  const [AuthenticationCode1, AuthenticationCode2] = codes;
  const input = { ...ownerInput(person), SerialNumber: device.SerialNumber, AuthenticationCode1, AuthenticationCode2 };
  const enable = useAction(async () => {
    const answer = await iam('EnableMFADevice', input, asRootOf(person.accountId));
    notifySuccess(`Policies can ask ${person.name ?? 'the root'} for its codes now.`, 'MFA device added', { answer });
    onDone();
  });
  const { Size, Path } = device.QRCode;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete(codes)) void enable.run();
      }}
    >
      <Stack>
        <Group align="flex-start" gap="lg">
          <div className={classes.qr}>
            <svg
              viewBox={`0 0 ${Size} ${Size}`}
              role="img"
              aria-label="QR code of the secret"
              shapeRendering="crispEdges"
            >
              <path d={Path} fill="#000" />
            </svg>
          </div>
          <Stack gap="xs" flex="1 1 14rem">
            <Text>Scan it with an authenticator app. It is shown this once.</Text>
            <div>
              <Text size="sm" c="dimmed">
                Or type the secret in: time-based, six digits
              </Text>
              <Identifier value={device.Base32StringSeed} label={inGroups(device.Base32StringSeed)} whole />
            </div>
          </Stack>
        </Group>
        <Text>Then enter two codes that follow each other; a new one comes every 30 seconds.</Text>
        <TwoCodes value={codes} onChange={setCodes} />
        {enable.error ? <ErrorNotice error={enable.error} /> : null}
        <FormActions text="Add it" onCancel={onCancel} disabled={!complete(codes)} busy={enable.busy}>
          <ShowTwoCodes operation="EnableMFADevice" input={input} />
        </FormActions>
      </Stack>
    </form>
  );
}
