import { expect, it } from 'vitest';
import { commandGroups } from '../../../src/renderer/features/palette/entries.ts';
import type { Command } from '../../../src/renderer/lib/commands.ts';

const command = (id: string, title: string, group: string, more: Partial<Command> = {}): Command => ({
  id,
  title,
  group,
  run: () => undefined,
  ...more,
});

const commands = [
  command('go.activity', 'Go to Activity', 'Screens', { keywords: 'audit trail' }),
  command('theme.dark', 'Use the dark theme', 'Appearance', { keywords: 'night' }),
  command('key.rotate-now', 'Rotate now: invoices', 'This key'),
  command('key.tab.activity', 'Activity: invoices', 'This key'),
  command('vault.lock', 'Lock the vault', 'Actions', { keywords: 'close' }),
  command('go.settings.locking', 'Settings: Vault and locking', 'Screens', { quiet: true }),
  command('region.eu-north-1', 'Switch to eu-north-1', 'Region', { keywords: 'region', quiet: true }),
  command('odd', 'Something else', 'A group nobody named'),
];
const shown = (recent: string[], query: string) =>
  commandGroups(commands, recent, query).map(({ title, commands: found }) => [title, ...found.map(({ id }) => id)]);

it('lists what the screen offers before what can be done anywhere, and leaves out what there are many of', () => {
  expect(shown([], '')).toEqual([
    ['This key', 'key.rotate-now', 'key.tab.activity'],
    ['A group nobody named', 'odd'],
    ['Screens', 'go.activity'],
    ['Actions', 'vault.lock'],
    ['Appearance', 'theme.dark'],
  ]);
});

it('puts what was used last first, each command once; what is not there any more is left out', () => {
  const groups = shown(['vault.lock', 'gone', 'theme.dark'], '');
  expect(groups[0]).toEqual(['Recently used', 'vault.lock', 'theme.dark']);
  expect(groups.flat().filter((id) => id === 'vault.lock')).toHaveLength(1);
});

it('finds what is many of its kind, and by keywords, once something is typed', () => {
  expect(shown([], 'region')).toEqual([['Region', 'region.eu-north-1']]);
  expect(shown([], 'north')).toEqual([['Region', 'region.eu-north-1']]);
  expect(shown([], 'nothing of that name')).toEqual([]);
});

it('puts the best fit first: a title that begins so, then words of a title, then keywords', () => {
  expect(shown([], 'go activity')).toEqual([['Screens', 'go.activity']]);
  expect(shown([], 'activity')[0]).toEqual(['This key', 'key.tab.activity']);
  expect(shown([], ' Lock ')[0]).toEqual(['Actions', 'vault.lock']);
  expect(shown([], 'lock vault')).toEqual([
    ['Actions', 'vault.lock'],
    ['Screens', 'go.settings.locking'],
  ]);
  // Used last, yet only its keywords fit: it does not jump ahead.
  expect(shown(['vault.lock'], 'close')).toEqual([['Actions', 'vault.lock']]);
});
