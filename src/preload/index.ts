import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../shared/contract/bridge.ts';
import { callNames, eventNames } from '../shared/contract/names.ts';

const calls: ReadonlySet<string> = new Set(callNames);
const events: ReadonlySet<string> = new Set(eventNames);

const bridge: Bridge = {
  invoke: (name, payload) =>
    calls.has(name)
      ? ipcRenderer.invoke('coffer:invoke', name, payload)
      : Promise.reject(new Error('There is no call of that name.')),
  on: (listener) => {
    const forward = (_event: unknown, name: string, payload: string) => {
      if (events.has(name)) listener(name, payload);
    };
    ipcRenderer.on('coffer:event', forward);
    return () => ipcRenderer.off('coffer:event', forward);
  },
  pathsFor: async (files) => files.map((file) => webUtils.getPathForFile(file)),
};

contextBridge.exposeInMainWorld('coffer', bridge);
