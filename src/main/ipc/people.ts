import { iamOperations, isIamOperation } from '../../shared/iam/operations.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { AccessKeyInfo } from '../access/access-keys.ts';
import type { OpenVault } from '../open-vault.ts';
import type { Session } from '../session.ts';
import { Recorded, recorded } from './recorded.ts';
import type { Handlers } from './router.ts';

type Answered = Extract<keyof Handlers, `people.${string}` | `accessKeys.${string}`>;

/** The access keys that the acting principal may see: the owner all, a root those of its account, others their own. */
async function visibleKeys({ acting, access }: OpenVault): Promise<AccessKeyInfo[]> {
  const { owner, kind, accountId, principalArn } = acting.whoAmI();
  if (kind !== 'root') await access.people.call(acting.callerFor(undefined), 'ListAccessKeys', {});
  return access.accessKeys
    .list()
    .filter((key) => owner || (key.accountId === accountId && (kind === 'root' || key.principalArn === principalArn)));
}

/** The caller who can reach an access key by its id alone: its account's root, when the owner acts. */
function callerForKey({ acting, access, vault }: OpenVault, id: string) {
  return acting.callerFor(acting.whoAmI().owner ? access.accessKeys.find(vault.db, id)?.accountId : undefined);
}

/** What answers the window about people and their access keys. */
export function peopleHandlers(session: Session): Pick<Handlers, Answered> {
  const open = () => session.opened();
  return {
    'people.call': async ({ operation, input, accountId }) => {
      if (!isIamOperation(operation))
        throw new KmsError('UnknownOperationException', 'There is no operation of that name.');
      const { access, acting } = open();
      // The engine parses the input itself, so that a malformed one is refused and recorded like any other call.
      const { output, requestId } = await access.people.answer(acting.callerFor(accountId), operation, input as never);
      return new Recorded(iamOperations[operation].output.parse(output), requestId);
    },
    'people.principals': () => ({ principals: open().acting.principals() }),
    'people.whoAmI': () => open().acting.whoAmI(),
    'people.actAs': async ({ principalArn }) => recorded(await open().acting.actAs(principalArn)),
    'people.proveMfa': async ({ code, serialNumber }) => recorded(await open().acting.prove(code, serialNumber)),
    'people.recoverMfa': async ({ serialNumber: SerialNumber, proof }) => {
      const { vault, access, acting } = open();
      await vault.prove(proof);
      const owner = acting.provenOwner();
      await access.people.call(owner, 'DeactivateMFADevice', { SerialNumber });
      return recorded(await access.people.answer(owner, 'DeleteVirtualMFADevice', { SerialNumber }));
    },

    'accessKeys.list': async () => ({
      accessKeys: (await visibleKeys(open())).map(({ owner: _owner, ...key }) => key),
    }),
    'accessKeys.create': async () => {
      const { access, acting } = open();
      const { output, requestId } = await access.people.answer(acting.callerFor(undefined), 'CreateAccessKey', {});
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = output.AccessKey;
      return new Recorded({ accessKeyId, secretAccessKey }, requestId);
    },
    'accessKeys.setActive': async ({ accessKeyId, active }) => {
      const vault = open();
      const change = { AccessKeyId: accessKeyId, Status: active ? ('Active' as const) : ('Inactive' as const) };
      return recorded(await vault.access.people.answer(callerForKey(vault, accessKeyId), 'UpdateAccessKey', change));
    },
    'accessKeys.delete': async ({ accessKeyId }) => {
      const vault = open();
      const caller = callerForKey(vault, accessKeyId);
      return recorded(await vault.access.people.answer(caller, 'DeleteAccessKey', { AccessKeyId: accessKeyId }));
    },
  };
}
