import { z } from 'zod';
import { EndpointPort } from './endpoint.ts';
import { entry } from './entry.ts';
import { RegionName } from './region.ts';

export const Theme = z.enum(['system', 'light', 'dark']);
const Notices = z.strictObject({ on: z.boolean(), names: z.boolean() });
/** Whether a double click on an encrypted file can be made to open this Coffer here, and whether it does. */
const FileType = z.strictObject({ possible: z.boolean(), on: z.boolean() });
const TextSize = z.int().min(100).max(200);

/** What is remembered outside the vault, in clear: nothing here is secret. */
export const Preferences = z.strictObject({
  theme: Theme,
  /** The folder of the vault opened last. */
  vaultPath: z.string().optional(),
  region: z.string().optional(),
  /** Per cent; 100 while it was never chosen. */
  textSize: TextSize.optional(),
  /** Notices of the desktop, and whether names of keys and files may be in them; on and without names while never chosen. */
  notices: Notices.optional(),
  /** The endpoint's switch; off while it was never touched. */
  endpoint: z.strictObject({ on: z.boolean(), port: EndpointPort }).optional(),
  /**
   * The PKCS#11 module for custom key stores: a shared library's path. `app.setPreferences` does not set it: a page that was
   * taken over must not choose what native code runs (see `tokens`).
   */
  pkcs11Module: z.string().optional(),
});

/** An address of the window. */
export const Place = z
  .string()
  .max(512)
  .regex(/^\/[^?#]*$/);

const Nothing = z.strictObject({});

export const app = {
  'app.info': entry(
    Nothing,
    z.strictObject({
      version: z.string(),
      shell: z.enum(['electron', 'chromium']),
      platform: z.string(),
      homePath: z.string(),
      /** Whether this shell can give notices of the desktop's own. */
      notices: z.boolean(),
      /** Where a first vault goes unless the person chooses otherwise. */
      defaultVaultPath: z.string(),
      /** Whether files can be dragged out of the window. */
      dragsOut: z.boolean(),
      /** Whether files can be moved to the system's trash. */
      trashes: z.boolean(),
    }),
  ),
  /** Opens the shell's picker. An empty list means the person cancelled. */
  'app.pick': entry(
    z.strictObject({ kind: z.enum(['files', 'folder']), title: z.string().max(200) }),
    z.strictObject({ paths: z.array(z.string()) }),
  ),
  /** Shows a file in the system's file manager. */
  'app.reveal': entry(z.strictObject({ path: z.string() }), Nothing),
  'app.preferences': entry(Nothing, Preferences),
  /** The vault's folder is not set here: it changes only while no vault is open (`vault.choose`). */
  'app.setPreferences': entry(
    z.strictObject({
      theme: Theme.optional(),
      region: RegionName.optional(),
      textSize: TextSize.optional(),
      notices: Notices.optional(),
    }),
    Preferences,
  ),
  /** The person touched the window: restarts the idle clock. The renderer sends it at most every 5 seconds. */
  'app.touch': entry(Nothing, Nothing),
  /** The address the window is at, without its query: the vault remembers it, and the next unlocking comes back to it. */
  'app.at': entry(z.strictObject({ path: Place }), Nothing),
  /** The files that were opened with Coffer since the last time this was asked. Refused while the vault is locked. */
  'app.takeOpened': entry(Nothing, z.strictObject({ paths: z.array(z.string()) })),
  'app.fileType': entry(Nothing, FileType),
  'app.setFileType': entry(z.strictObject({ on: z.boolean() }), FileType),
};

export const appEvents = {
  /** A menu or tray command of the shell, by the palette's command id. */
  'app.command': z.strictObject({ id: z.string() }),
  /** Files were opened with Coffer: `app.takeOpened` has them. */
  'app.opened': z.strictObject({}),
};
