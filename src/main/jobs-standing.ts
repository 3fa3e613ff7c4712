/** What is known of a job, of files or of signing alike. */
export interface JobFacts {
  readonly id: string;
  readonly state: 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
  readonly name: string;
  readonly totalBytes: number;
  readonly doneBytes: number;
  readonly createdAt: number;
  readonly finishedAt?: number | undefined;
}

/** How far the work under way is. */
export interface Progress {
  /** From 0 to 1; null while that is not known. */
  readonly fraction: number | null;
  /** Something failed. */
  readonly failed: boolean;
}

const over = ({ state }: JobFacts) => state === 'done' || state === 'failed' || state === 'cancelled';

/** A stretch of work: from the first job that waits or runs until nothing is under way any more. */
export class JobsStanding {
  readonly #jobs = new Map<string, JobFacts>();
  /** Ids of jobs whose end was answered already. */
  readonly #told = new Set<string>();

  /** Takes in what changed; answers the jobs of the stretch that has just come to its end, else null. */
  take(jobs: readonly JobFacts[], removed: readonly string[]): readonly JobFacts[] | null {
    for (const job of jobs) {
      if (!over(job)) this.#told.delete(job.id);
      // Work so short that only its end is seen counts as well.
      if (!this.#told.has(job.id)) this.#jobs.set(job.id, job);
    }
    for (const id of removed) {
      this.#jobs.delete(id);
      this.#told.delete(id);
    }
    if (this.active > 0) return null;
    const ended = [...this.#jobs.values()];
    for (const { id } of ended) this.#told.add(id);
    this.#jobs.clear();
    return ended.length > 0 ? ended : null;
  }

  /** Jobs that wait, run or are paused. */
  get active(): number {
    return [...this.#jobs.values()].filter((job) => !over(job)).length;
  }

  /** Null while nothing is under way. */
  progress(): Progress | null {
    if (this.active === 0) return null;
    const jobs = [...this.#jobs.values()].filter(({ state }) => state !== 'cancelled');
    const total = jobs.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
    const done = jobs.reduce((sum, { doneBytes }) => sum + doneBytes, 0);
    return {
      fraction: total > 0 && done > 0 ? Math.min(1, done / total) : null,
      failed: jobs.some(({ state }) => state === 'failed'),
    };
  }

  clear(): void {
    this.#told.clear();
    this.#jobs.clear();
  }
}
