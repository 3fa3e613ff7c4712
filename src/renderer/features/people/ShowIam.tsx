import type { IamInput, IamOperationName } from '../../../shared/iam/operations.ts';
import { ShowAs } from '../../components/ShowAs.tsx';

/** Shows a call of IAM as AWS's own; IAM has no Regions. */
export function ShowIam<N extends IamOperationName>({ operation, input }: { operation: N; input: IamInput<N> }) {
  return <ShowAs service="iam" operation={operation} input={input as Record<string, unknown>} region="" />;
}
