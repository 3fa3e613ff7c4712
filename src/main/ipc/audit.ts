import { alsoEndedBy, type Progress } from '../../shared/progress.ts';
import { exportTrail } from '../audit/export.ts';
import { verifyTrail } from '../audit/verify.ts';
import type { OpenVault } from '../open-vault.ts';
import type { Session } from '../session.ts';
import { absolute } from './absolute.ts';
import { LongCalls, toldOf } from './long-calls.ts';
import type { Emit, Handlers } from './router.ts';

type TrailJob = 'verify' | 'export';

export interface AuditParts {
  readonly now: () => number;
  readonly emit: Emit;
}

/** What answers the window about the long jobs over the whole trail, of each of which one goes on at a time. */
export function auditHandlers(
  session: Session,
  { now, emit }: AuditParts,
): Pick<Handlers, Extract<keyof Handlers, `audit.${string}`>> {
  const calls = new LongCalls<TrailJob>();
  async function run<T>(job: TrailJob, work: (open: OpenVault, progress: Progress) => Promise<T>): Promise<T> {
    const open = session.opened();
    const onProgress = toldOf((done, total) => emit('audit.progress', { job, done, total }));
    return calls.run(job, (signal) => work(open, alsoEndedBy({ onProgress, signal }, open.signal)));
  }
  return {
    'audit.verify': () =>
      run('verify', async ({ vault, trail }, progress) => {
        await vault.transact((tx) => trail.sealDigest(tx, now()));
        return verifyTrail(vault.db, trail, progress);
      }),
    'audit.export': ({ format, folder, from, to }) =>
      run('export', async ({ vault }, progress) =>
        exportTrail(vault.db, { format, folder: await absolute(folder), from, to, now: now(), ...progress }),
      ),
    'audit.cancel': ({ job }) => {
      calls.cancel(job);
      return {};
    },
  };
}
