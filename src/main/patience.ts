/**
 * How long jobs under way have to end when the vault locks, in milliseconds. A disk that does not answer
 * (a network drive that is gone, say) ends nothing, and must not keep the vault open.
 */
export const PATIENCE_MS = 5_000;

/** Works that nobody waits for any more, and that are not over. */
const given = new Set<Promise<unknown>>();

/** Whether something is still stuck that was given up waiting for. */
export const isStuck = (): boolean => given.size > 0;

/** Waits until `work` is over, but no longer than `ms`; whether it was. @throws what the work throws while it is waited for */
export async function waitAtMost(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      given.add(work);
      const over = () => given.delete(work);
      work.then(over, over);
      resolve(false);
    }, ms);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
