import { describe, expect, it } from 'vitest';
import { doingOf, resultWords, startWords, usualChoice } from '../../../src/renderer/features/files/choice.ts';
import { countWords } from '../../../src/renderer/features/files/results.ts';
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
    expect(usualChoice(item())).toBe('archive');
    expect(usualChoice(item({ encrypted: 1 }))).toBe('archive');
    expect(usualChoice(item({ encrypted: 2 }))).toBe('decrypt');
    expect(usualChoice(item({ files: 0 }))).toBe('archive');
    expect(usualChoice(item({ problem }))).toBe('encrypt');
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
    const file = of(undefined, { kind: 'file', action: 'decrypt' });
    expect(startWords([], 'papers')).toBe('Nothing to do');
    expect(startWords([of('encrypt'), of('archive')], 'papers')).toBe('Encrypt 2 items with papers');
    expect(startWords([file, of('decrypt')], 'papers')).toBe('Decrypt 1 file and 1 folder');
    expect(startWords([of('archive'), file, of('verify')], 'papers')).toBe(
      'Encrypt 1 item with papers, decrypt 1 file and check 1 folder',
    );
    expect(resultWords(of('archive', { exists: true }), '', false)).toBe(' → tree.tar.encrypted (is there already)');
    expect(resultWords(of('encrypt', { exists: true }), '', false)).toBe(' → beside each original');
    expect(resultWords(of('encrypt'), '/home/out', false)).toBe(' → tree in out');
    expect(resultWords(of('encrypt'), '/home/out', true)).toBe(' → a new folder with random names');
    expect(resultWords(of('verify'), '/home/out', true)).toBe('');
  });

  it('is counted without the files there was nothing to do with', () => {
    const job = (action: Job['action'], failed: number) =>
      ({ action, counts: { total: 1010, done: 1000 - failed, failed, skipped: 10 } }) as Job;
    expect(countWords(job('verify', 3))).toBe('997 of 1,000 files open, 3 do not, 10 left out');
    expect(countWords(job('encrypt', 0))).toBe('1,000 of 1,000 files encrypted, 10 left out');
  });
});
