import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hotp, stepAt } from '../../../src/main/crypto/totp.ts';
import { ACCOUNT } from '../../support/engine.ts';
import { code, fromBase32, openTestPeople, policy, type TestPeople } from '../../support/iam.ts';
import { refusalOf } from '../../support/vault.ts';

const MINUTE = 60_000;

let t: TestPeople;
beforeEach(async () => {
  t = await openTestPeople();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

type Device = Awaited<ReturnType<TestPeople['device']>>;

/** Proves a code as GetSessionToken takes it: `ok`, or the refusal's message. */
const prove = ({ serialNumber }: Device, TokenCode: string) =>
  t.sts.getSessionToken(t.caller, { SerialNumber: serialNumber, TokenCode }).then(
    () => 'ok',
    (error: Error) => error.message,
  );
const WRONG = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';
/** A code that none of the steps near now has. */
const wrongFor = ({ shows }: Device) =>
  ['000000', '111111', '222222', '333333', '444444'].find((each) =>
    [-2, -1, 0, 1, 2].every((steps) => shows(steps) !== each),
  ) as string;

describe('a virtual device', () => {
  it('tells its seed once, as text, as a URI and as a QR code', async () => {
    const { VirtualMFADevice: made } = await t.iam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' });
    expect(made.SerialNumber).toBe(`arn:aws:iam::${ACCOUNT}:mfa/phone`);
    expect(made.Base32StringSeed).toMatch(/^[A-Z2-7]{32}$/);
    expect(made.OtpauthUri).toContain(`secret=${made.Base32StringSeed}`);
    expect(made.QRCode.Size).toBeGreaterThan(21 + 8);
    expect(made.QRCode.Path).toMatch(/^(M\d+ \d+h1v1h-1z)+$/);
    const listed = await t.iam('ListVirtualMFADevices', {});
    expect(listed).toEqual({ VirtualMFADevices: [{ SerialNumber: made.SerialNumber }] });
    const [row] = t.store.db.all<{ sealed: Uint8Array }>('SELECT * FROM mfa_devices');
    expect(JSON.stringify({ ...row, sealed: Buffer.from(row?.sealed ?? []).toString('latin1') })).not.toContain(
      made.Base32StringSeed,
    );
    const again = t.iam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' });
    expect(await code(again)).toBe('EntityAlreadyExistsException');
  });

  it('becomes somebody’s by two codes that follow each other, once', async () => {
    await t.user('ann');
    const { VirtualMFADevice: made } = await t.iam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' });
    const shows = (steps: number) => hotp(fromBase32(made.Base32StringSeed), stepAt(t.clock.now()) + steps);
    const enable = (AuthenticationCode1: string, AuthenticationCode2: string) =>
      code(
        t.iam('EnableMFADevice', {
          UserName: 'ann',
          SerialNumber: made.SerialNumber,
          AuthenticationCode1,
          AuthenticationCode2,
        }),
      );
    const invalid = 'InvalidAuthenticationCodeException';
    expect(await enable(shows(0), shows(0))).toBe(invalid);
    expect(await enable(shows(0), shows(-1))).toBe(invalid);
    expect(await enable(shows(-9), shows(-8))).toBe(invalid);
    expect(await enable('12345', shows(0))).toBe('ValidationException');
    expect(await enable(shows(-1), shows(0))).toBe('ok');
    expect(await enable(shows(0), shows(1))).toBe('EntityAlreadyExistsException');
    expect((await t.iam('ListMFADevices', { UserName: 'ann' })).MFADevices).toMatchObject([
      { UserName: 'ann', SerialNumber: made.SerialNumber },
    ]);
    expect((await t.iam('ListVirtualMFADevices', { AssignmentStatus: 'Assigned' })).VirtualMFADevices).toMatchObject([
      { UserArn: `arn:aws:iam::${ACCOUNT}:user/ann` },
    ]);
  });

  it('is taken away and removed in this order, and another’s is out of reach', async () => {
    await t.user('ann');
    const { serialNumber } = await t.device('ann');
    const remove = () => code(t.iam('DeleteVirtualMFADevice', { SerialNumber: serialNumber }));
    const take = (UserName: string) => code(t.iam('DeactivateMFADevice', { UserName, SerialNumber: serialNumber }));
    await t.user('bob');
    expect(await remove()).toBe('DeleteConflictException');
    expect(await take('bob')).toBe('NoSuchEntityException');
    expect(await take('ann')).toBe('ok');
    expect(await take('ann')).toBe('NoSuchEntityException');
    expect(await remove()).toBe('ok');
    expect(await remove()).toBe('NoSuchEntityException');
  });

  it('of the vault’s owner is given up only with a second factor, one of another root by the owner', async () => {
    const { serialNumber: SerialNumber } = await t.device();
    expect(await code(t.iam('DeactivateMFADevice', { SerialNumber }))).toBe('AccessDeniedException');
    const admin = await t.user('admin', policy('*'));
    expect(await code(t.iam('DeactivateMFADevice', { SerialNumber }, admin))).toBe('NoSuchEntityException');
    const proven = { tokenIssuedAt: t.clock.now(), mfaAt: t.clock.now() };
    expect(await code(t.iam('DeactivateMFADevice', { SerialNumber }, proven))).toBe('ok');
  });
});

describe('a code', () => {
  it('counts in its own step and the ones beside it, once, and none before it afterwards', async () => {
    const device = await t.device();
    for (const steps of [-2, 2]) expect(await prove(device, device.shows(steps))).toBe(WRONG);
    expect(await prove(device, device.shows(0))).toBe('ok');
    expect(await prove(device, device.shows(0))).toBe(WRONG);
    expect(await prove(device, device.shows(-1))).toBe(WRONG);
    expect(await prove(device, device.shows(1))).toBe('ok');
    t.clock.time += MINUTE;
    expect(await prove(device, device.shows(-1))).toMatch(WRONG);
  });

  it('is nobody else’s', async () => {
    await t.user('ann');
    const device = await t.device('ann');
    expect(await prove(device, device.shows(0))).toMatch(/unable to validate MFA code/);
  });

  it('after five wrong ones in a row waits a minute, then twice as long each time, an hour at most', async () => {
    const device = await t.device();
    for (let n = 0; n < 4; n++) expect(await prove(device, wrongFor(device))).toBe(WRONG);
    // A right one clears the count.
    expect(await prove(device, device.shows(0))).toBe('ok');
    for (let n = 0; n < 5; n++) expect(await prove(device, wrongFor(device))).toBe(WRONG);
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      t.clock.time += minutes * MINUTE - 1;
      // The right code is not even looked at.
      expect(await prove(device, device.shows(0))).toMatch(/the device takes the next one in 1 s\.$/);
      t.clock.time += 1;
      expect(await prove(device, wrongFor(device))).toBe(WRONG);
    }
    const error = await refusalOf(
      t.sts.getSessionToken(t.caller, { SerialNumber: device.serialNumber, TokenCode: '000000' }),
    );
    expect(error.message).toMatch(/in 60 minutes\.$/);
    expect(error.details.lockedUntil).toBe(t.clock.now() + 60 * MINUTE);
    t.clock.time += 60 * MINUTE;
    expect(await prove(device, device.shows(0))).toBe('ok');
  });

  it('is waited for no longer than an hour, whatever the clock was when the last wrong one came', async () => {
    const device = await t.device();
    t.clock.advanceDays(1);
    for (let n = 0; n < 5; n++) expect(await prove(device, wrongFor(device))).toBe(WRONG);
    t.clock.advanceDays(-1);
    expect(await prove(device, device.shows(0))).toBe('ok');
  });

  it('is known by two that follow each other after this computer’s clock was ahead', async () => {
    const device = await t.device();
    t.clock.advanceDays(1);
    expect(await prove(device, device.shows(0))).toBe('ok');
    t.clock.advanceDays(-1);
    expect(await prove(device, device.shows(0))).toBe(WRONG);
    const resync = (first: string, second: string) =>
      code(
        t.iam('ResyncMFADevice', {
          SerialNumber: device.serialNumber,
          AuthenticationCode1: first,
          AuthenticationCode2: second,
        }),
      );
    expect(await resync(device.shows(-1), device.shows(1))).toBe('InvalidAuthenticationCodeException');
    expect(await resync(device.shows(-1), device.shows(0))).toBe('ok');
    expect(await resync(device.shows(-1), device.shows(0))).toBe('InvalidAuthenticationCodeException');
    expect(await prove(device, device.shows(1))).toBe('ok');
  });
});

it('a seed opens only as the one of its own device', async () => {
  const first = await t.device(undefined, 'first');
  const second = await t.device(undefined, 'second');
  const [{ sealed }] = t.store.db.all<{ sealed: Uint8Array }>('SELECT sealed FROM mfa_devices WHERE serial = ?', [
    second.serialNumber,
  ]) as [{ sealed: Uint8Array }];
  await t.store.transact((tx) =>
    tx.run('UPDATE mfa_devices SET sealed = ? WHERE serial = ?', [sealed, first.serialNumber]),
  );
  expect(
    await code(t.sts.getSessionToken(t.caller, { SerialNumber: first.serialNumber, TokenCode: second.shows() })),
  ).toBe('VaultDamaged');
});
