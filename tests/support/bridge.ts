import { vi } from 'vitest';
import { Recorded } from '../../src/main/ipc/recorded.ts';
import { createRouter, type Handlers } from '../../src/main/ipc/router.ts';
import type { OperationName } from '../../src/shared/kms/operations.ts';
import { ACCOUNT } from './engine.ts';
import { openTestPeople } from './iam.ts';

/**
 * People and an engine in memory behind the window's bridge: they answer what the renderer's own code calls, as the vault's owner.
 * Who opens it calls `vi.unstubAllGlobals` afterwards.
 */
export async function openTestBridge() {
  const t = await openTestPeople();
  const handlers: Pick<Handlers, 'kms.call' | 'people.call'> = {
    'kms.call': async ({ operation, input, region }) => {
      const { output, requestId } = await t.answer(operation as OperationName, input as never, { region });
      return new Recorded(output as Record<string, unknown>, requestId);
    },
    'people.call': async ({ operation, input, accountId = ACCOUNT }) => {
      const as = { ...t.caller, accountId, principalArn: `arn:aws:iam::${accountId}:root` };
      const { output, requestId } = await t.people.answer(as, operation as never, input as never);
      return new Recorded(output as Record<string, unknown>, requestId);
    },
  };
  const invoke = createRouter(handlers as Handlers, (error) => t.bugs.push(error));
  vi.stubGlobal('window', { coffer: { invoke, on: () => undefined } });
  return t;
}
