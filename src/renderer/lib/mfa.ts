import { create } from 'zustand';

/** Asks a person for a code of their second factor and proves it; answers whether it is proven now. */
export type MfaPrompt = () => Promise<boolean>;

const useRegistered = create<{ readonly prompt: MfaPrompt | null }>()(() => ({ prompt: null }));

/** Says how a second factor is asked for; returns the function that takes it back. */
export function registerMfaPrompt(prompt: MfaPrompt): () => void {
  useRegistered.setState({ prompt });
  return () => useRegistered.setState((now) => (now.prompt === prompt ? { prompt: null } : now));
}

/** How to ask for a second factor, or null while nothing can. */
export const useMfaPrompt = (): MfaPrompt | null => useRegistered(({ prompt }) => prompt);

/** Asks for a code of whom the window acts as; answers whether one was proven. */
export const askForMfa = (): Promise<boolean> => useRegistered.getState().prompt?.() ?? Promise.resolve(false);
