import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { isOwnUserAgent } from '../../../shared/user-agents.ts';
import { eventWords } from './event-words.ts';

export type TrailEvent = OperationOutput<'LookupEvents'>['Events'][number];

/** `arn:aws:iam::111122223333:root` as a person calls it. */
export function principalName(arn: string): string {
  // Of an assumed role the role's name, not the session's.
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return role ?? (/:root$/.test(arn) ? 'Root' : (arn.split(/[:/]/).at(-1) ?? arn));
}

/** A record as a plain sentence. */
export function sentenceOf(event: TrailEvent): string {
  const who = event.PrincipalArn.startsWith('arn:') ? principalName(event.PrincipalArn) : 'Coffer';
  const files = isOwnUserAgent(event.UserAgent, 'files') ? ' for a file' : '';
  const { EventName: name } = event;
  const [done, tried] = Object.hasOwn(eventWords, name)
    ? eventWords[name as keyof typeof eventWords]
    : [`called ${name}`, `call ${name}`];
  return event.ErrorCode ? `${who} tried to ${tried}${files}` : `${who} ${done}${files}`;
}
