import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namesIn, openTestFiles } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

describe('checking an encrypted file', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });

  it.each([{ signed: false }, { signed: true }])(
    'reads it to its end, writes nothing and is recorded (signed: $signed)',
    ({ signed }) =>
      inTemporaryFolder(async (dir) => {
        const plain = path.join(dir, 'a');
        await writeFile(plain, randomBytes(3 * 2 ** 20 + 5));
        const { output = '' } = await files.run(plain, 'encrypt', { signed });
        const before = await namesIn(dir);
        const checked = await files.run(output, 'verify');
        expect(checked).toMatchObject({ state: 'done', action: 'verify', signed, keyArn: files.arn });
        expect(checked.output).toBeUndefined();
        expect(checked.doneBytes).toBe(checked.totalBytes);
        expect(await namesIn(dir)).toEqual(before);
        const [event] = await files.events(1);
        expect(event).toMatchObject({ EventName: 'Decrypt', Resources: [files.arn] });
      }),
  );

  it('says what is wrong with one that is damaged, cut off, lengthened, foreign or gone', () =>
    inTemporaryFolder(async (dir) => {
      const at = (name: string) => path.join(dir, name);
      await writeFile(at('a'), randomBytes(2 ** 20 + 5));
      const { output = '' } = await files.run(at('a'), 'encrypt', { signed: true });
      const whole = await readFile(output);
      const code = async () => (await files.run(output, 'verify')).problem?.code;
      for (const byte of [whole.length - 1, whole.length - 200, whole.length - 2 ** 19]) {
        const altered = Buffer.from(whole);
        altered.writeUInt8(altered.readUInt8(byte) ^ 1, byte);
        await writeFile(output, altered);
        expect(await code()).toBe('MessageDamaged');
      }
      await writeFile(output, whole);
      await truncate(output, whole.length - 1);
      expect(await code()).toBe('MessageDamaged');
      await writeFile(output, whole);
      await appendFile(output, 'x');
      expect(await code()).toBe('MessageDamaged');
      await writeFile(output, 'a letter');
      expect(await code()).toBe('NotAnEncryptedMessage');
      await rm(output);
      expect(await code()).toBe('FileNotFound');
      await mkdir(output);
      expect(await code()).toBe('NotAnEncryptedMessage');
    }));

  it('under a disabled key is refused, and opens again when it is enabled', () =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'a'), 'a');
      const { output = '' } = await files.run(path.join(dir, 'a'), 'encrypt');
      await files.call('DisableKey', { KeyId: files.arn });
      expect((await files.run(output, 'verify')).problem?.code).toBe('DisabledException');
      await files.call('EnableKey', { KeyId: files.arn });
      expect(await files.run(output, 'verify')).toMatchObject({ state: 'done' });
    }));
});
