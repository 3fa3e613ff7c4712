type Prompt = () => Promise<boolean>;

let prompt: Prompt | undefined;

/** Says who asks for MFA codes; answers the function that takes it back. */
export function registerMfaPrompt(ask: Prompt): () => void {
  prompt = ask;
  return () => {
    if (prompt === ask) prompt = undefined;
  };
}

/** Asks for a code of whom the window acts as; answers whether one was proven. */
export const askForMfa = (): Promise<boolean> => prompt?.() ?? Promise.resolve(false);
