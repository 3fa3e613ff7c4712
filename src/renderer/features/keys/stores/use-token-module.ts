import type { CallOutput } from '../../../../shared/contract/index.ts';
import { invoke } from '../../../lib/api.ts';
import { type Action, type Loaded, useAction, useLoad } from '../../../lib/use-call.ts';

export type ModuleStatus = CallOutput<'tokens.module'>;
export type Token = CallOutput<'tokens.list'>['tokens'][number];

export interface TokenModuleState {
  readonly module: Loaded<ModuleStatus>;
  readonly tokens: Loaded<readonly Token[]>;
  /** Uses one of the installed modules, none (`null`), or the file picked in the system's dialog (`undefined`). */
  readonly choose: Action<[path: string | null | undefined], void>;
}

/** The PKCS#11 module and the tokens it has: read for a screen that shows or needs them. */
export function useTokenModule(): TokenModuleState {
  const module = useLoad('token module', () => invoke('tokens.module', {}));
  const path = module.data?.path;
  const tokens = useLoad(path === undefined ? null : `tokens of ${path}`, async () => {
    const answer = await invoke('tokens.list', {});
    return answer.tokens;
  });
  const choose = useAction(async (file: string | null | undefined) => {
    if (file === undefined) await invoke('tokens.pickModule', {});
    else await invoke('tokens.setModule', { path: file });
    module.reload();
  });
  return { module, tokens, choose };
}
