import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { ACCOUNT } from '../../support/engine.ts';
import { namesIn, openTestFiles } from '../../support/files.ts';
import { addPeople, allow, asRoot, asUser, attach, OTHER, policyOf } from '../../support/people.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

it('account B opens a file encrypted under account A’s key only when both sides allow it', () =>
  inTemporaryFolder(async (folder) => {
    const t = await openTestFiles();
    await addPeople(t.store);
    const file = path.join(folder, 'plan.txt');
    await writeFile(file, 'for both of us');
    await mkdir(path.join(folder, 'opened'));
    expect((await t.run(file, 'encrypt')).state).toBe('done');
    const sealed = `${file}.encrypted`;
    const before = await readFile(sealed);

    const bob = asUser('bob', OTHER);
    const shares = policyOf(
      ...JSON.parse(defaultKeyPolicy(ACCOUNT)).Statement,
      allow('kms:Decrypt', { Principal: { AWS: `arn:aws:iam::${OTHER}:root` } }),
    );
    const opens = policyOf(allow('kms:Decrypt', { Resource: t.arn }));
    const nothing = policyOf(allow('kms:ListKeys'));
    const attempts: readonly [key: string, own: string, opened: boolean][] = [
      [defaultKeyPolicy(ACCOUNT), nothing, false],
      [defaultKeyPolicy(ACCOUNT), opens, false],
      [shares, nothing, false],
      [shares, opens, true],
    ];
    for (const [Policy, own, opened] of attempts) {
      delete t.acting.caller;
      await t.call('PutKeyPolicy', { KeyId: t.arn, Policy });
      await attach(t.store, 'bob', own);
      t.acting.caller = bob;
      const outputFolder = path.join(folder, opened ? 'opened' : '');
      const job = await t.run(sealed, 'decrypt', { outputFolder, onConflict: 'rename' });
      expect([job.state, job.problem?.code]).toEqual(
        opened ? ['done', undefined] : ['failed', 'AccessDeniedException'],
      );
      if (!opened) expect(job.problem?.details?.decision).toMatchObject({ allowed: false, action: 'kms:Decrypt' });
      expect(await readFile(sealed)).toEqual(before);
      // The record is of whoever asked, and says who decided.
      const [record] = await t.events(1);
      expect(record).toMatchObject({ EventName: 'Decrypt', PrincipalArn: bob.principalArn, Resources: [t.arn] });
    }
    expect(await namesIn(folder)).toEqual(['opened', 'plan.txt', 'plan.txt.encrypted']);
    expect(await readFile(path.join(folder, 'opened', 'plan.txt'), 'utf8')).toBe('for both of us');
    // Its account's root is no exception, and B may use the key no further than it was let.
    t.acting.caller = asRoot(OTHER);
    expect((await t.run(file, 'encrypt', { onConflict: 'rename' })).problem?.code).toBe('AccessDeniedException');
    expect(t.bugs).toEqual([]);
    await t.close();
  }));
