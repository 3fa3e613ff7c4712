import path from 'node:path';
import { test } from '@playwright/test';
import { type App, built, openApp } from '../support/app.ts';
import { Gallery } from '../support/gallery.ts';
import { prepareWork } from './samples.ts';
import type { Tour } from './stops.ts';
import { accessStops, peopleStops } from './stops-access.ts';
import { activityStops } from './stops-activity.ts';
import { fileStops } from './stops-files.ts';
import { firstRunStops, wizardStop } from './stops-first-run.ts';
import { keyStops } from './stops-key.ts';
import { kindStops } from './stops-kinds.ts';
import { lockStops, settingsStops } from './stops-settings.ts';
import { signStops } from './stops-sign.ts';

const looks = [
  { name: 'dark', scheme: 'dark', width: 1280, height: 800 },
  { name: 'small', scheme: 'light', width: 900, height: 600 },
  { name: 'light', scheme: 'light', width: 1280, height: 800 },
] as const;

test('the tour', async () => {
  const given = JSON.parse(process.env.COFFER_TOUR_FILES ?? '[]') as string[];
  const app = await openApp((process.env.COFFER_TOUR_SHELL ?? 'chromium') as App['shell']);
  const gallery = new Gallery(path.join(built, 'tour'), looks);
  const work = await prepareWork(given, path.join(app.home, 'work'));
  const tour: Tour = { app, work, picture: (name) => gallery.picture(app.page, name) };
  try {
    for (const stops of [
      firstRunStops,
      wizardStop,
      fileStops,
      keyStops,
      accessStops,
      activityStops,
      peopleStops,
      kindStops,
      signStops,
      settingsStops,
      lockStops,
    ])
      await stops(tour);
    console.log(`  ${gallery.pictures} pictures`);
  } finally {
    await app.close();
  }
});
