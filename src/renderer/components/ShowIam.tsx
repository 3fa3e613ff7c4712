import type { IamInput, IamOperationName } from '../../shared/iam/operations.ts';
import type { IamCall } from '../lib/api.ts';
import { shownIam } from '../lib/show-as.ts';
import { ShowAs, ShowAsTabs, ShowCalls } from './ShowAs.tsx';

const ELSEWHERE = 'For AWS itself: the local endpoint answers KMS and STS.';

const told = (note?: string): string => (note === undefined ? ELSEWHERE : `${note} ${ELSEWHERE}`);

interface Props<N extends IamOperationName> {
  readonly operation: N;
  readonly input: IamInput<N>;
  /** An icon only, and what its row is about, as `ShowAs` has them. */
  readonly compact?: boolean;
  readonly about?: string;
}

/** Shows a call of IAM as AWS's own; IAM has no Regions. */
export function ShowIam<N extends IamOperationName>({ operation, input, ...rest }: Props<N>) {
  return (
    <ShowAs
      service="iam"
      operation={operation}
      input={input as Record<string, unknown>}
      region=""
      note={told()}
      {...rest}
    />
  );
}

interface CallsProps {
  readonly calls: readonly IamCall[];
  /** What AWS's calls do differently. */
  readonly note?: string;
}

/** The same for calls that are made one after the other. */
export const ShowIamCalls = ({ calls, note }: CallsProps) => (
  <ShowCalls calls={shownIam(calls)} region="" note={told(note)} />
);

/** The same without the button, for a place that has the room. */
export const ShowIamTabs = ({ calls, note }: CallsProps) => (
  <ShowAsTabs calls={shownIam(calls)} region="" note={told(note)} />
);
