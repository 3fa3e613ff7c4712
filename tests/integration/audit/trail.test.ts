import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { exportTrail } from '../../../src/main/audit/export.ts';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import { initialiseVault } from '../../../src/main/kms/birth.ts';
import type { ReadDatabase } from '../../../src/main/vault/types.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';
import { ACCOUNT, CALLER, engineOf, productOptions } from '../../support/vault-engine.ts';

const RECORDS = 6_000;
const open = (dir: string) => Vault.open(dir, productOptions(), { kind: 'passphrase', secret: PASSPHRASE });

it('a long trail on the disk verifies after every opening, is found edited, and exports whole', () =>
  inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'vault');
    const options = productOptions({ snapshotAfterBytes: 400_000 });
    const { vault } = await Vault.create(dir, options, { name: 'Test', passphrase: PASSPHRASE, useKeychain: false });
    const { audit, engine } = engineOf(vault);
    await vault.transact((tx) => {
      initialiseVault(tx, { accountId: ACCOUNT, now: Date.now() });
      audit.begin(tx, Date.now());
    });
    const { output } = await engine.call(CALLER, 'CreateKey', {});
    const { KeyId } = output.KeyMetadata;
    let left = RECORDS - 1;
    const caller = async () => {
      while (left-- > 0)
        await engine.call(CALLER, 'Encrypt', {
          KeyId,
          Plaintext: new Uint8Array(8),
          EncryptionContext: { left: `${left}` },
        });
    };
    await Promise.all(Array.from({ length: 64 }, caller));
    await vault.close();

    const again = await open(dir);
    const trail = engineOf(again).audit;
    expect(await verifyTrail(again.db, trail)).toMatchObject({ ok: true, records: RECORDS, digests: RECORDS / 1000 });

    // The event loop has its turns between the slices of an export: the trail is not one piece of work.
    let [inTurn, most] = [0, 0];
    const { db } = again;
    const counting: ReadDatabase = {
      get: (sql, params) => db.get(sql, params),
      scan: (sql, params, visit) => db.scan(sql, params, visit),
      stamp: (table) => db.stamp(table),
      all(sql, params) {
        const rows = db.all<never>(sql, params);
        if (inTurn === 0) setImmediate(() => (inTurn = 0));
        inTurn += rows.length;
        most = Math.max(most, inTurn);
        return rows;
      },
    };
    const wish = { folder: home, now: Date.now() };
    const json = await exportTrail(counting, { ...wish, format: 'cloudtrail' });
    const csv = await exportTrail(counting, { ...wish, format: 'csv' });
    expect([json.records, csv.records]).toEqual([RECORDS, RECORDS]);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(RECORDS / 2);
    const gunzip = createGunzip();
    const unpacking = pipeline(createReadStream(json.path), gunzip);
    let lines = 0;
    for await (const line of createInterface({ input: gunzip })) {
      lines++;
      if (lines > 1 && line.startsWith('{')) JSON.parse(line.replace(/,$/, ''));
    }
    await unpacking;
    // One line before the records and one after.
    expect(lines).toBe(RECORDS + 2);

    await again.transact((tx) => tx.run('UPDATE audit_events SET time = time + 1 WHERE sequence = 4321'));
    await again.close();
    const edited = await open(dir);
    const verdict = await verifyTrail(edited.db, engineOf(edited).audit);
    expect(verdict).toMatchObject({ ok: false, records: 4320, firstBad: { sequence: 4321 } });
    await edited.close();
  }));
