import { afterEach, expect, it, vi } from 'vitest';
import {
  allRetirableGrants,
  type Grant,
  granteeLabel,
  mayRetire,
  retiringNames,
} from '../../../src/renderer/features/keys/grants/grants.ts';
import { decodeWire, encodeWire } from '../../../src/shared/wire.ts';

const iam = (resource: string) => `arn:aws:iam::111122223333:${resource}`;
const grant: Grant = {
  KeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
  GrantId: 'g',
  Name: '',
  CreationDate: new Date(0),
  GranteePrincipal: iam('user/team/ann'),
  RetiringPrincipal: iam('role/Janitor'),
  IssuingAccount: iam('root'),
  Operations: ['Decrypt'],
};
const session = 'arn:aws:sts::111122223333:assumed-role/Janitor/coffer';

it('lets a grant be retired by whom it names, a grantee it allows it, and the root of whose account made it', () => {
  const who = [
    iam('root'),
    session,
    iam('role/Janitor'),
    iam('user/team/ann'),
    iam('user/bob'),
    'arn:aws:iam::444455556666:root',
  ];
  expect(who.filter((arn) => mayRetire(grant, arn))).toEqual([iam('root'), session, iam('role/Janitor')]);
  const own: Grant = { ...grant, Operations: ['RetireGrant'] };
  expect(mayRetire(own, iam('user/team/ann'))).toBe(true);
  // Names are unique whatever the path.
  expect(mayRetire(own, iam('user/other/ann'))).toBe(true);
  const { RetiringPrincipal: _none, ...unnamed } = grant;
  expect(mayRetire(unnamed, session)).toBe(false);
});

it('names a session by its role, and a grantee without its account', () => {
  expect(retiringNames(session)).toEqual([iam('role/Janitor'), session]);
  expect(retiringNames(iam('user/team/ann'))).toEqual([iam('user/team/ann')]);
  expect(granteeLabel(grant)).toBe('user/team/ann');
  const { GranteePrincipal: _person, ...service } = grant;
  expect(granteeLabel({ ...service, GranteeServicePrincipal: 's3.amazonaws.com' })).toBe('s3.amazonaws.com');
});

/** A main process that has these grants by the ARN that they name, and refuses all other ARNs. */
function answering(grants: Readonly<Record<string, readonly Grant[]>>): void {
  const answer = (wire: string) => {
    const { input } = decodeWire(wire) as { input: { RetiringPrincipal: string } };
    const Grants = grants[input.RetiringPrincipal];
    if (Grants) return { ok: true, value: { Grants, Truncated: false } };
    return { ok: false, error: { code: 'AccessDeniedException', message: input.RetiringPrincipal } };
  };
  vi.stubGlobal('window', {
    coffer: { invoke: (_name: string, wire: string) => Promise.resolve(encodeWire(answer(wire))) },
  });
}

afterEach(() => vi.unstubAllGlobals());

it('finds the grants that name a session by its role, and those that name the session itself', async () => {
  const ofRole = { ...grant, GrantId: 'of the role' };
  const ofSession = { ...grant, GrantId: 'of the session', RetiringPrincipal: session };
  answering({ [iam('role/Janitor')]: [ofRole], [session]: [ofSession] });
  expect(await allRetirableGrants(session, 'eu-central-1')).toEqual({ grants: [ofRole, ofSession] });
  answering({ [iam('role/Janitor')]: [ofRole] });
  const part = await allRetirableGrants(session, 'eu-central-1');
  expect(part).toMatchObject({ grants: [ofRole], refused: { code: 'AccessDeniedException', message: session } });
  answering({});
  await expect(allRetirableGrants(session, 'eu-central-1')).rejects.toMatchObject({ message: iam('role/Janitor') });
});
