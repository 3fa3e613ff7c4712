import { z } from 'zod';
import { accessKeyId, mfaCode, name, nothing, path, serialNumber } from './members.ts';

const status = z.enum(['Active', 'Inactive']);
/** Whose it is: a user, or without a name the caller; the account's root when that is the caller. */
const owner = { UserName: name.optional() };

export const accessKeys = {
  /** The secret is answered this once. */
  CreateAccessKey: {
    input: z.object(owner),
    output: z.strictObject({
      AccessKey: z.strictObject({
        UserName: z.string().optional(),
        AccessKeyId: z.string(),
        Status: status,
        SecretAccessKey: z.string(),
        CreateDate: z.date(),
      }),
    }),
  },
  ListAccessKeys: {
    input: z.object(owner),
    output: z.strictObject({
      AccessKeyMetadata: z.array(
        z.strictObject({
          UserName: z.string().optional(),
          AccessKeyId: z.string(),
          Status: status,
          CreateDate: z.date(),
          /** To the minute; AWS answers it by GetAccessKeyLastUsed. */
          LastUsedDate: z.date().optional(),
        }),
      ),
    }),
  },
  UpdateAccessKey: { input: z.object({ ...owner, AccessKeyId: accessKeyId, Status: status }), output: nothing },
  DeleteAccessKey: { input: z.object({ ...owner, AccessKeyId: accessKeyId }), output: nothing },
};

const device = z.strictObject({
  UserName: z.string().optional(),
  SerialNumber: z.string(),
  EnableDate: z.date(),
});

const twoCodes = z.object({
  ...owner,
  SerialNumber: serialNumber,
  AuthenticationCode1: mfaCode,
  AuthenticationCode2: mfaCode,
});

export const mfa = {
  /** Makes a virtual device that belongs to nobody yet. Its seed is answered this once, as text and as an otpauth:// URI. */
  CreateVirtualMFADevice: {
    input: z.object({ VirtualMFADeviceName: name, Path: path.optional() }),
    output: z.strictObject({
      VirtualMFADevice: z.strictObject({
        SerialNumber: z.string(),
        Base32StringSeed: z.string(),
        OtpauthUri: z.string(),
        /** The URI as a QR code: an SVG path of unit squares in a square of `Size`, its quiet zone included. */
        QRCode: z.strictObject({ Size: z.number(), Path: z.string() }),
      }),
    }),
  },
  /** Two codes that follow each other. */
  EnableMFADevice: {
    input: twoCodes,
    output: nothing,
  },
  /** Two codes that follow each other, after the device and this computer had different times. */
  ResyncMFADevice: {
    input: twoCodes,
    output: nothing,
  },
  DeactivateMFADevice: { input: z.object({ ...owner, SerialNumber: serialNumber }), output: nothing },
  /** Refused with `DeleteConflictException` while it is active. */
  DeleteVirtualMFADevice: { input: z.object({ SerialNumber: serialNumber }), output: nothing },
  ListMFADevices: { input: z.object(owner), output: z.strictObject({ MFADevices: z.array(device) }) },
  ListVirtualMFADevices: {
    input: z.object({ AssignmentStatus: z.enum(['Assigned', 'Unassigned', 'Any']).optional() }),
    output: z.strictObject({
      VirtualMFADevices: z.array(
        z.strictObject({
          SerialNumber: z.string(),
          EnableDate: z.date().optional(),
          /** Whose it is: the ARN of a user, or of an account's root. */
          UserArn: z.string().optional(),
        }),
      ),
    }),
  },
};
