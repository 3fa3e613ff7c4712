import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import packages from '../../../package.json' with { type: 'json' };
import { keptImage, newImage } from '../../../src/main/vault/image.ts';

/**
 * What the vault relies on in sql.js. Its version is pinned exactly; whoever raises it finds here what must still hold.
 */
let library: SqlJsStatic;
let db: Database;
const one = (sql: string) => db.exec(sql)[0]?.values[0]?.[0];

beforeAll(async () => {
  library = await initSqlJs();
});
beforeEach(() => {
  db = new library.Database();
  db.run('PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA journal_mode = MEMORY;');
  db.run('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)');
});

describe('sql.js', () => {
  it('is pinned exactly', () => {
    expect(packages.dependencies['sql.js']).toBe('1.16.0');
  });

  it('refuses to export inside a transaction that has written, and the transaction goes on', () => {
    db.run("BEGIN; INSERT INTO note (text) VALUES ('a')");
    expect(() => db.export()).toThrow(/write transactions/);
    db.run('COMMIT');
    expect(one('SELECT count(*) FROM note')).toBe(1);
  });

  it('keeps pragmas and prepared statements across an export', () => {
    const statement = db.prepare('SELECT 7 AS seven');
    db.export();
    for (const [pragma, value] of [
      ['secure_delete', 1],
      ['foreign_keys', 1],
      ['journal_mode', 'memory'],
    ])
      expect(one(`PRAGMA ${pragma}`), String(pragma)).toBe(value);
    expect(statement.step()).toBe(true);
    statement.free();
  });

  it('exports an image that another database opens with the same rows, and that is not shared', () => {
    db.run("INSERT INTO note (text) VALUES ('a')");
    const image = db.export();
    const copy = new library.Database(image);
    image.fill(0);
    expect(copy.exec('SELECT text FROM note')[0]?.values).toEqual([['a']]);
    db.run('DELETE FROM note');
    expect(copy.exec('SELECT count(*) FROM note')[0]?.values).toEqual([[1]]);
  });

  it('keeps an image with room behind it as its own, and writes into the room before it takes other memory', () => {
    const bytes = db.export();
    const image = newImage(bytes.length);
    image.set(bytes);
    const whole = new Uint8Array(image.buffer);
    const kept = new library.Database(keptImage(image));
    kept.run("INSERT INTO note (text) VALUES ('in the same memory')");
    expect(Buffer.from(whole.buffer).includes('in the same memory')).toBe(true);
    // Pages behind the end of the image, in the room; and more than the room holds.
    kept.run('CREATE TABLE second (text TEXT)');
    expect(whole.subarray(bytes.length).some((byte) => byte !== 0)).toBe(true);
    for (let i = 0; i < 200; i++) kept.run('INSERT INTO second VALUES (?)', ['x'.repeat(5000)]);
    const again = new library.Database(kept.export());
    expect(again.exec('SELECT text FROM note')[0]?.values).toEqual([['in the same memory']]);
    expect(again.exec('SELECT sum(length(text)) FROM second')[0]?.values).toEqual([[1_000_000]]);
    expect(again.exec('PRAGMA integrity_check')[0]?.values).toEqual([['ok']]);
  });

  it.each([
    [1, false],
    [0, true],
  ])('with secure_delete = %i leaves what was deleted in the image: %s', (secure, left) => {
    db.run(`PRAGMA secure_delete = ${secure}`);
    db.run('INSERT INTO note (text) VALUES (?)', ['a secret of some length']);
    db.run("INSERT INTO note (text) VALUES ('another')");
    db.run('DELETE FROM note WHERE id = 1');
    expect(Buffer.from(db.export()).includes('a secret of some length')).toBe(left);
  });

  it('gives back bytes, numbers and texts as they were bound', () => {
    db.run('CREATE TABLE value (id INTEGER PRIMARY KEY, any ANY) STRICT');
    const values = [null, 0, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 1.5, '', 'größer 🔑', new Uint8Array([0, 255])];
    for (const value of values) db.run('INSERT INTO value (any) VALUES (?)', [value]);
    expect(db.exec('SELECT any FROM value ORDER BY id')[0]?.values.flat()).toEqual(values);
  });

  it('undoes a whole transaction by itself when it runs out of room', () => {
    db.run(`PRAGMA max_page_count = ${Number(one('PRAGMA page_count')) + 2}`);
    db.run("BEGIN; INSERT INTO note (text) VALUES ('a'); SAVEPOINT s");
    expect(() => db.run('INSERT INTO note (text) VALUES (zeroblob(1000000))')).toThrow(/full/);
    expect(() => db.run('ROLLBACK TO s')).toThrow(/no such savepoint/);
    expect(one('SELECT count(*) FROM note')).toBe(0);
  });
});
