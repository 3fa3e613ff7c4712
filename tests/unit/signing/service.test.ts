import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/main/key-files.ts';
import type { SigningAlgorithm } from '../../../src/shared/kms/enums.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import { text } from '../../support/crypto.ts';
import { openTestEngine, REGION } from '../../support/engine.ts';
import { openSigning } from '../../support/signing.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
let signing: ReturnType<typeof openSigning>;
/** The operations that were called, in order. */
let calls: string[];
let keyId: string;

const call: Call = (name, input) => {
  calls.push(name);
  return t.call(name, input);
};

beforeEach(async () => {
  t = await openTestEngine();
  calls = [];
  signing = openSigning(t, call);
  keyId = (await t.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })).id;
});
afterEach(async () => {
  await signing.service.close();
  expect([...t.bugs, ...signing.bugs]).toEqual([]);
  await t.close();
});

type Wish = Parameters<typeof signing.service.start>[0];
const start = (what: Wish['what'], changes: Partial<Wish> = {}) =>
  signing.service.start({ what, keyId, region: REGION, algorithm: 'ECDSA_SHA_256', withPublicKey: false, ...changes });
const sign = async (what: Wish['what'], changes: Partial<Wish> = {}) => signing.ended(start(what, changes)[0]);
const verify = (
  what: Parameters<typeof signing.service.verify>[0]['what'],
  signature: Parameters<typeof signing.service.verify>[0]['signature'],
  algorithm: SigningAlgorithm = 'ECDSA_SHA_256',
) => signing.ended(signing.service.verify({ what, signature, key: { keyId, region: REGION }, algorithm }));

describe('signing', () => {
  it('asks the key for as little as it needs, and puts everything on the record', async () => {
    const job = await sign({ text: 'hello' });
    expect(job).toMatchObject({ state: 'done', source: 'text', messageType: 'DIGEST', totalBytes: 5, doneBytes: 5 });
    expect([job.path, job.signaturePath, job.publicKey]).toEqual([undefined, undefined, undefined]);
    expect(calls).toEqual(['Sign']);
    const { id: mldsa } = await t.key({ KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY' });
    const short = await sign({ text: 'hello' }, { keyId: mldsa, algorithm: 'ML_DSA_SHAKE_256' });
    expect([short.messageType, calls]).toEqual(['RAW', ['Sign', 'Sign']]);
    const long = await sign({ text: 'x'.repeat(4097) }, { keyId: mldsa, algorithm: 'ML_DSA_SHAKE_256' });
    expect([long.messageType, calls.slice(2)]).toEqual(['EXTERNAL_MU', ['GetPublicKey', 'Sign']]);
  });

  it('saves a text with its signature and the public key, and writes nothing over', () =>
    inTemporaryFolder(async (folder) => {
      const one = await sign({ text: 'grüße' }, { folder, withPublicKey: true });
      const two = await sign({ text: 'again' }, { folder, withPublicKey: true });
      expect(await readFile(one.path ?? '', 'utf8')).toBe('grüße');
      expect([one, two].map(({ signaturePath }) => path.basename(signaturePath ?? ''))).toEqual([
        'message.txt.sig',
        'message-2.txt.sig',
      ]);
      expect(two.publicKeyPath).toBe(one.publicKeyPath);
      // Another file of that name is another's.
      await writeFile(one.publicKeyPath ?? '', 'not a key');
      const three = await sign({ text: 'and again' }, { folder, withPublicKey: true });
      expect(three.publicKeyPath).toMatch(/-2\.pem$/);
      expect(await readFile(one.publicKeyPath ?? '', 'utf8')).toBe('not a key');
      expect(await verify({ path: one.path ?? '' }, { path: one.signaturePath ?? '' })).toMatchObject({ valid: true });
    }));

  it('shows the signature also when there is no place for its file', () =>
    inTemporaryFolder(async (folder) => {
      const job = await sign({ text: 'kept' }, { folder: path.join(folder, 'none') });
      expect([job.state, job.problem?.code]).toEqual(['failed', 'FileNotFound']);
      expect(await verify({ text: 'kept' }, { bytes: job.signature ?? text('') })).toMatchObject({ valid: true });
    }));

  it('says why it cannot, of files and of keys', () =>
    inTemporaryFolder(async (folder) => {
      const codeOf = async (file: string, changes: Partial<Wish> = {}) =>
        (await sign({ paths: [file] }, changes)).problem?.code;
      const file = path.join(folder, 'a');
      expect(await codeOf(file)).toBe('FileNotFound');
      expect(await codeOf(folder)).toBe('NotAFile');
      await writeFile(file, 'a');
      expect(await codeOf(file, { algorithm: 'RSASSA_PSS_SHA_256' })).toBe('InvalidKeyUsageException');
      const { id: symmetric } = await t.key();
      expect(await codeOf(file, { keyId: symmetric })).toBe('InvalidKeyUsageException');
      await t.call('DisableKey', { KeyId: keyId });
      expect(await codeOf(file)).toBe('DisabledException');
      expect(await readdir(folder)).toEqual(['a']);
    }));

  it('looks at paths without doing anything', () =>
    inTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'a.txt');
      await writeFile(file, 'abc');
      await mkdir(path.join(folder, 'a.txt.sig'));
      expect(await signing.service.look([file, folder, `${file}x`])).toEqual([
        { path: file, name: 'a.txt', size: 3 },
        { path: folder, name: path.basename(folder), size: 0, problem: expect.objectContaining({ code: 'NotAFile' }) },
        { path: `${file}x`, name: 'a.txtx', size: 0, problem: expect.objectContaining({ code: 'FileNotFound' }) },
      ]);
      await sign({ paths: [file] }, { folder: await made(path.join(folder, 'out')) });
      const [item] = await signing.service.look([path.join(folder, 'out', 'a.txt.sig')]);
      expect(item).toMatchObject({ name: 'a.txt.sig' });
    }));
});

async function made(folder: string): Promise<string> {
  await mkdir(folder);
  return folder;
}

describe('verifying', () => {
  it('is a plain no for whatever does not hold, with a reason where the signature is not whole', async () => {
    const { signature = text('') } = await sign({ text: 'hello' });
    expect(await verify({ text: 'hello' }, { bytes: signature })).toMatchObject({ state: 'done', valid: true });
    const other = await verify({ text: 'Hello' }, { bytes: signature });
    expect([other.state, other.valid, other.reason, other.problem]).toEqual(['done', false, undefined, undefined]);
    for (const bytes of [signature.subarray(0, 20), text('x'), new Uint8Array(6144)]) {
      const { valid, reason } = await verify({ text: 'hello' }, { bytes });
      expect([valid, reason]).toEqual([false, expect.stringContaining('DER of two integers')]);
    }
    const { id: rsa } = await t.key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    keyId = rsa;
    const short = await verify({ text: 'hello' }, { bytes: signature }, 'RSASSA_PSS_SHA_256');
    expect(short.reason).toContain('256, 384, or 512 bytes');
  });

  it('reads a signature file as bytes or base64, and refuses what cannot be one', () =>
    inTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'sig');
      const { signature = text('') } = await sign({ text: 'hello' });
      const asFile = async (content: string | Uint8Array) => {
        await writeFile(file, content);
        return verify({ text: 'hello' }, { path: file });
      };
      expect((await asFile(signature)).valid).toBe(true);
      const base64 = Buffer.from(signature).toString('base64');
      expect((await asFile(`${base64.slice(0, 40)}\r\n${base64.slice(40)}\n`)).valid).toBe(true);
      expect((await asFile('')).problem?.code).toBe('FileEmpty');
      expect((await asFile(new Uint8Array(6145))).problem?.code).toBe('ValidationException');
      expect((await asFile(new Uint8Array(20_000))).problem?.code).toBe('FileTooLarge');
      expect((await verify({ text: 'hello' }, { path: folder })).problem?.code).toBe('NotAFile');
      expect((await verify({ text: 'hello' }, { bytes: new Uint8Array() })).problem?.code).toBe('ValidationException');
    }));

  it('with a public key from outside calls no key, and only with its own algorithms', async () => {
    const { signature: bytes = text('') } = await sign({ text: 'hello' });
    const { PublicKey: publicKey } = await t.call('GetPublicKey', { KeyId: keyId });
    calls.length = 0;
    const outside = (algorithm: SigningAlgorithm, key = publicKey) =>
      signing.ended(
        signing.service.verify({ what: { text: 'hello' }, signature: { bytes }, key: { publicKey: key }, algorithm }),
      );
    const good = await outside('ECDSA_SHA_256');
    expect([good.valid, good.keyId, good.fingerprint?.length]).toEqual([true, undefined, 64]);
    expect((await outside('SM2DSA')).problem?.code).toBe('InvalidKeyUsageException');
    expect((await outside('ECDSA_SHA_256', text('no key'))).problem?.code).toBe('PublicKeyUnreadable');
    expect(calls).toEqual([]);
  });
});

describe('the queue', () => {
  it('stops a file in the middle and one that waits, writes nothing, and forgets what is over when asked', () =>
    inTemporaryFolder(async (folder) => {
      const paths = ['a', 'b', 'c'].map((name) => path.join(folder, name));
      for (const file of paths) {
        await writeFile(file, '');
        await truncate(file, 20_000_000_000);
      }
      const jobs = start({ paths });
      expect(signing.service.list().map(({ state }) => state)).toEqual(['running', 'running', 'waiting']);
      expect(signing.service.busy()).toBe(true);
      for (const { id } of [...jobs].reverse()) signing.service.cancel(id);
      for (const job of jobs) expect(await signing.ended(job)).toMatchObject({ state: 'cancelled' });
      expect(signing.service.busy()).toBe(false);
      expect([await readdir(folder), calls]).toEqual([['a', 'b', 'c'], []]);
      signing.service.clear();
      expect(signing.service.list()).toEqual([]);
      expect(() => signing.service.cancel(jobs[0]?.id ?? '')).toThrow(CofferError);
    }));

  it('ends with the vault, and lets the loop go on while it hashes', () =>
    inTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'large');
      await writeFile(file, '');
      await truncate(file, 20_000_000_000);
      const [job] = start({ paths: [file] });
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
      expect(signing.service.list()[0]).toMatchObject({ id: job?.id, state: 'running' });
      await signing.service.close();
      expect(signing.service.list()[0]?.state).toBe('cancelled');
    }));

  it('notices a file that changes while it is read', () =>
    inTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'log');
      await writeFile(file, new Uint8Array(40_000_000));
      const [job] = start({ paths: [file] });
      while (signing.service.list()[0]?.doneBytes === 0) await new Promise((resolve) => setImmediate(resolve));
      await writeFile(file, new Uint8Array(40_000_001));
      expect((await signing.ended(job)).problem?.code).toBe('FileChanged');
      expect(calls).toEqual([]);
    }));
});
