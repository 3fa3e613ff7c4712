import { useHotkeys } from '@mantine/hooks';
import { accessTabs } from '../features/access/index.ts';
import { lockVault } from '../features/lock/index.ts';
import { useAppearance } from '../lib/appearance.ts';
import { useCommands } from '../lib/commands.ts';
import { modKey } from '../lib/platform.ts';
import { navigate } from '../lib/route.ts';
import { places } from './routes.tsx';

/** What can be done from anywhere: go to a screen, make a key, lock, choose the theme. */
export function useFrameCommands(): void {
  const setTheme = useAppearance((appearance) => appearance.setTheme);
  useHotkeys([['mod+shift+L', () => void lockVault()]], [], true);
  useCommands([
    ...places.map(({ path, title, keywords }) => ({
      id: `go${path.replace('/', '.')}`,
      title: `Go to ${title}`,
      keywords,
      group: 'Screens',
      run: () => navigate(path),
    })),
    ...accessTabs.map(({ id, title, keywords }) => ({
      id: `go.access.${id}`,
      title: `Access: ${title}`,
      keywords,
      group: 'Screens',
      run: () => navigate(`/access/${id}`),
    })),
    {
      id: 'go.key-stores',
      title: 'Go to Key stores',
      keywords: 'custom key store token pkcs11 hsm smart card xks proxy external',
      group: 'Screens',
      run: () => navigate('/key-stores'),
    },
    {
      id: 'go.key-calendar',
      title: 'Go to Calendar',
      keywords: 'keys coming rotation deletion expiry schedule month',
      group: 'Screens',
      run: () => navigate('/keys/calendar'),
    },
    {
      id: 'key.create',
      title: 'Create a key',
      keywords: 'new make CreateKey',
      group: 'Actions',
      run: () => navigate('/keys?new=1'),
    },
    {
      id: 'key-store.create',
      title: 'Create a key store',
      keywords: 'new make CreateCustomKeyStore token pkcs11 hsm xks proxy',
      group: 'Actions',
      run: () => navigate('/key-stores?new=1'),
    },
    {
      id: 'files.encrypt',
      title: 'Encrypt or decrypt files',
      keywords: 'drop folder protect open',
      group: 'Actions',
      run: () => navigate('/files'),
    },
    {
      id: 'sign.sign',
      title: 'Sign a file or text',
      keywords: 'signature detached',
      group: 'Actions',
      run: () => navigate('/sign'),
    },
    {
      id: 'sign.verify',
      title: 'Verify a signature',
      keywords: 'check valid public key openssl',
      group: 'Actions',
      run: () => navigate('/sign/verify'),
    },
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
      id: 'vault.ways-in',
      title: 'Change passphrase, recovery code and keychain',
      keywords: 'ways in slots unlock password',
      group: 'Actions',
      run: () => navigate('/settings/ways-in'),
    },
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      id: `theme.${theme}`,
      title: theme === 'system' ? "Follow the system's theme" : `Use the ${theme} theme`,
      keywords: 'appearance colour night day mode',
      group: 'Appearance',
      run: () => setTheme(theme),
    })),
  ]);
}
