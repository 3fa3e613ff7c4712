import { z } from 'zod';
import { EndpointPort } from './endpoint.ts';
import { entry } from './entry.ts';
import { RegionName } from './region.ts';

export const Theme = z.enum(['system', 'light', 'dark']);

/** What is remembered outside the vault, in clear: nothing here is secret. */
export const Preferences = z.strictObject({
  theme: Theme,
  /** The folder of the vault opened last. */
  vaultPath: z.string().optional(),
  region: z.string().optional(),
  /** The endpoint's switch; off while it was never touched. */
  endpoint: z.strictObject({ on: z.boolean(), port: EndpointPort }).optional(),
  /**
   * The PKCS#11 module for custom key stores: a shared library's path. `app.setPreferences` does not set it: a page that was
   * taken over must not choose what native code runs (see `tokens`).
   */
  pkcs11Module: z.string().optional(),
});

const Nothing = z.strictObject({});

export const app = {
  'app.info': entry(
    Nothing,
    z.strictObject({
      version: z.string(),
      shell: z.enum(['electron', 'chromium']),
      platform: z.string(),
      homePath: z.string(),
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
  'app.setPreferences': entry(z.strictObject({ theme: Theme.optional(), region: RegionName.optional() }), Preferences),
  /** The person touched the window: restarts the idle clock. The renderer sends it at most every 5 seconds. */
  'app.touch': entry(Nothing, Nothing),
};

export const appEvents = {
  /** A menu or tray command of the shell, by the palette's command id. */
  'app.command': z.strictObject({ id: z.string() }),
};
