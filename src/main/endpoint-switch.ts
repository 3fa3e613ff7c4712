import type { CallInput, CallOutput } from '../shared/contract/index.ts';
import { DEFAULT_PORT } from '../shared/contract/limits.ts';
import { type Endpoint, type EndpointParts, startEndpoint } from './endpoint/server.ts';
import type { PreferencesStore } from './preferences.ts';
import { Turn } from './turn.ts';

export type EndpointStatus = CallOutput<'endpoint.status'>;

export interface EndpointSwitchParts extends EndpointParts {
  readonly preferences: PreferencesStore;
  readonly onChange: (status: EndpointStatus) => void;
}

/** What is told of a port that cannot be opened. */
export function portProblem(error: unknown, port: number): { code: string; message: string } {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return { code: 'PortTaken', message: `Port ${port} is taken by another program. Choose another one.` };
  if (code === 'EACCES')
    return { code: 'PortRefused', message: `Port ${port} may not be opened by this account. Choose one above 1023.` };
  return { code: 'PortRefused', message: `Port ${port} cannot be opened: the system answered ${code}.` };
}

/**
 * The endpoint of the window's process, off unless a person has switched it on. The switch is a preference, not a setting of the
 * vault: the endpoint is up while the vault is locked, to say so, and which port is free is a matter of the computer.
 */
export class EndpointSwitch {
  readonly #parts: EndpointSwitchParts;
  #endpoint: Endpoint | undefined;
  #problem: EndpointStatus['problem'];
  /** One change after the other. */
  readonly #turn = new Turn();

  constructor(parts: EndpointSwitchParts) {
    this.#parts = parts;
  }

  status(): EndpointStatus {
    const { on, port } = this.#wanted();
    return {
      on,
      port,
      ...(this.#endpoint ? { url: `http://127.0.0.1:${this.#endpoint.port}` } : {}),
      ...(this.#problem ? { problem: this.#problem } : {}),
    };
  }

  /** Starts it when it is switched on. */
  begin(): Promise<void> {
    return this.#turn.take(() => this.#follow());
  }

  /** Remembers what is wanted, then does it. @throws CofferError when the preferences cannot be written */
  set(changes: CallInput<'endpoint.set'>): Promise<EndpointStatus> {
    return this.#turn.take(async () => {
      const wanted = this.#wanted();
      await this.#parts.preferences.set({
        endpoint: { on: changes.on ?? wanted.on, port: changes.port ?? wanted.port },
      });
      await this.#follow();
      const status = this.status();
      this.#parts.onChange(status);
      return status;
    });
  }

  /** Stops answering, whatever the switch says. Resolves when the calls under way are answered. */
  close(): Promise<void> {
    return this.#turn.take(() => this.#stop());
  }

  #wanted(): { on: boolean; port: number } {
    return this.#parts.preferences.get().endpoint ?? { on: false, port: DEFAULT_PORT };
  }

  async #follow(): Promise<void> {
    const { on, port } = this.#wanted();
    this.#problem = undefined;
    if (on && this.#endpoint?.port === port) return;
    await this.#stop();
    if (!on) return;
    try {
      this.#endpoint = await startEndpoint(this.#parts, port);
    } catch (error) {
      this.#problem = portProblem(error, port);
    }
  }

  async #stop(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    await endpoint?.close();
  }
}
