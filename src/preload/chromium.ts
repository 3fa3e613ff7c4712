import type { Bridge } from '../shared/contract/bridge.ts';
import { callNames, eventNames } from '../shared/contract/names.ts';
import { inCalls } from '../shared/contract/paths-per-call.ts';

/** What the Chromium shell puts into the page before its own scripts run; the same bridge as Electron's preload. */
interface ShellGlobals {
  readonly __cofferInvoke: (name: string, payload: string) => Promise<string>;
  readonly __cofferPaths: (token: number, count: number) => Promise<string[]>;
  /** Files whose paths the shell is asked for, by token. */
  __cofferFiles: Map<number, readonly File[]>;
  __cofferPick: (folder: boolean) => Promise<{ token: number; count: number; relative: string } | null>;
}

const page = window as unknown as ShellGlobals;
const { __cofferInvoke: invoke, __cofferPaths: paths } = page;
const calls: ReadonlySet<string> = new Set(callNames);
const events: ReadonlySet<string> = new Set(eventNames);
let tokens = 0;

function keep(files: readonly File[]): number {
  const token = ++tokens;
  page.__cofferFiles.set(token, files);
  return token;
}

const bridge: Bridge = {
  invoke: (name, payload) =>
    calls.has(name) ? invoke(name, payload) : Promise.reject(new Error('There is no call of that name.')),
  on: (listener) => {
    const forward = (event: Event) => {
      const [name, payload] = (event as CustomEvent<[string, string]>).detail;
      if (events.has(name)) listener(name, payload);
    };
    window.addEventListener('coffer:event', forward);
    return () => window.removeEventListener('coffer:event', forward);
  },
  pathsFor: async (files) => {
    const all: string[] = [];
    for (const some of inCalls(files)) {
      const token = keep(some);
      try {
        all.push(...(await paths(token, some.length)));
      } finally {
        page.__cofferFiles.delete(token);
      }
    }
    return all;
  },
};

function pick(folder: boolean): Promise<{ token: number; count: number; relative: string } | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = folder;
    input.addEventListener('cancel', () => resolve(null));
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])];
      resolve({ token: keep(files), count: files.length, relative: files[0]?.webkitRelativePath ?? '' });
    });
    input.click();
  });
}

if (window.top === window) {
  page.__cofferFiles = new Map();
  page.__cofferPick = pick;
  Object.defineProperty(window, 'coffer', { value: Object.freeze(bridge), writable: false, configurable: false });
}
