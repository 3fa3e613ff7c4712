import { createAccess } from '../../src/main/access/services.ts';
import { hotp, stepAt } from '../../src/main/crypto/totp.ts';
import type { CallerFacts } from '../../src/main/policy/call-facts.ts';
import { systemRandom } from '../../src/main/system.ts';
import type { IamInput, IamOperationName } from '../../src/shared/iam/operations.ts';
import { iamOperations } from '../../src/shared/iam/operations.ts';
import { ACCOUNT, openTestEngine } from './engine.ts';

/** People over the engine's vault in memory; calls are the owner's unless another caller is given. */
export async function openTestPeople() {
  const t = await openTestEngine();
  const environment = { clock: t.clock, random: systemRandom() };
  const access = createAccess({
    store: t.store,
    audit: t.audit,
    environment,
    ownerAccount: ACCOUNT,
    onRecord: undefined,
  });
  async function iam<N extends IamOperationName>(name: N, input: IamInput<N>, as: Partial<CallerFacts> = {}) {
    const output = await access.people.call({ ...t.caller, ...as }, name, input);
    iamOperations[name].output.parse(output);
    return output;
  }
  return {
    ...t,
    ...access,
    iam,
    /** A user with a policy, as a caller. */
    async user(name: string, policy?: object): Promise<CallerFacts> {
      const { User } = await iam('CreateUser', { UserName: name });
      if (policy)
        await iam('PutUserPolicy', { UserName: name, PolicyName: 'p', PolicyDocument: JSON.stringify(policy) });
      return { ...t.caller, principalArn: User.Arn, userId: User.UserId };
    },
    role: async (name: string, trust: object, policy?: object) => {
      const { Role } = await iam('CreateRole', { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) });
      if (policy)
        await iam('PutRolePolicy', { RoleName: name, PolicyName: 'p', PolicyDocument: JSON.stringify(policy) });
      return Role;
    },
    /** An active MFA device of a user, or of the root; answers what it shows. */
    async device(userName?: string, name = userName ?? 'root') {
      const { VirtualMFADevice } = await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: name });
      const seed = fromBase32(VirtualMFADevice.Base32StringSeed);
      const shows = (steps = 0) => hotp(seed, stepAt(t.clock.now()) + steps);
      await iam('EnableMFADevice', {
        ...(userName === undefined ? {} : { UserName: userName }),
        SerialNumber: VirtualMFADevice.SerialNumber,
        AuthenticationCode1: shows(-1),
        AuthenticationCode2: shows(),
      });
      // The next code is a new one.
      t.clock.time += 60_000;
      return { serialNumber: VirtualMFADevice.SerialNumber, seed: VirtualMFADevice.Base32StringSeed, shows };
    },
    /** The newest records, the newest first, as `name error`. */
    async told(count: number) {
      return (await t.events(count)).map(({ EventName, ErrorCode }) => `${EventName} ${ErrorCode ?? 'ok'}`);
    },
  };
}

export type TestPeople = Awaited<ReturnType<typeof openTestPeople>>;

/** The code of the error a call is refused with; `ok` when it is not. */
export const code = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );

/** A policy of one statement; an identity's unless it is said whom it means. */
export const policy = (action: string | string[], more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*', ...more }],
});

/** Whom a role trusts. */
export const trust = (principal: string | object, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: typeof principal === 'string' ? { AWS: principal } : principal,
      Action: 'sts:AssumeRole',
      ...more,
    },
  ],
});

export function fromBase32(text: string): Uint8Array {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
