import { create } from 'zustand';
import { onSessionEnd } from '../../../lib/session.ts';
import type { Wrapping } from './wrapping.ts';

/** An import under way: what was written for it, and what comes back. */
export interface ImportWork {
  readonly wrapping: Wrapping;
  readonly publicKey: string;
  readonly importToken: string;
  readonly validTo: Date;
  /** What was made and wrapped here. */
  readonly made?: { readonly material: string; readonly wrapped: string };
}

/** By key ARN. Wrapping is done elsewhere, and the screen is found as it was left. */
export const useImports = create<Readonly<Record<string, ImportWork>>>()(() => ({}));

onSessionEnd(() => useImports.setState({}, true));

export const startedImport = (arn: string, work: ImportWork): void => useImports.setState({ [arn]: work });

export function finishedImport(arn: string): void {
  const { [arn]: _done, ...rest } = useImports.getState();
  useImports.setState(rest, true);
}
