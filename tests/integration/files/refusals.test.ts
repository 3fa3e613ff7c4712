import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseHeader } from '../../../src/main/files/message/header.ts';
import { ACCOUNT } from '../../support/engine.ts';
import { namesIn, openTestFiles } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const SIZE = 2 * 2 ** 20 + 100;

/** Through the service and its worker; `tests/unit/files/message.test.ts` goes through every bit. */
describe.each([{ signed: false }, { signed: true }])('an altered file (signed: $signed)', ({ signed }) => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });

  async function withMessage(work: (message: Buffer, refused: (altered: Buffer) => Promise<string>) => Promise<void>) {
    await inTemporaryFolder(async (dir) => {
      const plain = path.join(dir, 'a');
      await writeFile(plain, randomBytes(SIZE));
      const made = await files.run(plain, 'encrypt', { signed, context: { purpose: 'test' } });
      const message = await readFile(made.output ?? '');
      await mkdir(path.join(dir, 'in'));
      await work(message, async (altered) => {
        await writeFile(path.join(dir, 'in', 'b.encrypted'), altered);
        const job = await files.run(path.join(dir, 'in', 'b.encrypted'), 'decrypt');
        expect(await namesIn(path.join(dir, 'in'))).toEqual(['b.encrypted']);
        expect(job.state).toBe('failed');
        expect(job.problem?.message).toMatch(/\.$/);
        return job.problem?.code ?? '';
      });
    });
  }

  it('with a bit flipped is refused and leaves no file', () =>
    withMessage(async (message, refused) => {
      const { length } = parseHeader(message);
      const inHeader = Array.from({ length: 25 }, () => randomInt(length));
      const inBody = Array.from({ length: 25 }, () => length + randomInt(message.length - length));
      for (const at of [...inHeader, ...inBody, length - 1, message.length - 1]) {
        const altered = Buffer.from(message);
        altered.writeUInt8(altered.readUInt8(at) ^ (1 << randomInt(8)), at);
        const code = await refused(altered);
        // A flipped header names another key, Region or context, which the engine refuses in its own words.
        if (at >= length) expect(code, `byte ${at}`).toBe('MessageDamaged');
        else expect(code, `byte ${at} of the header`).not.toBe('InternalFailure');
      }
    }));

  it('cut short, lengthened, or with frames swapped, repeated or removed is refused and leaves no file', () =>
    withMessage(async (message, refused) => {
      const { length } = parseHeader(message);
      const frame = 2 ** 20 + 32;
      const [head, a, b, rest] = [
        message.subarray(0, length),
        message.subarray(length, length + frame),
        message.subarray(length + frame, length + 2 * frame),
        message.subarray(length + 2 * frame),
      ];
      for (const cut of [message.length - 1, length + 2 * frame, length + frame + 7, length])
        expect(await refused(message.subarray(0, cut)), `cut at ${cut}`).toBe('MessageDamaged');
      for (const parts of [
        [b, a, rest],
        [a, a, rest],
        [b, rest],
        [a, rest],
        [rest],
        [a, b, rest, Buffer.of(0)],
        [a, b, rest, rest],
      ])
        expect(await refused(Buffer.concat([head, ...parts]))).toBe('MessageDamaged');
      for (const cut of [0, 1, 2]) expect(await refused(message.subarray(0, cut))).toBe('NotAnEncryptedMessage');
      expect(await refused(message.subarray(0, length - 1))).toBe('MessageDamaged');
    }));

  it('under a key that is disabled, or with another context, is refused and opens once that is put right', () =>
    inTemporaryFolder(async (dir) => {
      const plain = path.join(dir, 'a');
      await writeFile(plain, 'text');
      const made = await files.run(plain, 'encrypt', { signed, context: { purpose: 'test' } });
      await rm(plain);
      const message = await readFile(made.output ?? '');
      await files.call('DisableKey', { KeyId: files.arn });
      expect((await files.run(made.output ?? '', 'decrypt')).problem?.code).toBe('DisabledException');
      await files.call('EnableKey', { KeyId: files.arn });
      const altered = Buffer.from(message);
      altered.write('best', message.indexOf('test'));
      await writeFile(made.output ?? '', altered);
      expect((await files.run(made.output ?? '', 'decrypt')).problem?.code).toBe('InvalidCiphertextException');
      expect(await namesIn(dir)).toEqual(['a.encrypted']);
      await writeFile(made.output ?? '', message);
      await files.run(made.output ?? '', 'decrypt');
      expect(await readFile(plain, 'utf8')).toBe('text');
    }));
});

it('a refused call leaves its decision with the job', async () => {
  const files = await openTestFiles();
  try {
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey', Resource: '*' },
    ];
    await files.call('PutKeyPolicy', {
      KeyId: files.arn,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
    await inTemporaryFolder(async (dir) => {
      const plain = path.join(dir, 'a');
      await writeFile(plain, 'a');
      const { problem } = await files.run(plain, 'encrypt');
      expect(problem).toMatchObject({
        code: 'AccessDeniedException',
        details: { decision: { reason: 'explicit deny', statement: { index: 1 } } },
      });
      const { problem: other } = await files.run(path.join(dir, 'b'), 'encrypt');
      expect(other).toEqual({ code: 'FileNotFound', message: expect.any(String) });
    });
    expect(files.bugs).toEqual([]);
  } finally {
    await files.close();
  }
});
