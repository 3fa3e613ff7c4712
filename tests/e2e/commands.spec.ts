import { expect } from '@playwright/test';
import { makeKey, notice, testsInOneWindow } from '../support/window.ts';

// The palette has every act: what a screen offers by a button it offers by a command as well.
const { test, window } = testsInOneWindow('first');

const SEARCH = 'Search for a key, a screen or a command';

async function open(typed = ''): Promise<void> {
  const { page } = window;
  await expect(page.getByLabel(SEARCH)).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByLabel(SEARCH)).toBeFocused();
  await page.getByLabel(SEARCH).fill(typed);
}

/** The titles of what the palette offers for `typed`. */
async function offered(typed: string): Promise<string[]> {
  const { page } = window;
  await open(typed);
  const titles = await page.locator('.mantine-Spotlight-actionLabel').allInnerTexts();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel(SEARCH)).toHaveCount(0);
  return titles;
}

async function run(typed: string): Promise<void> {
  await open(typed);
  await window.page.keyboard.press('Enter');
}

test('everywhere: screens, what can be made, the vault, Regions, the look', async () => {
  const { app, page } = window;
  await app.go('/files');
  await expect(page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();
  const everything = await offered('');
  for (const title of [
    ...['Keys', 'Files', 'Sign & verify', 'Access', 'Activity', 'Settings', 'Key stores'].map(
      (name) => `Go to ${name}`,
    ),
    ...['Access: Simulator', 'Access: Who can use a key', 'Access: People', 'Access: Grants to retire'],
    ...['a key', 'a key store', 'a user', 'a role', 'an account', 'an access key'].map((name) => `Create ${name}`),
    ...['Choose files…', 'Choose a folder…', 'Sign a file or text', 'Verify a signature'],
    ...['Make random bytes', 'Verify the whole trail', 'Export the trail', 'Act as somebody else…'],
    ...['Lock the vault', 'Back up the vault', 'Lock, and restore a backup', "Show the vault's folder"],
    ...['Change passphrase, recovery code and keychain', 'Switch the local endpoint on'],
    ...['Use the light theme', 'Use the dark theme', "Follow the system's theme"],
    ...['Larger text', 'Smaller text', 'Text in its usual size'],
  ])
    expect(everything).toContain(title);
  // Each act once, although its own screen offers it too.
  expect(new Set(everything).size).toBe(everything.length);
  // What there are many of comes with typing.
  expect(everything).not.toContain('Switch to eu-north-1');
  expect(await offered('region')).toContain('Switch to eu-north-1');
  expect(await offered('settings')).toEqual(
    expect.arrayContaining(['Settings: Ways in', 'Settings: Local endpoint', 'Settings: Appearance']),
  );
});

test('on a key, among selected keys, at people and in the record: what can be done there', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'handled', { MultiRegion: true });
  await app.go(`/keys/${KeyId}`);
  await expect(page.getByRole('heading', { level: 1, name: 'handled' })).toBeVisible();
  const here = await offered('handled');
  for (const title of [
    ...['Disable key', 'Edit description', 'Rotate now', 'Who can use this key?', 'Simulate a call'],
    ...[
      'Schedule deletion',
      'Overview',
      'Use',
      'Rotation',
      'Regions',
      'Aliases & tags',
      'Policy',
      'Grants',
      'Activity',
    ],
    ...['Add or move an alias', 'Edit the tags', 'Edit the policy', 'Create a grant', 'Copy the id', 'Copy the ARN'],
    ...['Change the automatic rotation', 'Replicate, or move the primary key'],
  ])
    expect(here).toContain(`${title}: handled`);

  await app.go('/keys');
  await page.getByRole('checkbox', { name: /handled/ }).check();
  expect(await offered('selected')).toEqual(expect.arrayContaining(['Disable 1 selected key']));
  await run('disable 1 selected key');
  await expect(page.getByText('1 key disabled.')).toBeVisible();
  await run('undo: enable again');
  await expect(page.getByText('Enable again: 1 key: done.')).toBeVisible();
  await run('clear the selection');
  await expect(page.getByRole('group', { name: 'Selected keys' })).toBeHidden();

  await app.go('/access/people?who=arn');
  await run('create a role');
  await expect(page.getByRole('dialog', { name: 'Create a role' })).toBeVisible();
  await page.keyboard.press('Escape');
});

test('acts of another screen are done there, by keyboard alone', async () => {
  const { app, page } = window;
  await app.go('/settings/about');
  await run('create a user');
  await expect(page.getByRole('dialog', { name: 'Create a user' })).toBeVisible();
  await page.keyboard.press('Escape');
  await run('export the trail');
  await expect(page.getByRole('dialog', { name: 'Export the trail' })).toBeVisible();
  await page.keyboard.press('Escape');

  await run('create a grant');
  await expect(page.getByText('Nothing has that name.')).toBeVisible();
  await page.keyboard.press('Escape');
  await run('first');
  await expect(page.getByRole('heading', { level: 1, name: 'first' })).toBeVisible();
  await run('create a grant');
  await expect(page.getByRole('dialog', { name: /grant/i })).toBeVisible();
  await page.keyboard.press('Escape');

  await run('export the trail');
  await expect(page.getByRole('dialog', { name: 'Export the trail' })).toBeVisible();
  await page.keyboard.press('Escape');
  await open();
  await expect(page.locator('.mantine-Spotlight-actionLabel').first()).toHaveText('Export the trail');
  await page.keyboard.press('Escape');

  await run('switch to eu-north-1');
  await expect(page.getByRole('combobox', { name: 'Region' })).toHaveValue('eu-north-1');
  await run('switch the local endpoint on');
  await expect(notice(page, 'It answers at')).toBeVisible();
  await run('switch the local endpoint off');
  await expect(page.getByText('No program can call any more.')).toBeVisible();
});
