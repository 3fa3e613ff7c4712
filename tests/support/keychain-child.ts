import { systemKeychain } from '../../src/main/vault/keychain.ts';

/**
 * Asks the system's keychain, as a process of its own: libsecret keeps the bus it found first. Each argument is a question;
 * the answers are printed as a JSON array, errors as `{ code, message }`.
 */
const keychain = systemKeychain();
const questions: Record<string, () => Promise<unknown>> = {
  available: () => keychain.available(),
  get: () => keychain.get('test/entry'),
  set: () => keychain.set('test/entry', 'c2VjcmV0'),
  delete: () => keychain.delete('test/entry'),
};
const answers: unknown[] = [];
for (const question of process.argv.slice(2)) {
  const answer = await questions[question]?.().catch(({ code, message }) => ({ code, message }));
  answers.push(answer ?? null);
}
console.log(JSON.stringify(answers));
