import { Text } from '@mantine/core';
import type { IamInput } from '../../../../shared/iam/operations.ts';
import { ShowIam } from '../../../components/ShowIam.tsx';

type Operation = 'EnableMFADevice' | 'ResyncMFADevice';

interface Props<N extends Operation> {
  readonly operation: N;
  readonly input: IamInput<N>;
}

/** Shows what takes two codes of a device. At AWS both ask for a user's name, which a root has none of. */
export function ShowTwoCodes<N extends Operation>({ operation, input }: Props<N>) {
  if (input.UserName !== undefined) return <ShowIam operation={operation} input={input} />;
  return (
    <Text size="xs" c="dimmed" maw="16rem">
      AWS has no call for a root's device: it is done in AWS's console.
    </Text>
  );
}
