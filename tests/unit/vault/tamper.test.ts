import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreBackup, writeBackup } from '../../../src/main/vault/backup.ts';
import type { Unlock } from '../../../src/main/vault/slots.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  filesOf,
  holdsExactly,
  IN_MEMORY,
  inTemporaryFolder,
  layOut,
  notesOf,
  PASSPHRASE,
  refusalOf,
  seededNumbers,
  testSeed,
  vaultOptions,
} from '../../support/vault.ts';

/** One bit of each file is turned over at this many random places. */
const FLIPS = 1000;
const seed = testSeed();
// The least cost that scrypt takes: its strength is not what is tested.
const options = vaultOptions({ scrypt: { N: 2, r: 1, p: 1 } });
const NOTES = Array.from({ length: 12 }, (_, index) => `note ${index} ${'.'.repeat(index * 7)}`);

/** A vault whose header still names generation 1 while commits already go to journal 2: a crash before the snapshot was whole. */
const state: { files: Map<string, Buffer>; settled: Map<string, Buffer>; ways: Unlock[]; release: () => void } = {
  files: new Map(),
  /** The same vault after its next opening, which took the snapshot. */
  settled: new Map(),
  ways: [],
  release: () => undefined,
};
let dir = '';

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    void inTemporaryFolder(async (home) => {
      dir = path.join(home, 'v');
      const { vault, recoveryCode } = await Vault.create(dir, options, {
        name: 'Tampered',
        passphrase: PASSPHRASE,
        useKeychain: true,
      });
      for (const text of NOTES.slice(0, 4)) await addNote(vault, text, Buffer.alloc(3000, text));
      await vault.snapshot();
      for (const text of NOTES.slice(4, 8)) await addNote(vault, text);
      // A folder in the way of the third snapshot's file keeps it from being written.
      const obstacle = path.join(dir, 'snapshot-3.sealed.tmp');
      await mkdir(obstacle);
      await vault.snapshot().catch(() => undefined);
      for (const text of NOTES.slice(8)) await addNote(vault, text);
      await vault.close();
      await rm(obstacle, { recursive: true });
      state.ways = [
        { kind: 'keychain' },
        { kind: 'recovery', secret: recoveryCode },
        { kind: 'passphrase', secret: PASSPHRASE },
      ];
      state.files = await filesOf(dir);
      const again = await Vault.open(dir, options, { kind: 'keychain' });
      await again.snapshot();
      await again.close();
      state.settled = await filesOf(dir);
      ready();
      await new Promise<void>((resolve) => {
        state.release = resolve;
      });
    }, IN_MEMORY).catch(failed);
  });
});
afterAll(() => state.release());

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('a vault of which one bit was turned over', () => {
  it('has the files of a snapshot under way', () => {
    expect([...state.files.keys()]).toEqual([
      'header.copy.json',
      'header.json',
      'journal-2.sealed',
      'journal-3.sealed',
      'snapshot-2.sealed',
    ]);
  });

  it.each(['header.json', 'header.copy.json'])(
    'opens with what it held, and says that %s was repaired',
    async (name) => {
      const whole = state.settled.get(name) as Buffer;
      const number = seededNumbers(seed);
      for (let i = 0; i < FLIPS; i++) {
        const bit = number(whole.length * 8);
        const where = `${name}, bit ${bit}, seed ${seed}`;
        await layOut(dir, new Map([...state.settled, [name, flipped(whole, bit)]]));
        const vault = await Vault.open(dir, options, state.ways[i % state.ways.length] as Unlock);
        expect(vault.report.headerRepaired, where).toBe(true);
        expect([vault.name, vault.slots().length, notesOf(vault)], where).toEqual(['Tampered', 3, NOTES]);
        await vault.close();
        const header = await readFile(path.join(dir, 'header.json'), 'utf8');
        expect(JSON.parse(header).slots, where).toEqual(JSON.parse(String(state.settled.get('header.json'))).slots);
        expect(await readFile(path.join(dir, 'header.copy.json'), 'utf8'), where).toBe(header);
      }
    },
    60_000,
  );

  it('is refused or opens with what it held when both copies of the header are hit', async () => {
    const number = seededNumbers(seed);
    const codes = new Set<string>();
    for (let i = 0; i < FLIPS / 2; i++) {
      const files = new Map(state.files);
      for (const name of ['header.json', 'header.copy.json']) {
        const whole = files.get(name) as Buffer;
        files.set(name, flipped(whole, number(whole.length * 8)));
      }
      await layOut(dir, files);
      const opened = Vault.open(dir, options, state.ways[i % state.ways.length] as Unlock);
      await opened.then(
        () => expect.unreachable(`opened, seed ${seed}`),
        (error) => codes.add(error.code),
      );
      expect(await holdsExactly(dir, files), `seed ${seed}`).toBe(true);
    }
    for (const code of codes)
      expect(['VaultDamaged', 'WrongPassphrase', 'WrongRecoveryCode', 'KeychainKeyMissing', 'NoSuchSlot']).toContain(
        code,
      );
    expect(codes).toContain('VaultDamaged');
  }, 60_000);

  it.each(['snapshot-2.sealed', 'journal-2.sealed', 'journal-3.sealed'])(
    'is refused when it is in %s, and nothing is changed',
    async (name) => {
      const whole = state.files.get(name) as Buffer;
      const number = seededNumbers(seed);
      await layOut(dir, state.files);
      for (let i = 0; i < FLIPS; i++) {
        const bit = number(whole.length * 8);
        const bad = flipped(whole, bit);
        await writeFile(path.join(dir, name), bad);
        const refused = await refusalOf(Vault.open(dir, options, state.ways[i % 2] as Unlock)).catch((error) => error);
        expect(refused.code, `${name}, bit ${bit}, seed ${seed}`).toBe('VaultDamaged');
        expect(bad.equals(await readFile(path.join(dir, name)))).toBe(true);
      }
      await writeFile(path.join(dir, name), whole);
      expect(await holdsExactly(dir, state.files)).toBe(true);
    },
    60_000,
  );

  it('is refused when a file is missing, empty, longer, or another generation under its name', async () => {
    const damage = async (name: string, bytes: Uint8Array | undefined) => {
      const files = new Map<string, Uint8Array>(state.files);
      files.delete(name);
      if (bytes) files.set(name, bytes);
      await layOut(dir, files);
      const { code } = await refusalOf(Vault.open(dir, options, { kind: 'keychain' }));
      expect(code, name).toBe('VaultDamaged');
      expect(await holdsExactly(dir, files)).toBe(true);
    };
    for (const name of ['snapshot-2.sealed', 'journal-2.sealed', 'journal-3.sealed']) {
      await damage(name, undefined);
      await damage(name, Buffer.alloc(0));
      await damage(name, Buffer.concat([state.files.get(name) as Buffer, Buffer.from('more of it, twenty bytes')]));
    }
    await damage('journal-3.sealed', state.files.get('journal-2.sealed'));
    await damage('journal-2.sealed', state.files.get('journal-3.sealed'));
  });
});

describe('a backup of which one bit was turned over', () => {
  it(
    'is refused, and nothing is made',
    () =>
      inTemporaryFolder(async (home) => {
        await layOut(dir, state.files);
        const vault = await Vault.open(dir, options, { kind: 'keychain' });
        const file = path.join(home, 'b');
        await writeBackup(vault, options, file, PASSPHRASE);
        await vault.close();
        const whole = await readFile(file);
        const headerEnd = 12 + whole.readUInt32BE(8) + 32;
        const number = seededNumbers(seed);
        for (let i = 0; i < FLIPS; i++) {
          const bit = number(whole.length * 8);
          await writeFile(file, flipped(whole, bit));
          const { code } = await refusalOf(restoreBackup(file, PASSPHRASE, path.join(home, 'r'), options));
          const expected = bit < headerEnd * 8 ? ['NotABackup', 'BackupDamaged', 'WrongPassphrase'] : ['BackupDamaged'];
          expect(expected, `bit ${bit}, seed ${seed}`).toContain(code);
          expect(await readdir(home)).toEqual(['b']);
        }
      }),
    60_000,
  );
});
