import { describe, expect, it } from 'vitest';
import { answerSts } from '../../../src/main/endpoint/sts.ts';
import { Throttle } from '../../../src/main/endpoint/throttle.ts';
import type { Authenticated } from '../../../src/main/endpoint/types.ts';
import { ACCOUNT, REGION, ROOT } from '../../support/engine.ts';
import { refusalOf } from '../../support/vault.ts';

const CREDENTIALS = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'a+/b',
  sessionToken: 'dG9rZW4+/w==',
  expiresAt: Date.UTC(2026, 0, 1, 12),
};

/** Answers a form; tells what the service was asked. */
function ask(form: string, quotas = {}) {
  const asked: unknown[] = [];
  const note = async (...given: unknown[]) => {
    asked.push(given);
    return { output: { ...CREDENTIALS, arn: 'arn:<&>', userId: 'AROA:x' }, requestId: 'a-record' };
  };
  const authenticated = {
    request: { headers: new Map(), body: Buffer.from(form) },
    served: { sts: { assumeRole: note, getSessionToken: note } },
    credential: { accessKeyId: 'AKIA', date: '20260101', region: REGION, service: 'sts' },
    key: { secret: 's', principalArn: ROOT, accountId: ACCOUNT, userId: ACCOUNT },
    sourceIp: '127.0.0.1',
    userAgent: 'test',
  } as unknown as Authenticated;
  return { asked, reply: answerSts(authenticated, new Throttle({ now: () => 0 }, quotas)) };
}

describe('the Query protocol of STS', () => {
  it('answers whose credentials they are', async () => {
    const { status, type, body } = await ask('Action=GetCallerIdentity&Version=2011-06-15').reply;
    expect([status, type]).toEqual([200, 'text/xml']);
    expect(body).toContain(
      `<GetCallerIdentityResult><Arn>${ROOT}</Arn><UserId>${ACCOUNT}</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult>`,
    );
  });

  it('answers temporary credentials under the id of their record, every text escaped', async () => {
    const { asked, reply } = ask('Action=AssumeRole&RoleArn=r%26%3D&DurationSeconds=900&ExternalId=&Version=x');
    const { body, requestId } = await reply;
    expect(requestId).toBe('a-record');
    expect(body).toContain('<Expiration>2026-01-01T12:00:00Z</Expiration>');
    expect(body).toContain('<Arn>arn:&#60;&#38;&#62;</Arn>');
    expect(asked).toEqual([
      [
        {
          principalArn: ROOT,
          accountId: ACCOUNT,
          userId: ACCOUNT,
          region: REGION,
          sourceIp: '127.0.0.1',
          userAgent: 'test',
          secureTransport: false,
        },
        { Action: 'AssumeRole', RoleArn: 'r&=', DurationSeconds: 900, Version: 'x' },
      ],
    ]);
  });

  it('leaves what is no number as it is, to be refused', async () => {
    const { asked, reply } = ask('Action=GetSessionToken&DurationSeconds=1e3&__proto__=x');
    await reply;
    expect(asked).toMatchObject([[{}, { DurationSeconds: '1e3' }]]);
  });

  it.each([
    ['no action', '', 'InvalidAction'],
    ['an operation there is not', 'Action=GetFederationToken', 'InvalidAction'],
    ['a name every object has', 'Action=constructor', 'InvalidAction'],
    ['a parameter twice', 'Action=AssumeRole&RoleArn=a&RoleArn=b', 'ValidationException'],
  ])('refuses %s', async (_what, form, code) => {
    const { asked, reply } = ask(form);
    expect((await refusalOf(reply)).code).toBe(code);
    expect(asked).toEqual([]);
  });

  it('has a quota', async () => {
    const { reply } = ask('Action=GetCallerIdentity', { management: 0 });
    expect((await refusalOf(reply)).code).toBe('ThrottlingException');
  });
});
