import { create } from 'zustand';
import { invoke } from './api.ts';
import { notifyError } from './notify.tsx';

export type ThemeChoice = 'system' | 'light' | 'dark';

interface Appearance {
  readonly theme: ThemeChoice;
  setTheme(theme: ThemeChoice): void;
}

export const useAppearance = create<Appearance>()((set) => ({
  theme: 'system',
  setTheme(theme) {
    set({ theme });
    invoke('app.setPreferences', { theme }).catch(notifyError);
  },
}));

/** Reads the chosen theme; when the main process does not answer, the system's is as good. */
export async function startAppearance(): Promise<void> {
  try {
    const { theme } = await invoke('app.preferences', {});
    useAppearance.setState({ theme });
  } catch (error) {
    console.error(error);
  }
}
