import { useHotkeys } from '@mantine/hooks';
import { lockAndRestore, lockVault } from '../features/lock/index.ts';
import { openPalette } from '../features/palette/index.ts';
import { invoke } from '../lib/api.ts';
import { commandAt, useCommands } from '../lib/commands.ts';
import { focusNotice, notifyError, notifySuccess, undoLast } from '../lib/notify.tsx';
import { modKey } from '../lib/platform.ts';
import { leaveKeyFor, navigate } from '../lib/route.ts';
import { type OpenStatus, useSession } from '../lib/session.ts';
import { useLastUndo } from '../lib/undo.ts';
import { useLoad } from '../lib/use-call.ts';

/** A dialog is open: what lies behind it is not changed by a key. */
const inDialog = (): boolean => document.querySelector('[aria-modal="true"]') !== null;

/** Switches the endpoint, and says what came of it. */
async function switchEndpoint(on: boolean): Promise<void> {
  try {
    const { url } = await invoke('endpoint.set', { on });
    notifySuccess(url ? `It answers at ${url} now.` : 'No program can call any more.', 'Local endpoint');
  } catch (error) {
    notifyError(error);
  }
}

/** What can be done with the vault as a whole, from anywhere. */
export function useVaultCommands(status: OpenStatus): void {
  const region = useSession((session) => session.region);
  const setRegion = useSession((session) => session.setRegion);
  const undo = useLastUndo((last) => last.undo);
  const endpoint = useLoad('endpoint', () => invoke('endpoint.status', {}), ['endpoint.changed']).data;
  useHotkeys([['mod+shift+L', () => void lockVault()]], [], true);
  // A notice lies below a dialog, where the keyboard does not go.
  useHotkeys([['F8', () => void (inDialog() || focusNotice())]], []);
  // Fields have an undo of their own.
  useHotkeys([
    [
      'mod+Z',
      (event) => {
        if (event.defaultPrevented || inDialog()) return;
        event.preventDefault();
        void undoLast();
      },
      { preventDefault: false },
    ],
  ]);
  useCommands([
    ...(undo
      ? [
          {
            id: 'edit.undo-last',
            title: `Undo: ${undo.title}`,
            keywords: 'take back revert',
            group: 'Actions',
            shortcut: `${modKey} Z`,
            run: () => void undoLast(),
          },
        ]
      : []),
    {
      id: 'notices.focus',
      title: 'Go to the newest notice',
      keywords: 'toast message keyboard focus',
      group: 'Actions',
      shortcut: 'F8',
      quiet: true,
      run: () => void focusNotice(),
    },
    { id: 'palette.open', title: 'Search and commands', group: 'Actions', quiet: true, run: openPalette },
    {
      id: 'vault.lock',
      title: 'Lock the vault',
      keywords: 'close sign out',
      group: 'Actions',
      shortcut: `${modKey} Shift L`,
      run: () => void lockVault(),
    },
    {
      id: 'vault.backup',
      title: 'Back up the vault',
      keywords: 'save copy restore',
      group: 'Actions',
      run: () => navigate('/settings/backup'),
    },
    {
      id: 'vault.restore',
      title: 'Lock, and restore a backup',
      keywords: 'bring back copy',
      group: 'Actions',
      run: () => void lockAndRestore(),
    },
    {
      id: 'vault.ways-in',
      title: 'Change passphrase, recovery code and keychain',
      keywords: 'ways in slots unlock password',
      group: 'Actions',
      run: () => navigate('/settings/ways-in'),
    },
    {
      id: 'vault.show',
      title: "Show the vault's folder",
      keywords: 'reveal file manager open',
      group: 'Actions',
      run: () => void invoke('app.reveal', { path: status.path }).catch(notifyError),
    },
    ...(endpoint
      ? [
          {
            id: endpoint.on ? 'endpoint.off' : 'endpoint.on',
            title: endpoint.on ? 'Switch the local endpoint off' : 'Switch the local endpoint on',
            keywords: 'server port aws cli sdk programs',
            group: 'Actions',
            run: () => void switchEndpoint(!endpoint.on),
          },
        ]
      : []),
    commandAt('/settings/endpoint', {
      id: 'access-key.create',
      title: 'Create an access key',
      keywords: 'credentials program cli sdk new make',
      group: 'Actions',
    }),
    ...status.regions
      .filter((name) => name !== region)
      .map((name) => ({
        id: `region.${name}`,
        title: `Switch to ${name}`,
        keywords: 'region change',
        group: 'Region',
        quiet: true,
        run: () => {
          setRegion(name);
          leaveKeyFor('/keys');
        },
      })),
  ]);
}
