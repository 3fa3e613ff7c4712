import { TEXT_SIZES } from '../../shared/text-size.ts';
import { accessTabs } from '../features/access/index.ts';
import { settingsSections } from '../features/settings/index.ts';
import { setTextSize, useAppearance } from '../lib/appearance.ts';
import { commandAt, useCommands } from '../lib/commands.ts';
import { navigate } from '../lib/route.ts';
import { useSession } from '../lib/session.ts';
import { places } from './routes.tsx';

/** What can be done from anywhere: go to a screen, make something, choose how the window looks. */
export function useFrameCommands(): void {
  const setTheme = useAppearance((appearance) => appearance.setTheme);
  const owner = useSession((session) => session.acting?.owner ?? false);
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
    ...settingsSections.map(({ id, title }) => ({
      id: `go.settings.${id}`,
      title: `Settings: ${title}`,
      keywords: 'preferences options',
      group: 'Screens',
      quiet: true,
      run: () => navigate(`/settings/${id}`),
    })),
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
      keywords: 'new make CreateKey import replicate multi-Region',
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
    commandAt('/access/people', {
      id: 'user.create',
      title: 'Create a user',
      keywords: 'new make CreateUser person program iam',
      group: 'Actions',
    }),
    commandAt('/access/people', {
      id: 'role.create',
      title: 'Create a role',
      keywords: 'new make CreateRole assume iam trust',
      group: 'Actions',
    }),
    ...(owner
      ? [
          commandAt('/access/people', {
            id: 'account.create',
            title: 'Create an account',
            keywords: 'new make CreateAccount root',
            group: 'Actions',
          }),
        ]
      : []),
    {
      id: 'files.encrypt',
      title: 'Encrypt or decrypt files',
      keywords: 'drop folder protect open',
      group: 'Actions',
      run: () => navigate('/files'),
    },
    commandAt('/files', {
      id: 'files.choose',
      title: 'Choose files…',
      keywords: 'encrypt decrypt check open pick',
      group: 'Actions',
    }),
    commandAt('/files', {
      id: 'files.choose-folder',
      title: 'Choose a folder…',
      keywords: 'encrypt decrypt check open pick directory',
      group: 'Actions',
    }),
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
    commandAt('/activity', {
      id: 'activity.verify',
      title: 'Verify the whole trail',
      keywords: 'audit chain proof check',
      group: 'Actions',
    }),
    commandAt('/activity', {
      id: 'activity.export',
      title: 'Export the trail',
      keywords: 'audit cloudtrail csv save',
      group: 'Actions',
    }),
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      id: `theme.${theme}`,
      title: theme === 'system' ? "Follow the system's theme" : `Use the ${theme} theme`,
      keywords: 'appearance colour night day mode',
      group: 'Appearance',
      run: () => setTheme(theme),
    })),
    ...TEXT_SIZES.map((size) => ({
      id: `view.text-${size}`,
      title: `Text at ${size} %`,
      keywords: 'zoom size appearance',
      group: 'Appearance',
      quiet: true,
      run: () => setTextSize(size),
    })),
  ]);
}
