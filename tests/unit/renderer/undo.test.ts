import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { undoTogether } from '../../../src/renderer/features/keys/bulk/undo-together.ts';
import type { KeyDetail, KeyRow } from '../../../src/renderer/features/keys/model.ts';
import {
  undoEnable,
  undoPolicy,
  undoRotation,
  undoTagging,
  undoTags,
} from '../../../src/renderer/features/keys/undo.ts';
import type { Person } from '../../../src/renderer/features/people/model.ts';
import {
  putPolicy,
  undoLongestSession,
  undoPolicyDeleted,
  undoPolicySaved,
  undoTrust,
} from '../../../src/renderer/features/people/undo.ts';
import { changedSince, PartlyUndone, tagsBack, type Undo } from '../../../src/renderer/lib/undo.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { openTestBridge } from '../../support/bridge.ts';
import { ACCOUNT, REGION } from '../../support/engine.ts';
import { code, trust } from '../../support/iam.ts';
import { allow, policyOf } from '../../support/people.ts';

let t: Awaited<ReturnType<typeof openTestBridge>>;
beforeEach(async () => {
  t = await openTestBridge();
});
afterEach(() => {
  t.close();
  vi.unstubAllGlobals();
});

const watch = { signal: new AbortController().signal, onProgress: () => undefined };
const tag = (TagKey: string, TagValue: string) => ({ TagKey, TagValue });

describe('taking back what was done to a key', () => {
  let KeyId: string;
  beforeEach(async () => {
    KeyId = (await t.key()).id;
  });
  const key = (more: Partial<KeyDetail>) => ({ KeyId, Aliases: [], ...more }) as unknown as KeyDetail;
  const tags = async () => (await t.call('ListResourceTags', { KeyId })).Tags;

  it('puts tags back as they were, and no others', async () => {
    await t.call('TagResource', { KeyId, Tags: [tag('team', 'a'), tag('own', '1')] });
    const before = await tags();
    await t.call('UntagResource', { KeyId, TagKeys: ['own'] });
    await t.call('TagResource', { KeyId, Tags: [tag('team', 'b')] });
    const undo = undoTags(key({ Tags: before }), await tags(), REGION);
    await t.call('TagResource', { KeyId, Tags: [tag('since', 'x')] });
    await undo.run(watch);
    expect(new Set(await tags())).toEqual(new Set([...before, tag('since', 'x')]));
  });

  it('leaves tags that were changed again since', async () => {
    const given = await undoTagging(key({ TagCount: 0 }), [tag('team', 'a')], REGION);
    await t.call('TagResource', { KeyId, Tags: [tag('team', 'a')] });
    await t.call('TagResource', { KeyId, Tags: [tag('team', 'b')] });
    expect(await code(given.run(watch))).toBe('ChangedSince');
    expect(await tags()).toEqual([tag('team', 'b')]);
    const removed = undoTags(key({ Tags: [tag('gone', '1')] }), [], REGION);
    await t.call('TagResource', { KeyId, Tags: [tag('gone', '2')] });
    expect(await code(removed.run(watch))).toBe('ChangedSince');
  });

  it('puts the rotation back, unless it was set again since', async () => {
    const status = async () => {
      const { KeyRotationEnabled, RotationPeriodInDays } = await t.call('GetKeyRotationStatus', { KeyId });
      return [KeyRotationEnabled, RotationPeriodInDays];
    };
    const off = { RotationEnabled: false };
    const every = (days: number) => ({ RotationEnabled: true, RotationPeriodInDays: days });
    const rotate = (days: number) => t.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: days });
    await rotate(100);
    await rotate(200);
    expect(await code(undoRotation(key(off), every(100), REGION).run(watch))).toBe('ChangedSince');
    expect(await code(undoRotation(key(every(200)), off, REGION).run(watch))).toBe('ChangedSince');
    expect(await status()).toEqual([true, 200]);
    await undoRotation(key(every(100)), every(200), REGION).run(watch);
    expect(await status()).toEqual([true, 100]);
    await undoRotation(key(off), every(100), REGION).run(watch);
    expect((await status())[0]).toBe(false);
    await undoRotation(key(every(100)), off, REGION).run(watch);
    expect(await status()).toEqual([true, 100]);
  });

  it('puts a policy back, unless another was saved since', async () => {
    const before = defaultKeyPolicy(ACCOUNT);
    const now = JSON.stringify({ ...JSON.parse(before), Id: 'now' });
    await t.call('PutKeyPolicy', { KeyId, Policy: now });
    const undo = undoPolicy(key({}), before, now, REGION);
    await t.call('PutKeyPolicy', { KeyId, Policy: now.replace('now', 'since') });
    expect(await code(undo.run(watch))).toBe('ChangedSince');
    await t.call('PutKeyPolicy', { KeyId, Policy: now });
    await undo.run(watch);
    expect(JSON.parse((await t.call('GetKeyPolicy', { KeyId })).Policy)).toEqual(JSON.parse(before));
  });
});

describe('taking back what was done to a user or role', () => {
  const person = (kind: 'user' | 'role'): Person => ({
    kind,
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:${kind}/ann`,
    name: 'ann',
    id: null,
    created: null,
    tags: [],
    policies: [],
    accessKeys: 0,
    mfaDevices: 0,
  });
  const [one, two, three] = ['kms:Encrypt', 'kms:Decrypt', 'kms:Sign'].map((action) => policyOf(allow(action))) as [
    string,
    string,
    string,
  ];
  beforeEach(async () => {
    await t.iam('CreateUser', { UserName: 'ann' });
    await t.role('ann', trust(`arn:aws:iam::${ACCOUNT}:root`));
  });

  it.each(['user', 'role'] as const)('puts a policy of a %s back, unless another was saved since', async (kind) => {
    const ann = person(kind);
    const save = (PolicyDocument: string) => putPolicy(ann, { PolicyName: 'own', PolicyDocument });
    const saved = async () => {
      const { UserDetailList, RoleDetailList } = await t.iam('GetAccountAuthorizationDetails', {});
      const all = kind === 'user' ? UserDetailList[0]?.UserPolicyList : RoleDetailList[0]?.RolePolicyList;
      return (all ?? []).map(({ PolicyDocument }) => PolicyDocument);
    };
    const made = undoPolicySaved(ann, 'own', undefined, one);
    const changed = undoPolicySaved(ann, 'own', one, two);
    const deleted = undoPolicyDeleted(ann, { PolicyName: 'own', PolicyDocument: two });
    await save(three);
    for (const undo of [made, changed, deleted]) expect(await code(undo.run(watch)), undo.title).toBe('ChangedSince');
    expect(await saved()).toEqual([three]);
    await save(JSON.stringify(JSON.parse(two), null, 2));
    await changed.run(watch);
    expect(await saved()).toEqual([one]);
    await made.run(watch);
    expect(await saved()).toEqual([]);
    for (const undo of [made, changed]) expect(await code(undo.run(watch)), undo.title).toBe('ChangedSince');
    await deleted.run(watch);
    expect(await saved()).toEqual([two]);
  });

  it('does not open a trust policy again that was tightened since', async () => {
    const [wide, narrow, none] = ['*', `arn:aws:iam::${ACCOUNT}:root`, `arn:aws:iam::${ACCOUNT}:user/ann`].map((who) =>
      JSON.stringify(trust({ AWS: who })),
    ) as [string, string, string];
    const trusted = async () => (await t.iam('GetRole', { RoleName: 'ann' })).Role.AssumeRolePolicyDocument;
    const put = (PolicyDocument: string) => t.iam('UpdateAssumeRolePolicy', { RoleName: 'ann', PolicyDocument });
    const undo = undoTrust(person('role'), wide, narrow);
    await put(none);
    expect(await code(undo.run(watch))).toBe('ChangedSince');
    expect(await trusted()).toBe(none);
    await put(narrow);
    await undo.run(watch);
    expect(await trusted()).toBe(wide);
  });

  it('puts the longest session back, unless another was saved since', async () => {
    const longest = async () => (await t.iam('GetRole', { RoleName: 'ann' })).Role.MaxSessionDuration;
    const undo = undoLongestSession(person('role'), 3600, 7200);
    await t.iam('UpdateRole', { RoleName: 'ann', MaxSessionDuration: 10_800 });
    expect(await code(undo.run(watch))).toBe('ChangedSince');
    expect(await longest()).toBe(10_800);
    await t.iam('UpdateRole', { RoleName: 'ann', MaxSessionDuration: 7200 });
    await undo.run(watch);
    expect(await longest()).toBe(3600);
  });
});

it('takes tags back only where they are as they were left', () => {
  const before = [tag('a', '1'), tag('b', '1')];
  const after = [tag('a', '2'), tag('c', '1')];
  expect(tagsBack(before, after, [...after, tag('d', '1')])).toEqual({ put: before, remove: ['c'] });
  for (const now of [[tag('a', '3'), tag('c', '1')], [tag('a', '2')], [...after, tag('b', '2')], []])
    expect(() => tagsBack(before, after, now)).toThrow('changed again since');
});

describe('taking back what was done to several keys', () => {
  const row = (KeyId: string) => ({ KeyId, Aliases: [] }) as unknown as KeyRow;
  const result = (undo: Undo | undefined) => undo?.run(watch).catch((error: unknown) => error);

  it('goes on past those that refuse, names them, and has a way back for the rest', async () => {
    const keys = await Promise.all(Array.from({ length: 12 }, async () => row((await t.key()).id)));
    const done = keys.map((key) => ({ key, undo: undoEnable(key, REGION) }));
    const [gone, ...others] = keys as [KeyRow, ...KeyRow[]];
    await t.call('ScheduleKeyDeletion', { KeyId: gone.KeyId });
    const state = async ({ KeyId }: KeyRow) => (await t.call('DescribeKey', { KeyId })).KeyMetadata.KeyState;
    const error = await result(undoTogether('Disable again', done));
    expect(error).toBeInstanceOf(PartlyUndone);
    const { message, rest } = error as PartlyUndone;
    expect(message).toContain('Disable again: done for 11 of 12 keys.');
    expect(message).toContain('is pending deletion.');
    expect(new Set(await Promise.all(others.map(state)))).toEqual(new Set(['Disabled']));
    expect(rest?.title).toBe('Disable again: 1 key');
    await t.call('CancelKeyDeletion', { KeyId: gone.KeyId });
    await t.call('EnableKey', { KeyId: gone.KeyId });
    await result(rest ?? undefined);
    expect(await state(gone)).toBe('Disabled');
  });

  it('does not try again what was changed since, and stops when told to', async () => {
    const tries: string[] = [];
    const stop = new AbortController();
    const undoable = (name: string, run: () => void) => ({
      key: row(name),
      undo: {
        title: name,
        run: async () => {
          tries.push(name);
          run();
        },
      },
    });
    const changed = await result(undoTogether('Put back', [undoable('a', () => changedSince('It'))]));
    expect((changed as PartlyUndone).rest).toBeNull();
    tries.length = 0;
    const many = Array.from({ length: 40 }, (_, index) => undoable(`${index}`, () => stop.abort()));
    const stopped = undoTogether('Put back', many)?.run({ ...watch, signal: stop.signal });
    const left = (await stopped?.catch((error: unknown) => error)) as PartlyUndone;
    expect(tries.length).toBeLessThan(40);
    expect(left.rest?.title).toBe(`Put back: ${40 - tries.length} keys`);
  });

  it('is offered only when each can be', () => {
    const undo = undoEnable(row('a'), REGION);
    expect(
      undoTogether('Disable again', [
        { key: row('a'), undo },
        { key: row('b'), undo: null },
      ]),
    ).toBeUndefined();
    expect(undoTogether('Disable again', [])).toBeUndefined();
  });
});
