import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Batch, Outcome, Task } from './protocol.ts';
import type { OnConflict } from './target.ts';

/** Whose result a name is: a job's, of one of its sources. */
interface Owner {
  readonly job: string;
  readonly source: string;
}

interface Claim {
  readonly output: string;
  readonly owner: string;
}

/** One text for names that a disk may take for the same: it may not tell case, nor how an accent is written. */
const folded = (output: string) => output.normalize('NFC').toUpperCase();

async function claimOf(output: string, { job, source }: Owner): Promise<Claim> {
  const folder = path.dirname(output);
  const real = await realpath(folder).catch(() => folder);
  return { output: path.join(real, path.basename(output)), owner: `${job} ${source}` };
}

const identityOf = (file: string) =>
  lstat(file, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );

const takenByAnother = (output: string) =>
  new CofferError(
    'FileExists',
    `${path.basename(output)} is the result of another file of this list, which is not replaced. Keep both.`,
    { path: output },
  );

/** The names of results of jobs that were started together: none of these replaces another, whatever was asked for. */
export class Claims {
  readonly #claims = new Map<string, Claim[]>();

  /**
   * Claims a name before its result is made; `owner` may ask again.
   * @returns how a conflict is to be settled: only what stands there now may be replaced, so that a result that comes later
   * under a name the disk takes for the same one is not. @throws CofferError `FileExists` when another result has the name.
   */
  async take(output: string, owner: Owner, onConflict: OnConflict): Promise<OnConflict> {
    if (onConflict === 'rename') return onConflict;
    const claim = await claimOf(output, owner);
    const others = this.#othersOf(claim);
    if (others.some((other) => other.output === claim.output)) throw takenByAnother(output);
    this.#add(claim);
    const there = onConflict === 'replace' ? await identityOf(output) : undefined;
    if (there === undefined) return 'fail';
    for (const other of others) {
      if ((await identityOf(other.output)) !== there) continue;
      this.#remove(claim);
      throw takenByAnother(output);
    }
    return onConflict;
  }

  /** Claims the names that results got in the end, where these are others than those that were asked for. */
  async hold(task: Task | Batch, outcome: Outcome, job: string): Promise<void> {
    if ('failed' in outcome) return;
    if (task.action === 'batch') {
      for (const [at, each] of (outcome.items ?? []).entries())
        if (each) await this.hold(task.tasks[at] as Task, each, job);
    } else if (outcome.output !== undefined && outcome.output !== task.output) {
      this.#add(await claimOf(outcome.output, { job, source: task.source }));
    }
  }

  /** Gives up a name whose result was not made. */
  async release(output: string, owner: Owner): Promise<void> {
    this.#remove(await claimOf(output, owner));
  }

  #othersOf({ output, owner }: Claim): Claim[] {
    return this.#claims.get(folded(output))?.filter((other) => other.owner !== owner) ?? [];
  }

  #add(claim: Claim): void {
    this.#remove(claim);
    this.#claims.set(folded(claim.output), [...(this.#claims.get(folded(claim.output)) ?? []), claim]);
  }

  #remove({ output, owner }: Claim): void {
    const left = this.#claims.get(folded(output))?.filter((each) => each.output !== output || each.owner !== owner);
    if (left?.length) this.#claims.set(folded(output), left);
    else this.#claims.delete(folded(output));
  }
}
