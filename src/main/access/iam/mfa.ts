import { encode } from 'uqr';
import { mfaArn } from '../../../shared/iam/arn.ts';
import type { IamInput } from '../../../shared/iam/operations.ts';
import { KmsError } from '../../../shared/kms/errors.ts';
import { type MfaDevice, requireCode } from '../mfa.ts';
import { type IamCall, type IamOperation, onSubject, operation, subject } from './operation.ts';

const noSuchDevice = (serialNumber: string) =>
  new KmsError('NoSuchEntityException', `MFA Device with serial number ${serialNumber} does not exist.`);

/** The device of that number in the caller's account. @throws KmsError `NoSuchEntityException` */
function deviceOf({ tx, caller, mfa }: IamCall, serialNumber: string): MfaDevice {
  const device = mfa.find(tx, serialNumber);
  if (device?.accountId !== caller.accountId) throw noSuchDevice(serialNumber);
  return device;
}

/** The active device of that number of one owner. @throws KmsError `NoSuchEntityException` */
function ownDeviceOf(call: IamCall, userName: string | undefined, serialNumber: string): MfaDevice {
  const device = call.mfa.ofOwner(call.tx, subject(call, userName)).find((each) => each.serialNumber === serialNumber);
  if (!device) throw noSuchDevice(serialNumber);
  return device;
}

/** Checks two codes that follow each other. @throws KmsError `InvalidAuthenticationCodeException` */
function requireCodes(call: IamCall, input: IamInput<'EnableMFADevice'>): void {
  const { SerialNumber, AuthenticationCode1, AuthenticationCode2 } = input;
  const checked = call.mfa.check(call, SerialNumber, AuthenticationCode1, AuthenticationCode2);
  requireCode(checked, call.now, (because) => [
    'InvalidAuthenticationCodeException',
    because ?? 'Authentication code for device is not valid.',
  ]);
}

/** A text as a QR code: an SVG path with a square of one unit for each dark module, the quiet zone around it. */
function qrCode(text: string) {
  const { size, data } = encode(text, { ecc: 'M', border: 4 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { Size: size, Path: squares.join('') };
}

export const mfaOperations: readonly IamOperation[] = [
  operation<'CreateVirtualMFADevice'>({
    name: 'CreateVirtualMFADevice',
    readOnly: false,
    needs: ({ caller }, { VirtualMFADeviceName, Path = '/' }) => ({
      resource: mfaArn(caller.accountId, Path, VirtualMFADeviceName),
    }),
    run(call, { VirtualMFADeviceName, Path = '/' }) {
      const { serialNumber, seed, uri } = call.mfa.create(call, call.caller.accountId, Path, VirtualMFADeviceName);
      return {
        VirtualMFADevice: {
          SerialNumber: serialNumber,
          Base32StringSeed: seed,
          OtpauthUri: uri,
          QRCode: qrCode(uri),
        },
      };
    },
    audit: {
      request: ['VirtualMFADeviceName', 'Path'],
      response: ({ VirtualMFADevice }) => ({ virtualMFADevice: { serialNumber: VirtualMFADevice.SerialNumber } }),
    },
  }),
  operation<'EnableMFADevice'>({
    name: 'EnableMFADevice',
    readOnly: false,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, input) {
      const owner = subject(call, input.UserName);
      const { serialNumber, enabledAt } = deviceOf(call, input.SerialNumber);
      if (enabledAt !== null)
        throw new KmsError('EntityAlreadyExistsException', `MFA Device ${serialNumber} is already in use.`);
      requireCodes(call, input);
      call.mfa.assign(call, serialNumber, owner);
      return {};
    },
    audit: { request: ['UserName', 'SerialNumber'] },
  }),
  operation<'ResyncMFADevice'>({
    name: 'ResyncMFADevice',
    readOnly: false,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, input) {
      ownDeviceOf(call, input.UserName, input.SerialNumber);
      requireCodes(call, input);
      return {};
    },
    audit: { request: ['UserName', 'SerialNumber'] },
  }),
  operation<'DeactivateMFADevice'>({
    name: 'DeactivateMFADevice',
    readOnly: false,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, { UserName, SerialNumber }) {
      const { userName } = ownDeviceOf(call, UserName, SerialNumber);
      const { caller, ownerAccount } = call;
      // Nobody stands above the vault's owner; what opens the vault does.
      if (userName === null && caller.accountId === ownerAccount && caller.mfaAt === undefined)
        throw new KmsError(
          'AccessDeniedException',
          "Prove a code of an MFA device first. When the vault's owner has lost it, the vault's passphrase or recovery code removes it.",
        );
      call.mfa.unassign(call.tx, SerialNumber);
      return {};
    },
    audit: { request: ['UserName', 'SerialNumber'] },
  }),
  operation<'DeleteVirtualMFADevice'>({
    name: 'DeleteVirtualMFADevice',
    readOnly: false,
    needs: (_call, { SerialNumber }) => ({ resource: SerialNumber }),
    run(call, { SerialNumber }) {
      if (deviceOf(call, SerialNumber).enabledAt !== null)
        throw new KmsError('DeleteConflictException', 'MFA device is currently in use: deactivate it first.');
      call.mfa.remove(call.tx, SerialNumber);
      return {};
    },
    audit: { request: ['SerialNumber'] },
  }),
  operation<'ListMFADevices'>({
    name: 'ListMFADevices',
    readOnly: true,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run: (call, { UserName }) => ({
      MFADevices: call.mfa.ofOwner(call.tx, subject(call, UserName)).map(({ userName, serialNumber, enabledAt }) => ({
        ...(userName === null ? {} : { UserName: userName }),
        SerialNumber: serialNumber,
        EnableDate: new Date(enabledAt ?? 0),
      })),
    }),
    audit: { request: ['UserName'] },
  }),
  operation<'ListVirtualMFADevices'>({
    name: 'ListVirtualMFADevices',
    readOnly: true,
    needs: ({ caller }) => ({ resource: mfaArn(caller.accountId, '/', '') }),
    run: ({ tx, caller, mfa }, { AssignmentStatus = 'Any' }) => ({
      VirtualMFADevices: mfa
        .list(tx, caller.accountId)
        .filter(
          ({ enabledAt }) => AssignmentStatus === 'Any' || (enabledAt !== null) === (AssignmentStatus === 'Assigned'),
        )
        .map(({ serialNumber, enabledAt, ownerArn }) => ({
          SerialNumber: serialNumber,
          ...(enabledAt === null ? {} : { EnableDate: new Date(enabledAt) }),
          ...(ownerArn === null ? {} : { UserArn: ownerArn }),
        })),
    }),
    audit: { request: ['AssignmentStatus'] },
  }),
];
