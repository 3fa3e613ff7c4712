import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CallForEach,
  IDS_FILE,
  type ShownCall,
  toCli,
  toCliForEach,
  toSdk,
  toSdkForEach,
} from '../../src/renderer/lib/show-as.ts';
import { type NpmServe, npmServe } from './support/npm-serve.ts';
import {
  AWKWARD,
  asSent,
  KEY,
  listening,
  policy,
  REGION,
  ROLE,
  runNode,
  runShell,
  shownInFolder,
  writeInFolder,
} from './support/shown.ts';

/** What the window shows of several calls, run as one pastes it. */

shownInFolder();

describe('calls that belong together are made', () => {
  const listener = listening();
  const together: ShownCall[] = [
    { operation: 'PutKeyPolicy', input: { KeyId: KEY, PolicyName: 'default', Policy: policy(AWKWARD) } },
    { operation: 'UntagResource', input: { KeyId: KEY, TagKeys: ['-x', 'two words'] } },
    { operation: 'AssumeRole', input: { RoleArn: ROLE, RoleSessionName: 'my-session' }, service: 'sts' },
    { operation: 'TagResource', input: { KeyId: KEY, Tags: [{ TagKey: AWKWARD, TagValue: '' }] } },
  ];
  const inOrder = together.map(({ operation, input, service = 'kms' }) => ({
    operation,
    input: asSent(service, input),
  }));

  it('in their order by the AWS CLI', async () => {
    const other: ShownCall = { operation: 'DeleteUser', input: { UserName: 'ada' }, service: 'iam' };
    await runShell(toCli([...together, other], { region: REGION }), listener.url, listener.env);
    expect(listener.arrived.splice(0)).toEqual([...inOrder, { operation: 'DeleteUser', input: { UserName: 'ada' } }]);
  });

  it('in their order by the SDK, with a client for each service', async () => {
    await runNode(toSdk(together, { region: REGION }), listener.url, listener.env);
    expect(listener.arrived.splice(0)).toEqual(inOrder);
  });

  it('at an endpoint that is not AWS, where one is named', async () => {
    const nowhere = 'http://127.0.0.1:9';
    const calls = together.slice(2, 3);
    const place = { region: REGION, endpoint: listener.url };
    await runShell(toCli(calls, place), nowhere, listener.env);
    await runNode(toSdk(calls, place), nowhere, listener.env);
    expect(listener.arrived.splice(0)).toEqual([inOrder[2], inOrder[2]]);
  });
});

describe.each([
  [
    'AWS CLI',
    (each: CallForEach, { url, env }: NpmServe) => runShell(toCliForEach(each, { region: REGION }), url, env),
  ],
  ['SDK', (each: CallForEach, { url, env }: NpmServe) => runNode(toSdkForEach(each, { region: REGION }), url, env)],
])('the same is done to each key by the %s, and what one refuses keeps none of the others', (_way, shown) => {
  let serve: NpmServe;
  let client: KMSClient;
  // It may have to build first.
  beforeAll(async () => {
    serve = await npmServe();
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = serve.env;
    client = new KMSClient({ endpoint: serve.url, region: REGION, credentials: { accessKeyId, secretAccessKey } });
  }, 300_000);
  afterAll(async () => {
    client?.destroy();
    await serve?.stop();
  });

  /** Makes keys; the one between them is none that there is. */
  async function keys(before: number, behind: number) {
    const make = async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? '';
    const made = await Promise.all(Array.from({ length: before + behind }, make));
    const keyIds = [...made.slice(0, before), KEY, ...made.slice(before)];
    return {
      made,
      each: (operation: string, input: CallForEach['input'] = {}, ids = keyIds) =>
        shown({ operation, keyIds: ids, input }, serve),
      states: async () => {
        const found = await Promise.all(made.map((KeyId) => client.send(new DescribeKeyCommand({ KeyId }))));
        return [...new Set(found.map(({ KeyMetadata }) => KeyMetadata?.KeyState))];
      },
      tags: async () => {
        const found = await Promise.all(made.map((KeyId) => client.send(new ListResourceTagsCommand({ KeyId }))));
        return found.map(({ Tags }) => Tags);
      },
      rotations: async () => {
        const found = await Promise.all(made.map((KeyId) => client.send(new GetKeyRotationStatusCommand({ KeyId }))));
        return [
          ...new Set(found.map(({ KeyRotationEnabled, RotationPeriodInDays: days }) => KeyRotationEnabled && days)),
        ];
      },
    };
  }

  const Tags = [
    { TagKey: '-x', TagValue: 'a=b c@d 日本' },
    { TagKey: 'two words', TagValue: 'file' },
  ];

  it('of more keys than one reads, from a file', { timeout: 300_000 }, async () => {
    const { each, states, made } = await keys(1, 1);
    // As copied, and as an editor may leave it; the text is the same however many there are.
    writeInFolder(IDS_FILE, `${made[0]}\n${KEY}\n${made[1]}`);
    await each(
      'DisableKey',
      {},
      Array.from({ length: 101 }, (_, i) => `key-${i}`),
    );
    expect(await states()).toEqual(['Disabled']);
  });

  it('of few keys', { timeout: 300_000 }, async () => {
    const { each, states, tags } = await keys(1, 1);
    await each('TagResource', { Tags });
    expect(await tags()).toEqual([Tags, Tags]);
    await each('DisableKey');
    expect(await states()).toEqual(['Disabled']);
  });

  it('of many keys', { timeout: 600_000 }, async () => {
    const { each, states, tags, rotations } = await keys(2, 2);
    await each('TagResource', { Tags });
    expect(await tags()).toEqual([Tags, Tags, Tags, Tags]);
    await each('EnableKeyRotation', { RotationPeriodInDays: 90 });
    expect(await rotations()).toEqual([90]);
    await each('DisableKeyRotation');
    expect(await rotations()).toEqual([false]);
    await each('ScheduleKeyDeletion', { PendingWindowInDays: 7 });
    expect(await states()).toEqual(['PendingDeletion']);
    await each('CancelKeyDeletion');
    expect(await states()).toEqual(['Disabled']);
    await each('EnableKey');
    expect(await states()).toEqual(['Enabled']);
    await each('DisableKey');
    expect(await states()).toEqual(['Disabled']);
  });
});
