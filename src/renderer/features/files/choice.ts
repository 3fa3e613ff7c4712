import { plural } from '../../lib/format.ts';
import { baseName } from '../../lib/paths.ts';
import type { FileAction, Opening, PlanItem } from './store.ts';
import { visibleName } from './visible-name.ts';

/** What becomes of a folder: one archive, or each of its files by itself. */
export type FolderChoice = 'archive' | FileAction;

export const folderChoices: readonly { readonly value: FolderChoice; readonly label: string }[] = [
  { value: 'archive', label: 'Encrypt as one archive' },
  { value: 'encrypt', label: 'Encrypt each file by itself' },
  { value: 'decrypt', label: 'Decrypt each encrypted file' },
  { value: 'verify', label: 'Check each encrypted file' },
  { value: 'reencrypt', label: 'Re-encrypt each encrypted file' },
];

/** What is to be done with one thing on the list. */
export interface Doing {
  readonly item: PlanItem;
  readonly action: FileAction;
  readonly each: boolean;
}

/** What a folder's contents suggest, when encrypted files are to be opened so. */
export function usualChoice({ files, encrypted = 0, problem }: PlanItem, opening: Opening): FolderChoice {
  if (files > 0 && encrypted === files) return opening;
  return problem ? 'encrypt' : 'archive';
}

/** What would be done with an item; undefined when it cannot be. */
export function doingOf(item: PlanItem, choice: FolderChoice | undefined, opening: Opening): Doing | undefined {
  if (item.kind !== 'folder') {
    if (item.problem) return undefined;
    return { item, action: item.action === 'decrypt' ? opening : item.action, each: false };
  }
  const chosen = choice ?? usualChoice(item, opening);
  if (chosen !== 'archive') return { item, action: chosen, each: true };
  return item.problem ? undefined : { item, action: 'encrypt', each: false };
}

/** The key to open a file with: one that is known or, failing that, the first that its header names. */
export const openingKey = ({ keyArns = [] }: PlanItem, known: ReadonlySet<string> | null): string | undefined =>
  keyArns.find((arn) => known?.has(arn)) ?? keyArns[0];

const counted = (doings: readonly Doing[]): string => {
  const folders = doings.filter(({ each }) => each).length;
  const files = doings.length - folders;
  return [files > 0 ? plural(files, 'file') : '', folders > 0 ? plural(folders, 'folder') : '']
    .filter(Boolean)
    .join(' and ');
};

/** The words of the button that begins. */
export function startWords(doings: readonly Doing[], keyName: string): string {
  const of = (action: FileAction) => doings.filter((doing) => doing.action === action);
  const [encrypting, decrypting, checking, renewing] = [of('encrypt'), of('decrypt'), of('verify'), of('reencrypt')];
  const words = [
    encrypting.length > 0 ? `encrypt ${plural(encrypting.length, 'item')} with ${keyName}` : '',
    decrypting.length > 0 ? `decrypt ${counted(decrypting)}` : '',
    checking.length > 0 ? `check ${counted(checking)}` : '',
    renewing.length > 0 ? `re-encrypt ${counted(renewing)} under ${keyName}` : '',
  ].filter(Boolean);
  const sentence =
    words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? 'nothing to do');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Where results go. */
export interface Where {
  readonly outputFolder: string;
  readonly hideNames: boolean;
  /** Of re-encryption: the old files stay. */
  readonly keepOld: boolean;
}

/** Where an item's result goes, for its row. */
export function resultWords({ item, action, each }: Doing, { outputFolder, hideNames, keepOld }: Where): string {
  const base = (path: string) => visibleName(baseName(path));
  if (action === 'verify') return '';
  if (action === 'reencrypt' && !outputFolder)
    return ` → ${keepOld ? 'beside' : 'in place of'} ${each ? 'each old file' : 'the old file'}`;
  if (action === 'reencrypt') return ` → ${base(item.path)} in ${base(outputFolder)}`;
  if (!each) return ` → ${base(item.output)}${item.exists ? ' (is there already)' : ''}`;
  if (action === 'encrypt' && hideNames) return ' → a new folder with random names';
  return outputFolder ? ` → ${base(item.path)} in ${base(outputFolder)}` : ' → beside each original';
}
