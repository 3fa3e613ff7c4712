import { create } from 'zustand';
import type { Acting } from './session.ts';

/** Asks a person for a code of their second factor and proves it; answers what proving it answered, or null when none was. */
export type MfaPrompt = () => Promise<Acting | null>;

const useRegistered = create<{ readonly prompt: MfaPrompt | null }>()(() => ({ prompt: null }));

/** Says how a second factor is asked for; returns the function that takes it back. */
export function registerMfaPrompt(prompt: MfaPrompt): () => void {
  useRegistered.setState({ prompt });
  return () => useRegistered.setState((now) => (now.prompt === prompt ? { prompt: null } : now));
}

/** How to ask for a second factor, or null while nothing can. */
export const useMfaPrompt = (): MfaPrompt | null => useRegistered(({ prompt }) => prompt);

/** Asks for a code of whom the window acts as, as `MfaPrompt` does. */
export const askForMfa: MfaPrompt = () => useRegistered.getState().prompt?.() ?? Promise.resolve(null);
