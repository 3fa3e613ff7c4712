import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFiles, over } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

describe('"do all files of this key still open?"', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });
  const seal = async (file: string, keyId = files.arn) => {
    await writeFile(file, path.basename(file));
    return (await files.run(file, 'encrypt', { keyId })).output ?? '';
  };
  const check = async (paths: readonly string[]) => {
    const { id } = files.service.check('Files under papers', { keyArn: files.arn, paths }, files.caller.region);
    const job = await over(files.service, id);
    return { job, results: files.service.results(id) };
  };

  it('is one job over files and folders wherever they lie, with one report', () =>
    inTemporaryFolder(async (dir) => {
      const at = (name: string) => path.join(dir, name);
      await mkdir(at('tree/deep'), { recursive: true });
      await mkdir(at('out'));
      const other = await files.key();
      const good = await seal(at('good'));
      const damaged = await seal(at('damaged'));
      const inside = await seal(at('tree/deep/inside'));
      const foreign = await seal(at('tree/foreign'), other.arn);
      await writeFile(damaged, 'no message any more');
      await symlink(good, at('led.encrypted'));
      const gone = at('gone.encrypted');
      const { job, results } = await check([good, damaged, at('tree'), inside, foreign, gone, at('led.encrypted')]);
      expect(job).toMatchObject({
        name: 'Files under papers',
        path: files.arn,
        keyArn: files.arn,
        action: 'verify',
        state: 'done',
        // Left out: what is gone, the file of another key, and the two plain files of the folder.
        counts: { total: 8, done: 2, failed: 2, skipped: 4 },
      });
      expect(Object.fromEntries(results.map(({ name, outcome }) => [name, outcome]))).toEqual({
        [good]: 'done',
        [inside]: 'done',
        [damaged]: 'not-coffer',
        [at('led.encrypted')]: 'failed',
        [gone]: 'skipped',
      });
    }));

  it('is tried again by the job itself, and looks anew', () =>
    inTemporaryFolder(async (dir) => {
      const sealed = await seal(path.join(dir, 'a'));
      const { id } = files.service.check('Files', { keyArn: files.arn, paths: [sealed] }, files.caller.region);
      files.service.cancel(id);
      expect(await over(files.service, id)).toMatchObject({ state: 'cancelled' });
      await rm(sealed);
      files.service.retry(id);
      expect(await over(files.service, id)).toMatchObject({ state: 'done', counts: { total: 1, done: 0, skipped: 1 } });
    }));
});
