import { describe, expect, it } from 'vitest';
import {
  doingOf,
  openingKey,
  resultWords,
  startWords,
  usualChoice,
} from '../../../src/renderer/features/files/choice.ts';
import { countWords, originalWords } from '../../../src/renderer/features/files/results.ts';
import type { Job, PlanItem } from '../../../src/renderer/features/files/store.ts';

const item = (changes: Partial<PlanItem> = {}): PlanItem => ({
  path: '/home/tree',
  name: 'tree',
  kind: 'folder',
  size: 10,
  files: 2,
  encrypted: 0,
  action: 'encrypt',
  output: '/home/tree.tar.encrypted',
  exists: false,
  ...changes,
});
const problem = { code: 'LinkOutside', message: 'A link leads out.' };

describe('what becomes of what was dropped', () => {
  it('is suggested by what a folder holds', () => {
    expect(usualChoice(item(), 'decrypt')).toBe('archive');
    expect(usualChoice(item({ encrypted: 1 }), 'decrypt')).toBe('archive');
    expect(usualChoice(item({ encrypted: 2 }), 'decrypt')).toBe('decrypt');
    expect(usualChoice(item({ files: 0 }), 'decrypt')).toBe('archive');
    expect(usualChoice(item({ problem }), 'decrypt')).toBe('encrypt');
    expect(usualChoice(item({ encrypted: 2 }), 'reencrypt')).toBe('reencrypt');
    expect(usualChoice(item({ encrypted: 1 }), 'reencrypt')).toBe('archive');
  });

  it('names the key that is here of those that open a file', () => {
    const sealed = item({ kind: 'file', keyArns: ['one', 'two', 'three'] });
    expect(openingKey(sealed, new Set(['three', 'two']))).toBe('two');
    expect(openingKey(sealed, new Set(['four']))).toBe('one');
    expect(openingKey(sealed, null)).toBe('one');
    expect(openingKey(item(), new Set(['one']))).toBeUndefined();
  });

  it('leaves a folder that cannot be one archive to be done file by file', () => {
    expect(doingOf(item({ problem }), 'archive', 'decrypt')).toBeUndefined();
    expect(doingOf(item({ problem }), undefined, 'decrypt')).toMatchObject({ action: 'encrypt', each: true });
    expect(doingOf(item({ problem, kind: 'file' }), undefined, 'decrypt')).toBeUndefined();
    expect(doingOf(item({ kind: 'file', action: 'decrypt' }), undefined, 'verify')).toMatchObject({
      action: 'verify',
      each: false,
    });
  });

  it('is said on the button and in the row', () => {
    const of = (choice: Parameters<typeof doingOf>[1], changes: Partial<PlanItem> = {}) => {
      const doing = doingOf(item(changes), choice, 'decrypt');
      if (!doing) throw new Error('nothing to do');
      return doing;
    };
    const where = (outputFolder: string, hideNames: boolean, keepOld = false) => ({ outputFolder, hideNames, keepOld });
    const file = of(undefined, { kind: 'file', action: 'decrypt' });
    expect(startWords([], 'papers')).toBe('Nothing to do');
    expect(startWords([of('encrypt'), of('archive')], 'papers')).toBe('Encrypt 2 items with papers');
    expect(startWords([file, of('decrypt')], 'papers')).toBe('Decrypt 1 file and 1 folder');
    expect(startWords([of('archive'), file, of('verify')], 'papers')).toBe(
      'Encrypt 1 item with papers, decrypt 1 file and check 1 folder',
    );
    expect(resultWords(of('archive', { exists: true }), where('', false))).toBe(
      ' → tree.tar.encrypted (is there already)',
    );
    expect(resultWords(of('encrypt', { exists: true }), where('', false))).toBe(' → beside each original');
    expect(resultWords(of('encrypt'), where('/home/out', false))).toBe(' → tree in out');
    expect(resultWords(of('encrypt'), where('/home/out', true))).toBe(' → a new folder with random names');
    expect(resultWords(of('verify'), where('/home/out', true))).toBe('');
    const renewed = doingOf(item({ kind: 'file', action: 'decrypt' }), undefined, 'reencrypt');
    if (!renewed) throw new Error('nothing to do');
    expect(startWords([renewed, of('reencrypt')], 'vacation')).toBe('Re-encrypt 1 file and 1 folder under vacation');
    expect(resultWords(renewed, where('', false))).toBe(' → in place of the old file');
    expect(resultWords(of('reencrypt'), where('', false, true))).toBe(' → beside each old file');
    expect(resultWords(of('reencrypt'), where('/home/out', false, true))).toBe(' → tree in out');
  });

  it('is counted without the files there was nothing to do with', () => {
    const job = (action: Job['action'], failed: number) =>
      ({ action, counts: { total: 1010, done: 1000 - failed, failed, skipped: 10 } }) as Job;
    expect(countWords(job('verify', 3))).toBe('997 of 1,000 files open, 3 do not, 10 left out');
    expect(countWords(job('encrypt', 0))).toBe('1,000 of 1,000 files encrypted, 10 left out');
    expect(countWords(job('reencrypt', 1))).toBe('999 of 1,000 files re-encrypted, 1 failed, 10 left out');
  });

  it('tells what became of originals', () => {
    const words = (moved: number, kept: number, counts?: Job['counts']) =>
      originalWords({
        originals: { moved, kept, ...(kept > 0 ? { why: 'It changed.' } : {}) },
        ...(counts ? { counts } : {}),
      });
    const counts = { total: 5, done: 5, failed: 0, skipped: 0 };
    expect(originalWords({})).toBe('');
    expect(words(0, 0)).toBe('');
    expect(words(1, 0)).toBe('original in the trash');
    expect(words(0, 1)).toBe('the original stays: It changed.');
    expect(words(1200, 0, counts)).toBe('1,200 originals in the trash');
    expect(words(3, 2, counts)).toBe('3 originals in the trash, 2 originals stay: It changed.');
  });
});
