import { copyText } from '../../lib/clipboard.ts';
import { type Command, commandAt, useCommands } from '../../lib/commands.ts';
import { notifyAside, notifyInfo } from '../../lib/notify.tsx';
import { keyPath, navigate } from '../../lib/route.ts';
import { type KeyDetail, keyName, refusal } from './model.ts';

const GROUP = 'This key';

async function copy(text: string, what: string): Promise<void> {
  if (await copyText(text)) notifyAside(`${what} is on the clipboard.`);
  else notifyInfo('The clipboard cannot be written.');
}

/** Commands of a key's page besides its actions: its parts, and what their panels begin. */
export function useKeyCommands(
  detail: KeyDetail,
  tabs: readonly { readonly name: string; readonly title: string }[],
): void {
  const { KeyId, Arn, KeyState: state } = detail;
  const name = keyName(detail);
  const has = (tab: string) => tabs.some((each) => each.name === tab);
  const begin = (tab: string, id: string, title: string, keywords: string): Command[] =>
    has(tab) ? [commandAt(keyPath(KeyId, tab), { id, title: `${title}: ${name}`, keywords, group: GROUP })] : [];
  const goTo = (tab: string, id: string, title: string, keywords: string): Command[] =>
    has(tab)
      ? [{ id, title: `${title}: ${name}`, keywords, group: GROUP, run: () => navigate(keyPath(KeyId, tab)) }]
      : [];
  useCommands([
    ...tabs.map(({ name: tab, title }) => ({
      id: `key.tab.${tab}`,
      title: `${title}: ${name}`,
      keywords: 'tab show',
      group: GROUP,
      run: () => navigate(keyPath(KeyId, tab)),
    })),
    ...(refusal('CreateAlias', state) === null
      ? goTo('names', 'key.alias', 'Add or move an alias', 'name CreateAlias')
      : []),
    ...(refusal('TagResource', state) === null ? goTo('names', 'key.tags', 'Edit the tags', 'label TagResource') : []),
    ...(refusal('PutKeyPolicy', state) === null
      ? begin('policy', 'policy.edit', 'Edit the policy', 'permission PutKeyPolicy statement')
      : []),
    ...(refusal('CreateGrant', state) === null
      ? begin('grants', 'grant.create', 'Create a grant', 'permission CreateGrant')
      : []),
    ...goTo('rotation', 'key.rotation', 'Change the automatic rotation', 'EnableKeyRotation period schedule'),
    ...goTo(
      'regions',
      'key.replicate',
      'Replicate, or move the primary key',
      'ReplicateKey Region UpdatePrimaryRegion',
    ),
    ...goTo('import', 'key.import', 'Import material', 'ImportKeyMaterial openssl bring your own'),
    ...goTo('public-key', 'key.public', 'Hand out the public key', 'GetPublicKey pem download save'),
    {
      id: 'key.copy-id',
      title: `Copy the id: ${name}`,
      keywords: 'clipboard key id',
      group: GROUP,
      run: () => void copy(KeyId, 'The key id'),
    },
    {
      id: 'key.copy-arn',
      title: `Copy the ARN: ${name}`,
      keywords: 'clipboard',
      group: GROUP,
      run: () => void copy(Arn, 'The ARN'),
    },
  ]);
}
