import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWithBoto3 } from '../../scripts/lib.mjs';
import { type NpmServe, npmServe } from './support/npm-serve.ts';

/** The AWS CLI and boto3, as Debian has them or newer, against `npm run serve` as a person starts it. */
let serve: NpmServe;
beforeAll(async () => {
  serve = await npmServe();
  // It may have to build first.
}, 300_000);
afterAll(() => serve?.stop());

/** Runs `aws` for what it answers. */
function aws(...args: string[]) {
  const line = ['--endpoint-url', serve.url, '--output', 'json', ...args];
  const text = execFileSync('aws', line, { env: serve.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return text.trim() === '' ? undefined : JSON.parse(text);
}
const kms = (...args: string[]) => aws('kms', ...args);

/** What `aws` says of a call that is refused. */
function refused(...args: string[]): string {
  const { status, stderr } = spawnSync('aws', ['--endpoint-url', serve.url, 'kms', ...args], {
    env: serve.env,
    encoding: 'utf8',
  });
  expect(status).toBeGreaterThan(0);
  return stderr.trim();
}

let files = 0;
/** Bytes as an argument that every version of the CLI takes for what it is. */
function blob(bytes: Uint8Array | string): string {
  const file = path.join(serve.folder, `${++files}`);
  writeFileSync(file, bytes);
  return `fileb://${file}`;
}
const bytes = (base64: string) => Buffer.from(base64, 'base64');

describe('the AWS CLI', () => {
  it('lives a life of a key', () => {
    const { Account, Arn: caller } = aws('sts', 'get-caller-identity');
    expect(caller).toBe(`arn:aws:iam::${Account}:root`);

    const { KeyMetadata } = kms('create-key', '--description', 'made by the CLI', '--tags', 'TagKey=a,TagValue=b');
    const { KeyId, Arn } = KeyMetadata;
    expect(Arn).toBe(`arn:aws:kms:eu-central-1:${Account}:key/${KeyId}`);
    kms('create-alias', '--alias-name', 'alias/cli', '--target-key-id', KeyId);
    expect(kms('describe-key', '--key-id', 'alias/cli').KeyMetadata).toEqual(KeyMetadata);

    const context = ['--encryption-context', 'purpose=cli,place=here'];
    const sealed = kms('encrypt', '--key-id', 'alias/cli', '--plaintext', blob('a secret'), ...context);
    expect(sealed.KeyId).toBe(Arn);
    const ciphertext = ['--ciphertext-blob', blob(bytes(sealed.CiphertextBlob))];
    const opened = kms('decrypt', ...ciphertext, '--encryption-context', 'place=here,purpose=cli');
    expect(bytes(opened.Plaintext).toString()).toBe('a secret');
    expect(refused('decrypt', ...ciphertext)).toContain(
      'An error occurred (InvalidCiphertextException) when calling the Decrypt operation',
    );

    const dataKey = kms('generate-data-key', '--key-id', KeyId, '--key-spec', 'AES_256');
    const wrapped = kms('decrypt', '--ciphertext-blob', blob(bytes(dataKey.CiphertextBlob)));
    expect([wrapped.Plaintext, bytes(wrapped.Plaintext).length]).toEqual([dataKey.Plaintext, 32]);

    kms('enable-key-rotation', '--key-id', KeyId);
    expect(kms('get-key-rotation-status', '--key-id', KeyId)).toMatchObject({ KeyRotationEnabled: true });

    const grantee = `arn:aws:iam::${Account}:user/somebody`;
    const grant = ['--key-id', KeyId, '--grantee-principal', grantee, '--operations', 'Decrypt', 'Encrypt'];
    const { GrantId } = kms('create-grant', ...grant);
    expect(kms('list-grants', '--key-id', KeyId).Grants).toMatchObject([{ GrantId, GranteePrincipal: grantee }]);
    kms('revoke-grant', '--key-id', KeyId, '--grant-id', GrantId);

    const { Policy } = kms('get-key-policy', '--key-id', KeyId, '--policy-name', 'default');
    const policy = path.join(serve.folder, 'policy.json');
    writeFileSync(policy, Policy);
    kms('put-key-policy', '--key-id', KeyId, '--policy-name', 'default', '--policy', `file://${policy}`);

    const pair = kms('create-key', '--key-spec', 'RSA_2048', '--key-usage', 'SIGN_VERIFY').KeyMetadata.KeyId;
    const signing = ['--key-id', pair, '--message-type', 'RAW', '--signing-algorithm', 'RSASSA_PSS_SHA_256'];
    const { Signature } = kms('sign', ...signing, '--message', blob('a message'));
    const signed = ['--signature', blob(bytes(Signature))];
    expect(kms('verify', ...signing, '--message', blob('a message'), ...signed)).toMatchObject({
      SignatureValid: true,
    });
    expect(refused('verify', ...signing, '--message', blob('another'), ...signed)).toMatch(/KMSInvalidSignature/);

    const deletion = kms('schedule-key-deletion', '--key-id', KeyId, '--pending-window-in-days', '7');
    expect(deletion).toMatchObject({ KeyId: Arn, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    expect(kms('cancel-key-deletion', '--key-id', KeyId)).toEqual({ KeyId: Arn });
    expect(refused('encrypt', '--key-id', KeyId, '--plaintext', blob('x'))).toContain(
      `An error occurred (DisabledException) when calling the Encrypt operation: ${Arn} is disabled.`,
    );
    expect(kms('list-keys').Keys).toHaveLength(2);
  });
});

describe('boto3', () => {
  it('lives a life of a key', () => {
    const python = pythonWithBoto3();
    if (!python) throw new Error('no Python has boto3');
    const script = path.resolve('tests/conformance/boto3_life.py');
    // Python writes no byte code beside the script.
    const { status, stdout, stderr } = spawnSync(python, ['-B', script], { env: serve.env, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, 'lived\n', '']);
  });
});
