import { ShowIamCalls } from '../../components/ShowIam.tsx';
import type { IamCall } from '../../lib/api.ts';
import { useIam } from '../../lib/use-call.ts';
import { asRootOf, type Person } from './model.ts';

/** Why there is more than one call. */
const FIRST = 'AWS deletes nobody who still has something, so that goes first.';

/** What deletes a user or role at AWS, which refuses as long as something is theirs. */
export function ShowDeletion({ person }: { person: Person }) {
  return person.kind === 'user' ? <OfUser person={person} /> : <OfRole person={person} />;
}

function OfRole({ person: { name, policies } }: { person: Person }) {
  const RoleName = name ?? '';
  const calls: IamCall[] = [
    ...policies.map(({ PolicyName }) => ({ operation: 'DeleteRolePolicy' as const, input: { RoleName, PolicyName } })),
    { operation: 'DeleteRole', input: { RoleName } },
  ];
  return <Shown calls={calls} />;
}

/** The list of people says how many keys and devices there are, not which. */
function OfUser({ person: { name, accountId, policies } }: { person: Person }) {
  const UserName = name ?? '';
  const account = asRootOf(accountId);
  const keys = useIam('ListAccessKeys', { UserName }, account).data?.AccessKeyMetadata ?? [];
  const devices = useIam('ListMFADevices', { UserName }, account).data?.MFADevices ?? [];
  const calls: IamCall[] = [
    ...policies.map(({ PolicyName }) => ({ operation: 'DeleteUserPolicy' as const, input: { UserName, PolicyName } })),
    ...keys.map(({ AccessKeyId }) => ({ operation: 'DeleteAccessKey' as const, input: { UserName, AccessKeyId } })),
    ...devices.flatMap(({ SerialNumber }): IamCall[] => [
      { operation: 'DeactivateMFADevice', input: { UserName, SerialNumber } },
      { operation: 'DeleteVirtualMFADevice', input: { SerialNumber } },
    ]),
    { operation: 'DeleteUser', input: { UserName } },
  ];
  return <Shown calls={calls} />;
}

const Shown = ({ calls }: { calls: readonly IamCall[] }) => (
  <ShowIamCalls calls={calls} {...(calls.length > 1 ? { note: FIRST } : {})} />
);
