import path from 'node:path';
import { type Page, test } from '@playwright/test';
import { type App, built, expect, openApp, PASSPHRASE } from '../support/app.ts';
import { makeDemoVault } from '../support/demo-vault.ts';
import { Gallery, type Look } from '../support/gallery.ts';
import { callKms } from '../support/window.ts';
import { accessShots } from './shots-access.ts';
import { activityShots } from './shots-activity.ts';
import { fileShots } from './shots-files.ts';
import { frameShots } from './shots-frame.ts';
import { keyShots } from './shots-keys.ts';
import { startShots } from './shots-start.ts';
import type { Studio } from './studio.ts';

const sizes = [
  [900, 600],
  [1280, 800],
  [2560, 1440],
] as const;
const looks: Look[] = (['light', 'dark'] as const).flatMap((scheme) =>
  sizes.map(([width, height]) => ({ name: `${scheme}-${width}x${height}`, scheme, width, height })),
);

const parts = { keys: keyShots, files: fileShots, access: accessShots, activity: activityShots, frame: frameShots };
/** The parts that were asked for; none means all. */
const asked = JSON.parse(process.env.COFFER_SCREENS_PARTS ?? '[]') as string[];
const isWanted = (part: string) => asked.length === 0 || asked.includes(part);

/** The id of each key of the window's Region by its alias, without `alias/`. */
async function keysByAlias(page: Page): Promise<ReadonlyMap<string, string>> {
  const { Aliases = [] } = await callKms(page, 'ListAliases', {});
  return new Map(
    Aliases.map(({ AliasName = '', TargetKeyId = '' }) => [AliasName.replace(/^alias\//, ''), TargetKeyId]),
  );
}

test('every screen', async () => {
  const shell = (process.env.COFFER_SCREENS_SHELL ?? 'chromium') as App['shell'];
  const gallery = new Gallery(path.join(built, 'screens'), looks);
  if (isWanted('start')) await test.step('start', () => startShots(shell, gallery));
  const app = await openApp(shell, {
    prepare: (home) => makeDemoVault(path.join(home, 'vault'), PASSPHRASE),
  });
  const { page } = app;
  try {
    const passphrase = page.getByLabel('Passphrase', { exact: true });
    await passphrase.waitFor();
    await gallery.picture(page, 'locked');
    await passphrase.fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('navigation').waitFor();
    const keys = await keysByAlias(page);
    const studio: Studio = {
      app,
      page,
      picture: (name) => gallery.picture(page, name),
      key(alias) {
        const id = keys.get(alias);
        if (id === undefined) throw new Error(`there is no key ${alias}`);
        return id;
      },
    };
    for (const [part, shots] of Object.entries(parts)) if (isWanted(part)) await test.step(part, () => shots(studio));
    expect(gallery.pictures).toBeGreaterThan(0);
    console.log(`  ${gallery.pictures} pictures in out/screens/`);
  } catch (error) {
    await page.screenshot({ path: path.join(built, 'screens', 'failed.png') }).catch(() => undefined);
    throw error;
  } finally {
    await app.close();
  }
});
