import { rename, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import type { Environment } from '../../../src/main/environment.ts';
import { openPreferences } from '../../../src/main/preferences.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import { openTestSession, REGION, type TestSession } from '../../support/session.ts';
import { memoryKeychain, PASSPHRASE, temporaryFolder } from '../../support/vault.ts';
import { productOptions } from '../../support/vault-engine.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

let t: TestSession;
let home: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dir: home, remove } = await temporaryFolder());
  t = await openTestSession(home);
});
afterEach(async () => {
  await t.session.lock('closed');
  expect(t.bugs).toEqual([]);
  await remove();
});

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );
const later = () => new Promise((resolve) => setTimeout(resolve, 40));
const call = (name: 'CreateKey' | 'ListKeys', input = {}) => {
  const { engine, callerIn } = t.session.opened();
  return engine.call(callerIn(REGION), name, input as never);
};

describe('a session', () => {
  it('goes from no vault to an open one, to a locked one and back', async () => {
    expect(await t.session.status()).toMatchObject({ state: 'none', remembered: false });
    const { recoveryCode } = await t.create();
    const open = await t.session.status();
    expect(open).toMatchObject({ state: 'open', name: 'Test', recoveryPending: 'unconfirmed', region: REGION });
    expect(open.state === 'open' && open.accountId).toMatch(/^[1-9]\d{11}$/);
    await t.session.lock('command');
    expect(await t.session.status()).toMatchObject({ state: 'locked', lockedBecause: 'command', name: 'Test' });
    expect(() => t.session.opened()).toThrow('The vault is locked.');
    expect(await code(t.session.unlock({ kind: 'passphrase', secret: 'not this one' }))).toBe('WrongPassphrase');
    await t.session.unlock({ kind: 'recovery', secret: recoveryCode });
    expect((await t.session.status()).state).toBe('open');
    expect(
      t.events
        .filter(({ name }) => name === 'vault.changed')
        .map(({ payload }) => (payload as { state: string }).state),
    ).toEqual(['open', 'locked', 'open']);
  });

  it('opens one vault at a time and changes nothing while one is open', async () => {
    await t.create();
    for (const attempt of [t.create(), t.unlock(), t.session.choose(home), t.session.restore('x', 'y', 'z')])
      expect(await code(attempt)).toBe('VaultOpen');
  });

  it('asks for the recovery code as it was shown, once', async () => {
    const groups = (await t.create()).recoveryCode.split('-').map((text, index) => ({ index, text }));
    const [first, second, third] = groups as [(typeof groups)[0], (typeof groups)[0], (typeof groups)[0]];
    expect(await t.session.confirmRecovery([first, second, { index: 2, text: '0000' }])).toBe(third.text === '0000');
    expect(await t.session.confirmRecovery([first, first, first])).toBe(false);
    expect(await t.session.confirmRecovery([first, second, third])).toBe(true);
    expect(await code(t.session.confirmRecovery([first, second, third]))).toBe('NoRecoveryCode');
    expect(await t.session.status()).toMatchObject({ recoveryPending: null });
  });

  it('says when one forgotten passphrase would cost the vault', async () => {
    await t.create();
    const recovery = (await t.session.slots()).slots.find(({ kind }) => kind === 'recovery');
    await t.session.removeSlot(recovery?.id ?? '');
    expect(t.events.at(-1)).toMatchObject({ name: 'vault.changed', payload: { recoveryPending: 'missing' } });
    await t.session.addSlot({ kind: 'passphrase', secret: 'another way into the vault' });
    expect(t.events.at(-1)).toMatchObject({ name: 'vault.changed', payload: { recoveryPending: null } });
  });

  it('forgets the shown recovery code when it locks', async () => {
    await t.create();
    await t.session.lock('command');
    await t.unlock();
    expect(await code(t.session.saveRecovery(home))).toBe('NoRecoveryCode');
  });

  it('keeps settings with the vault', async () => {
    await t.create();
    await t.session.setSettings({ name: 'Renamed', autoLockMinutes: 3 });
    await t.session.lock('command');
    await t.unlock();
    expect(t.session.settings()).toMatchObject({ name: 'Renamed', autoLockMinutes: 3, lockOnSuspend: true });
  });

  describe('when the preferences cannot be written', () => {
    beforeEach(async () => {
      await writeFile(`${home}/blocked`, '');
      t = await openTestSession(home, { preferences: await openPreferences(`${home}/blocked/config`) });
    });

    it('makes and opens a vault all the same, says that it is not remembered, and tries again when it opens', async () => {
      const { recoveryCode } = await t.create(`${home}/elsewhere`);
      expect(await t.session.status()).toMatchObject({
        state: 'open',
        path: `${home}/elsewhere`,
        region: REGION,
        notRemembered: expect.stringContaining('the path leads through a file that is not a folder'),
      });
      await t.session.lock('command');
      await rm(`${home}/blocked`);
      await t.session.unlock({ kind: 'recovery', secret: recoveryCode });
      expect(await t.session.status()).not.toHaveProperty('notRemembered');
      expect((await openPreferences(`${home}/blocked/config`)).get().vaultPath).toBe(`${home}/elsewhere`);
    });

    it('says nothing of a vault that is found without being remembered', async () => {
      await t.create();
      expect(await t.session.status()).not.toHaveProperty('notRemembered');
    });

    it('lets another vault be chosen', async () => {
      await t.session.choose(`${home}/elsewhere`);
      expect(await t.session.status()).toMatchObject({ state: 'none', path: `${home}/elsewhere` });
    });
  });

  it('whose disk is not there says that there was one, and opens when the disk is back', async () => {
    await t.create();
    await rename(t.session.path, `${home}/unplugged`);
    await t.session.lock('command');
    expect(await t.session.status()).toMatchObject({ state: 'none', path: t.session.path, remembered: true });
    await rename(`${home}/unplugged`, t.session.path);
    await t.unlock();
    expect((await t.session.status()).state).toBe('open');
  });

  it('remembers damage until the vault opens or another is chosen', async () => {
    await t.create();
    await t.session.lock('command');
    await rm(`${t.session.path}/snapshot-1.sealed`);
    expect(await code(t.unlock())).toBe('VaultDamaged');
    expect(await t.session.status()).toMatchObject({ problem: { code: 'VaultDamaged' } });
    await t.session.choose(`${home}/elsewhere`);
    expect((await t.session.status()).state).toBe('none');
  });

  it('closes a vault it could not start, so that it opens the next time', async () => {
    await t.create();
    await t.session.lock('command');
    const { clock } = t.parts.environment;
    let fails = true;
    const environment: Environment = {
      ...t.parts.environment,
      clock: {
        now: () => {
          if (fails) throw new Error('no clock');
          return clock.now();
        },
      },
    };
    const other = await openTestSession(home, { environment });
    expect(await code(other.unlock())).toBe('Error: no clock');
    fails = false;
    await other.unlock();
    await other.session.lock('command');
  });

  it('gives an account to a vault that was cut off before it had one', async () => {
    const keychain = memoryKeychain();
    const { vault } = await Vault.create(t.session.path, productOptions({ keychain }), {
      name: 'Cut off',
      passphrase: PASSPHRASE,
      useKeychain: false,
    });
    await vault.close();
    await t.unlock();
    await call('CreateKey');
    const { accountId } = t.session.opened();
    await t.session.lock('command');
    await t.unlock();
    expect(t.session.opened().accountId).toBe(accountId);
  });
});

describe('locking', () => {
  it('happens after the minutes without a touch, and not before', async () => {
    await t.create();
    await t.session.setSettings({ autoLockMinutes: 2 });
    t.clock.time += 2 * MINUTE - 1;
    await later();
    expect((await t.session.status()).state).toBe('open');
    t.session.touch();
    t.clock.time += 2 * MINUTE - 1;
    await later();
    expect((await t.session.status()).state).toBe('open');
    t.clock.time += 1;
    expect((await t.locked()).lockedBecause).toBe('idle');
  });

  it('never happens by itself when the person chose so', async () => {
    await t.create();
    await t.session.setSettings({ autoLockMinutes: 0, lockOnSuspend: false });
    t.clock.time += DAY;
    await t.session.suspended();
    await later();
    expect((await t.session.status()).state).toBe('open');
  });

  it('happens when the computer sleeps', async () => {
    await t.create();
    await t.session.suspended();
    expect(await t.session.status()).toMatchObject({ state: 'locked', lockedBecause: 'suspend' });
    await t.session.suspended();
  });

  it('settles the calls under way; nothing answers afterwards', async () => {
    await t.create();
    const { engine, vault, callerIn } = t.session.opened();
    const caller = callerIn(REGION);
    const settled: string[] = [];
    const calls = Array.from({ length: 50 }, () =>
      code(call('CreateKey')).then((outcome) => {
        settled.push(outcome);
      }),
    );
    const locking = t.session.lock('command');
    const late = code(engine.call(callerIn(REGION), 'ListKeys', {}));
    await locking;
    const atLock = settled.length;
    await Promise.all(calls);
    expect([atLock, new Set(settled)]).toEqual([50, new Set(['ok'])]);
    expect(await late).toMatch(/^(ok|VaultLocked)$/);
    expect(await code(engine.call(caller, 'ListKeys', {}))).toBe('VaultLocked');
    expect(() => callerIn(REGION)).toThrow('The vault was locked.');
    expect(() => vault.db.get('SELECT 1')).toThrow();
    const seen = t.events.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(t.events.length).toBe(seen);
    await t.unlock();
    const { output } = (await call('ListKeys')) as { output: { Keys: unknown[] } };
    expect(output.Keys.length).toBe(50);
  });

  it('stops a job that reads the trail, with the reason', async () => {
    await t.create();
    const { vault, trail, signal } = t.session.opened();
    for (let i = 0; i < 8; i++) await Promise.all(Array.from({ length: 100 }, () => call('ListKeys')));
    const job = code(verifyTrail(vault.db, trail, { signal }));
    await t.session.lock('command');
    expect(await job).toBe('VaultLocked');
  });

  it('waits for its turn behind an opening, and twice is once', async () => {
    await t.create();
    await t.session.lock('command');
    const opening = t.unlock();
    await Promise.all([opening, t.session.lock('closed'), t.session.lock('command')]);
    expect(await t.session.status()).toMatchObject({ state: 'locked', lockedBecause: 'closed' });
  });

  it('leaves a signed digest over the whole trail', async () => {
    await t.create();
    await call('CreateKey');
    await t.session.lock('command');
    await t.unlock();
    const { vault, trail } = t.session.opened();
    expect(await verifyTrail(vault.db, trail)).toMatchObject({ ok: true, records: 1, digests: 1 });
  });
});

describe('what comes due', () => {
  it('does not keep the vault shut when the disk is full, and is tried again', async () => {
    await t.create();
    const { output } = (await call('CreateKey')) as { output: { KeyMetadata: { KeyId: string } } };
    const { engine, callerIn } = t.session.opened();
    const { KeyId } = output.KeyMetadata;
    await engine.call(callerIn(REGION), 'EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    await t.session.lock('command');
    t.clock.time += 91 * DAY;
    const full = vi.spyOn(Vault.prototype, 'transact');
    full.mockImplementation(() => Promise.reject(new CofferError('VaultWriteError', 'The disk is full.')));
    await t.unlock();
    expect(await t.session.status()).toMatchObject({ state: 'open', report: { caughtUp: [] } });
    full.mockRestore();
    const rotated = () => t.session.opened().vault.db.all('SELECT 1 FROM materials WHERE key_id = ?', [KeyId]).length;
    for (let i = 0; i < 100 && rotated() < 2; i++) await later();
    expect(rotated()).toBe(2);
  });

  it('is caught up with at opening and told, and happens by the clock while open', async () => {
    await t.create();
    const { output } = (await call('CreateKey')) as { output: { KeyMetadata: { KeyId: string } } };
    const gone = (await call('CreateKey')) as typeof output extends never ? never : { output: typeof output };
    const run = (name: string, input: object) => {
      const { engine, callerIn } = t.session.opened();
      return engine.call(callerIn(REGION), name as 'ListKeys', input);
    };
    const { KeyId } = output.KeyMetadata;
    await run('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    await run('ScheduleKeyDeletion', { KeyId: gone.output.KeyMetadata.KeyId, PendingWindowInDays: 7 });
    await t.session.setSettings({ autoLockMinutes: 0 });
    await t.session.lock('command');
    t.clock.time += 100 * DAY;
    await t.unlock();
    const status = await t.session.status();
    expect(status.state === 'open' && status.report.caughtUp).toEqual([
      { what: 'deleted', keyId: gone.output.KeyMetadata.KeyId },
      { what: 'rotated', keyId: KeyId },
    ]);
    const before = t.events.length;
    t.clock.time += 90 * DAY;
    for (let i = 0; i < 400 && !t.events.slice(before).some(({ name }) => name === 'kms.changed'); i++) await later();
    const { output: rotations } = (await run('ListKeyRotations', { KeyId })) as unknown as {
      output: { Rotations: unknown[] };
    };
    expect(rotations.Rotations.length).toBe(2);
  });
});
