import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Writable } from 'node:stream';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuditLog } from '../../../src/main/audit/log.ts';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { buildServe, type ServeProgram } from '../../support/serve.ts';
import { inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';
import { productOptions } from '../../support/vault-engine.ts';

let serve: ServeProgram;
beforeAll(async () => {
  serve = await buildServe();
});
afterAll(() => serve.remove());

const SECRET_LINE = /SECRET/;

describe('npm run serve', () => {
  it('serves an ephemeral vault with an access key of its own, and leaves nothing', async () => {
    const serving = await serve.start();
    const kms = new KMSClient(serving.config());
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    expect(KeyMetadata?.Arn).toMatch(`arn:aws:kms:eu-central-1:${serving.accountId}:key/`);
    expect(serving.keys.map(({ principalArn }) => principalArn)).toEqual([`arn:aws:iam::${serving.accountId}:root`]);
    expect(serving.stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(serving.regions).toContain('eu-central-1');
    expect(await serving.stop()).toBe(0);
    expect(serving.stderr()).toBe('');
    const late = new KMSClient(serving.config());
    await expect(late.send(new ListKeysCommand({}))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const next = await serve.start();
    expect((await new KMSClient(next.config()).send(new ListKeysCommand({}))).Keys).toEqual([]);
    expect(await next.stop('SIGINT')).toBe(0);
  });

  it('keeps a vault on the disk across restarts, locked and its trail signed in between', () =>
    inTemporaryFolder(async (home) => {
      const vault = path.join(home, 'vault');
      const first = await serve.start({ vault });
      expect(first.stdout).toMatch(/^# Recovery code of the new vault, not shown again: ([0-9A-Z]{4}-)+[0-9A-Z]{4}$/m);
      const kms = new KMSClient(first.config());
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      await kms.send(new CreateAliasCommand({ AliasName: 'alias/kept', TargetKeyId: KeyMetadata?.KeyId }));
      const { CiphertextBlob } = await kms.send(
        new EncryptCommand({ KeyId: 'alias/kept', Plaintext: Buffer.from('kept') }),
      );
      expect(await readdir(vault)).toContain('lock');
      const held = await serve.run(['--port', '0', '--vault', vault, '--passphrase-fd', '3'], PASSPHRASE);
      expect([held.code, held.stdout]).toEqual([1, '']);
      expect(held.stderr).toMatch(/Another Coffer \(process \d+\) has this vault open/);
      expect(await first.stop()).toBe(0);
      expect(await readdir(vault)).not.toContain('lock');

      const opened = await Vault.open(vault, productOptions(), { kind: 'passphrase', secret: PASSPHRASE });
      const trail = createAuditLog(opened);
      const outcome = await verifyTrail(opened.db, trail, { onProgress: () => undefined });
      expect(outcome).toMatchObject({ ok: true, head: { sequence: outcome.records } });
      await opened.close();

      const second = await serve.start({ vault });
      expect(second.stdout).not.toMatch(SECRET_LINE);
      expect(second.accountId).toBe(first.accountId);
      const credentials = first.keys[0] as (typeof first.keys)[0];
      const again = new KMSClient(second.config({ credentials }));
      const { Plaintext } = await again.send(new DecryptCommand({ CiphertextBlob }));
      expect(Buffer.from(Plaintext ?? []).toString()).toBe('kept');
      expect(await second.stop('SIGHUP')).toBe(0);

      const third = await serve.start({ vault, args: ['--new-access-key'] });
      expect(third.keys).toHaveLength(1);
      await new KMSClient(third.config()).send(new ListKeysCommand({}));
      expect(await third.stop()).toBe(0);
    }));

  it('goes on, and ends as it should, when nobody reads what it says', () =>
    inTemporaryFolder(async (home) => {
      const vault = path.join(home, 'vault');
      const child = spawn(
        process.execPath,
        [serve.file, '--port', '0', '--vault', vault, '--create', '--passphrase-fd', '3'],
        { env: serve.env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
      );
      const ended = once(child, 'exit');
      // It has something to say there: the new vault has no access key.
      child.stderr?.destroy();
      (child.stdio[3] as Writable).end(`${PASSPHRASE}\n`);
      let said = '';
      child.stdout?.on('data', (data) => {
        said += data;
      });
      await vi.waitFor(() => expect(said).toContain('Coffer serves account'), 20_000);
      const [, url = ''] = /at (http:\S+) /.exec(said) ?? [];
      // It answers; that Node's fetch looks like a browser's is why it refuses.
      expect((await fetch(url, { method: 'POST' })).status).toBe(403);
      for (let time = 0; time < 3; time++) child.kill('SIGINT');
      expect(await ended).toEqual([0, null]);
      expect(await readdir(vault)).not.toContain('lock');
    }));

  it('serves a vault that has one good copy of its header left, and says so', () =>
    inTemporaryFolder(async (home) => {
      const vault = path.join(home, 'vault');
      expect(await (await serve.start({ vault })).stop()).toBe(0);
      const copy = path.join(vault, 'header.copy.json');
      await rm(copy);
      await mkdir(copy);
      const serving = await serve.start({ vault });
      expect(serving.stderr()).toContain('could not be written anew: a folder has its name. Make a backup');
      expect(await serving.stop()).toBe(0);
    }));

  it('says what is wrong, in words, and with nothing on standard output', () =>
    inTemporaryFolder(async (home) => {
      const vault = path.join(home, 'vault');
      const from = ['--port', '0', '--vault', vault];
      const by = [...from, '--passphrase-fd', '3'];
      const taken = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => taken.once('listening', resolve));
      const { port } = taken.address() as { port: number };
      const made = await serve.start({ vault });
      expect(await made.stop()).toBe(0);
      const cases: [string[], string | undefined, number, RegExp][] = [
        [['--port', '0', '--vault', path.join(home, 'none')], undefined, 1, /no vault in .*none.*--create/],
        [by, 'not this one\n', 1, /does not open this vault/],
        [by, '', 1, /no passphrase on file descriptor 3/],
        [by, 'x'.repeat(2000), 1, /no more than 1024 bytes/],
        [[...by, '--create'], PASSPHRASE, 1, /not empty/],
        [['--port', '0', '--vault', path.join(home, 'new'), '--create', '--passphrase-fd', '3'], 'short', 1, /12 char/],
        [['--port', String(port), '--ephemeral'], undefined, 1, /Port \d+ is taken/],
        [['--passphrase', 'tell-nobody'], undefined, 2, /no option --passphrase\.\n\nusage:/],
        [['tell-nobody'], undefined, 2, /Only options are taken/],
        [['--port', '65536'], undefined, 2, /number up to 65535/],
        [['--port'], undefined, 2, /--port is missing/],
        [['--ephemeral', '--create'], undefined, 2, /no use for --create/],
      ];
      try {
        for (const [args, input, code, says] of cases) {
          const ended = await serve.run(args, input);
          expect([args, ended.code, ended.stdout]).toEqual([args, code, '']);
          expect(ended.stderr).toMatch(says);
          expect(ended.stderr).not.toMatch(/tell-nobody|at .*\.mjs/);
        }
      } finally {
        taken.close();
      }
      expect(await readdir(home)).toEqual(['vault']);
      expect((await serve.run(['--help'])).stdout).toMatch(/^usage: npm run serve/);
    }));
});
