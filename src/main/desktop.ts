import type { EventName, EventPayload } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { type JobFacts, JobsStanding } from './jobs-standing.ts';
import { comingUp } from './kms/coming.ts';
import type { PreferencesStore } from './preferences.ts';
import { dueReminders, reminderWords } from './reminders.ts';
import type { Session } from './session.ts';
import type { Shell } from './shell/shell.ts';

/** Work that took less needs no notice. */
const LONG_MS = 5_000;
const TICK_MS = 5_000;
/** What is coming changes slowly; the first look is soon after unlocking. */
const LOOK_MS = 10 * 60_000;

export interface DesktopParts {
  readonly shell: Pick<Shell, 'show' | 'notify' | 'focused'>;
  readonly session: Pick<Session, 'opened' | 'isOpen' | 'told' | 'remember'>;
  readonly preferences: PreferencesStore;
  readonly now: () => number;
  readonly onBug: (error: unknown, where: string) => void;
  readonly tickMs?: number;
}

/**
 * What the desktop is told outside of the window, where the shell has a way to: how the vault and its jobs stand, and notices.
 * It sees the events that the window is sent.
 */
export class Desktop {
  readonly #parts: DesktopParts;
  readonly #files = new JobsStanding();
  readonly #signing = new JobsStanding();
  #tick: NodeJS.Timeout | undefined;
  #lookAt = 0;
  #failed = false;

  constructor(parts: DesktopParts) {
    this.#parts = parts;
  }

  /** Looks at what is coming from now on, as the clock goes. */
  begin(): void {
    const { shell, onBug, tickMs = TICK_MS } = this.#parts;
    this.#show();
    if (!shell.notify) return;
    this.#tick = setInterval(() => void this.remind().catch((error) => onBug(error, 'reminders')), tickMs);
    this.#tick.unref();
  }

  close(): void {
    clearInterval(this.#tick);
  }

  /** The person has the window before them. */
  focused(): void {
    if (!this.#failed) return;
    this.#failed = false;
    this.#show();
  }

  see<N extends EventName>(name: N, payload: EventPayload<N>): void {
    if (name === 'vault.changed') {
      if (!this.#parts.session.isOpen) {
        this.#files.clear();
        this.#signing.clear();
        this.#failed = false;
        this.#lookAt = 0;
      }
      this.#show();
    } else if (name === 'files.changed' || name === 'sign.changed') {
      const { jobs, removed } = payload as EventPayload<'files.changed'> | EventPayload<'sign.changed'>;
      const ended = (name === 'files.changed' ? this.#files : this.#signing).take(jobs, removed);
      if (ended) this.#ended(ended, name === 'files.changed' ? 'files' : 'sign');
      this.#show();
    }
  }

  /** Tells of what is coming, when it is time to look and something is due. */
  async remind(): Promise<void> {
    const { session, shell, preferences, now } = this.#parts;
    const at = now();
    // Further away than a look ever is, the next one was set while the clock was ahead.
    const waits = at < this.#lookAt && this.#lookAt - at <= LOOK_MS;
    if (!session.isOpen || waits || !shell.notify) return;
    this.#lookAt = at + LOOK_MS;
    const { on, names } = noticesOf(preferences);
    if (!on) return;
    const { due, told } = dueReminders(comingUp(session.opened().vault.db, at), session.told(), at);
    if (due.length === 0) return;
    try {
      await session.remember({ told });
    } catch (error) {
      // A full disk, or a lock that came in between: told at another time.
      if (error instanceof CofferError) return;
      throw error;
    }
    shell.notify({ ...reminderWords(due, at, names), goTo: 'go.keys' });
  }

  #ended(jobs: readonly JobFacts[], kind: 'files' | 'sign'): void {
    const { shell, preferences } = this.#parts;
    const away = shell.focused?.() === false;
    const told = jobs.filter(({ state }) => state !== 'cancelled');
    const failed = told.filter(({ state }) => state === 'failed').length;
    if (away && failed > 0) this.#failed = true;
    const long = told.some(({ createdAt, finishedAt = createdAt }) => finishedAt - createdAt >= LONG_MS);
    const { on, names } = noticesOf(preferences);
    if (!away || !long || !on) return;
    const word = (count: number) => (count === 1 ? 'job' : 'jobs');
    const done = told.length - failed;
    const [only] = told;
    const which = names && told.length === 1 && only ? `: ${only.name}` : '.';
    shell.notify?.({
      title: failed === 0 ? 'Done' : done === 0 ? 'Failed' : 'Done, with failures',
      body:
        failed === 0
          ? `${done} ${word(done)} finished${which}`
          : done === 0
            ? `${failed} ${word(failed)} failed${which}`
            : `${done} ${word(done)} finished, ${failed} failed.`,
      goTo: kind === 'files' ? 'go.files' : 'go.sign',
    });
  }

  #show(): void {
    const { shell, session } = this.#parts;
    if (!shell.show) return;
    const progresses = [this.#files.progress(), this.#signing.progress()].filter((each) => each !== null);
    const known = progresses.flatMap(({ fraction }) => (fraction === null ? [] : [fraction]));
    shell.show({
      open: session.isOpen,
      jobs: this.#files.active + this.#signing.active,
      progress:
        progresses.length > 0
          ? {
              fraction: known.length > 0 ? known.reduce((sum, each) => sum + each, 0) / known.length : null,
              failed: progresses.some(({ failed }) => failed),
            }
          : this.#failed
            ? { fraction: 1, failed: true }
            : null,
    });
  }
}

/** On, and without names, unless the person chose otherwise. */
const noticesOf = (preferences: PreferencesStore) => preferences.get().notices ?? { on: true, names: false };
