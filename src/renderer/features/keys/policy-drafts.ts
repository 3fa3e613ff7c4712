import { create } from 'zustand';
import { onSessionEnd } from '../../lib/session.ts';

interface Drafts {
  /** Policies that are being written, by the ARN of their key: going elsewhere in the window loses none. */
  readonly texts: Readonly<Record<string, string>>;
}

export const usePolicyDrafts = create<Drafts>()(() => ({ texts: {} }));
onSessionEnd(() => usePolicyDrafts.setState({ texts: {} }));

export const keepDraft = (arn: string, text: string): void =>
  usePolicyDrafts.setState(({ texts }) => ({ texts: { ...texts, [arn]: text } }));

export const dropDraft = (arn: string): void =>
  usePolicyDrafts.setState(({ texts: { [arn]: _, ...texts } }) => ({ texts }));
