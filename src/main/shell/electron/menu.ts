import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuParts {
  readonly platform: NodeJS.Platform;
  /** Whether this is a packaged application: only a developer's has tools for developers. */
  readonly packaged: boolean;
  /** Runs a command of the palette, by its id. */
  readonly run: (id: string) => void;
}

/** Commands that a locked vault has as well. */
const ALWAYS = new Set(['view.larger', 'view.smaller', 'view.usual']);

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly accelerator?: string;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The application's menus. What the palette does they do by the command's id; the rest are the system's own roles. */
export function menuTemplate({ platform, packaged, run }: MenuParts): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const item = ({ id, label, accelerator }: Entry): MenuItemConstructorOptions => ({
    id,
    label,
    ...(accelerator ? { accelerator } : {}),
    enabled: ALWAYS.has(id),
    click: () => run(id),
  });
  const settings = item({ id: 'go.settings', label: 'Settings', accelerator: 'CmdOrCtrl+,' });
  const about = item({ id: 'go.settings.about', label: 'About Coffer' });
  return [
    ...(isMac
      ? [
          {
            role: 'appMenu' as const,
            label: 'Coffer',
            submenu: [
              about,
              separator,
              settings,
              separator,
              { role: 'services' as const },
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    {
      label: '&File',
      submenu: [
        item({ id: 'key.create', label: 'New Key…', accelerator: 'CmdOrCtrl+N' }),
        item({ id: 'files.choose', label: 'Encrypt or Decrypt Files…', accelerator: 'CmdOrCtrl+O' }),
        item({ id: 'files.choose-folder', label: 'Encrypt or Decrypt a Folder…', accelerator: 'CmdOrCtrl+Shift+O' }),
        separator,
        item({ id: 'vault.backup', label: 'Back Up the Vault…' }),
        item({ id: 'vault.lock', label: 'Lock the Vault', accelerator: 'CmdOrCtrl+Shift+L' }),
        separator,
        ...(isMac ? [{ role: 'close' as const }] : [settings, separator, { role: 'quit' as const }]),
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        item({ id: 'edit.undo-last', label: 'Undo the Last Act' }),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        separator,
        item({ id: 'palette.open', label: 'Search and Commands', accelerator: 'CmdOrCtrl+K' }),
      ],
    },
    {
      label: '&View',
      submenu: [
        item({ id: 'view.larger', label: 'Larger Text', accelerator: 'CmdOrCtrl+Plus' }),
        item({ id: 'view.smaller', label: 'Smaller Text', accelerator: 'CmdOrCtrl+-' }),
        item({ id: 'view.usual', label: 'Usual Text Size', accelerator: 'CmdOrCtrl+0' }),
        separator,
        item({ id: 'theme.light', label: 'Light Theme' }),
        item({ id: 'theme.dark', label: 'Dark Theme' }),
        item({ id: 'theme.system', label: "The System's Theme" }),
        separator,
        { role: 'togglefullscreen' },
        ...(packaged ? [] : [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
      ],
    },
    {
      label: '&Go',
      submenu: [
        item({ id: 'go.keys', label: 'Keys', accelerator: 'CmdOrCtrl+1' }),
        item({ id: 'go.files', label: 'Files', accelerator: 'CmdOrCtrl+2' }),
        item({ id: 'go.sign', label: 'Sign and Verify', accelerator: 'CmdOrCtrl+3' }),
        item({ id: 'go.access', label: 'Access', accelerator: 'CmdOrCtrl+4' }),
        item({ id: 'go.activity', label: 'Activity', accelerator: 'CmdOrCtrl+5' }),
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' as const }] : []),
    {
      role: 'help',
      label: '&Help',
      submenu: isMac ? [] : [about],
    },
  ];
}

/** Puts the menus up; answers the function that says whether the vault is open, so that what needs one is off without. */
export function setMenu(parts: MenuParts): (open: boolean) => void {
  const menu = Menu.buildFromTemplate(menuTemplate(parts));
  Menu.setApplicationMenu(menu);
  const ids = commandIds(menuTemplate(parts));
  return (open) => {
    for (const id of ids) {
      const item = menu.getMenuItemById(id);
      if (item) item.enabled = open || ALWAYS.has(id);
    }
  };
}

/** The ids of the palette's commands in a template. */
export function commandIds(template: readonly MenuItemConstructorOptions[]): string[] {
  return template.flatMap(({ id, submenu }) => [
    ...(id ? [id] : []),
    ...(Array.isArray(submenu) ? commandIds(submenu) : []),
  ]);
}
