import { expect, it } from 'vitest';
import { Database } from '../../../src/main/vault/database.ts';

it('a stamp grows with every change of its table and everything that may undo or cascade one', async () => {
  const db = await Database.open();
  db.apply('CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER)');
  db.apply('CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a ON DELETE CASCADE)');
  const grew = (work: () => unknown): [a: boolean, b: boolean] => {
    const before = [db.stamp('a'), db.stamp('b')] as const;
    work();
    return [db.stamp('a') > before[0], db.stamp('b') > before[1]];
  };
  expect(grew(() => db.apply('INSERT INTO a VALUES (1, 1)'))).toEqual([true, false]);
  expect(grew(() => db.apply('INSERT INTO a VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = 2'))).toEqual([
    true,
    false,
  ]);
  expect(grew(() => db.apply('  update a SET n = 3'))).toEqual([true, false]);
  expect(grew(() => db.apply('INSERT INTO b VALUES (1, 1)'))).toEqual([false, true]);
  expect(grew(() => db.apply('INSERT OR REPLACE INTO a VALUES (1, 4)'))).toEqual([true, true]);
  expect(grew(() => db.apply('DELETE FROM a'))).toEqual([true, true]);
  expect(grew(() => db.apply('WITH x AS (SELECT 1) INSERT INTO a SELECT 5, 5'))).toEqual([true, true]);
  expect(grew(() => db.all('SELECT * FROM a'))).toEqual([false, false]);
  expect(
    grew(() => {
      db.begin();
      db.unit((tx) => tx.get('SELECT * FROM a'));
      db.commit();
    }),
  ).toEqual([false, false]);
  const undone = () =>
    db.unit((tx) => {
      tx.run('UPDATE a SET n = 6');
      throw new Error('undone');
    });
  expect(grew(() => expect(undone).toThrow('undone'))).toEqual([true, true]);
  expect(
    grew(() => {
      db.begin();
      db.rollback();
    }),
  ).toEqual([true, true]);
  expect(grew(() => expect(() => db.apply('INSERT INTO b VALUES (9, 99)')).toThrow())).toEqual([false, true]);
  db.close();
});
