import { expect, type Locator } from '@playwright/test';
import { callKms, chooseAction, makeKey, notice, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

const dialog = (name: string) => window.page.getByRole('dialog', { name });

/** Presses what has the focus. */
async function press(target: Locator): Promise<void> {
  await target.focus();
  await window.page.keyboard.press('Enter');
}

/** Chooses an action of a key's page without the pointer. */
async function act(title: string): Promise<void> {
  await press(window.page.getByRole('button', { name: 'Actions' }));
  await window.page.getByRole('menuitem', { name: title }).waitFor();
  await press(window.page.getByRole('menuitem', { name: title }));
}

test('a double click acts once: what is left of a dialog that closes is pressed no more', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'turned');
  await app.go(`/keys/${KeyId}`);
  // A dialog fades out, where motion is not reduced.
  await page.emulateMedia({ reducedMotion: null });
  await chooseAction(page, 'Rotate now');
  const button = dialog('Rotate turned now').getByRole('button', { name: 'Rotate now' });
  await button.click({ trial: true });
  const box = await button.boundingBox();
  if (!box) throw new Error('no button');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await page.waitForTimeout(90);
  await page.mouse.click(x, y, { clickCount: 2 });
  await expect(notice(page, 'Key rotated')).toBeVisible();
  await expect(dialog('Rotate turned now')).toBeHidden();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { Rotations } = await callKms(page, 'ListKeyRotations', { KeyId });
  expect(Rotations).toHaveLength(1);
});

test('Enter that is held presses once', async () => {
  const { app, page } = window;
  await app.go('/keys');
  await page.getByRole('button', { name: 'Create key' }).focus();
  const before = (await callKms(page, 'ListKeys', {})).Keys.length;
  for (let time = 0; time < 12; time++) {
    await page.keyboard.down('Enter');
    await page.waitForTimeout(60);
  }
  await page.keyboard.up('Enter');
  const wizard = dialog('Create a key');
  await expect(wizard.getByRole('radiogroup', { name: 'What is the key for?' })).toBeVisible();
  await wizard.getByRole('button', { name: 'Next' }).focus();
  for (let time = 0; time < 12; time++) {
    await page.keyboard.down('Enter');
    await page.waitForTimeout(60);
  }
  await page.keyboard.up('Enter');
  await expect(wizard.getByRole('radiogroup', { name: 'Spec' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(wizard).toBeHidden();
  expect((await callKms(page, 'ListKeys', {})).Keys).toHaveLength(before);
});

test('the focus goes back to what opened a dialog, also by way of a menu', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'returned');
  await app.go(`/keys/${KeyId}`);
  const actions = page.getByRole('button', { name: 'Actions' });
  for (const [title, name] of [
    ['Disable key', 'Disable the key'],
    ['Edit description', 'Edit description'],
    ['Share…', 'Share what this key encrypts'],
    ['Schedule deletion', "Schedule the key's deletion"],
  ] as const) {
    await act(title);
    await expect(dialog(name)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog(name)).toBeHidden();
    await expect(actions, title).toBeFocused();
  }
});

test('the focus goes to the neighbour of a row that is removed, and stays where a list is empty', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'one');
  for (const AliasName of ['alias/three', 'alias/two'])
    await callKms(page, 'CreateAlias', { AliasName, TargetKeyId: KeyId });
  await app.go(`/keys/${KeyId}/names`);
  const remove = (alias: string) => page.getByRole('button', { name: `Delete alias/${alias}` });
  await press(remove('three'));
  await dialog('Delete the alias').getByRole('textbox').fill('three');
  await page.keyboard.press('Enter');
  await expect(remove('three')).toBeHidden();
  await expect(remove('two')).toBeFocused();

  const rows = page.getByRole('group', { name: 'Tags' });
  const add = rows.getByRole('button', { name: 'Add a tag' });
  await press(add);
  await expect(rows.getByLabel('Name of tag 1')).toBeFocused();
  await press(add);
  await expect(rows.getByLabel('Name of tag 2')).toBeFocused();
  await press(rows.getByRole('button', { name: 'Remove tag 1' }));
  await expect(rows.getByRole('button', { name: 'Remove tag 1' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(add).toBeFocused();
});

test('a button that was off while it worked has the focus again, and one that stays off gives it to its neighbour', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'busy');
  await app.go(`/keys/${KeyId}/use`);
  const panel = page.getByRole('region', { name: 'Encrypt text', exact: true });
  await panel.getByLabel('Text to encrypt').fill('twice');
  const encrypt = panel.getByRole('button', { name: 'Encrypt', exact: true });
  await press(encrypt);
  await expect(panel.getByLabel('Ciphertext', { exact: true })).toBeVisible();
  await expect(encrypt).toBeFocused();

  await app.go(`/keys/${KeyId}/names`);
  const tags = page.getByRole('region', { name: 'Tags of the key' });
  await tags.getByRole('button', { name: 'Add a tag' }).click();
  await tags.getByLabel('Name of tag 1').fill('team');
  await press(tags.getByRole('button', { name: 'Save tags' }));
  await expect(notice(page, 'The tags are saved.')).toBeVisible();
  await expect(tags.getByRole('button', { name: 'Show as CLI / SDK' })).toBeFocused();
});

test('a button that was off for a moment only has the focus again', async () => {
  const { app, page } = window;
  await app.go('/settings/about');
  await page.evaluate(() => {
    const button = document.createElement('button');
    button.textContent = 'Quick';
    document.querySelector('#main')?.append(button);
    button.focus();
    button.addEventListener('focusout', () => {
      setTimeout(() => {
        button.disabled = false;
      });
    });
    button.disabled = true;
  });
  await expect(page.getByRole('button', { name: 'Quick' })).toBeFocused();
  await page.getByRole('button', { name: 'Quick' }).evaluate((button) => button.remove());
});

test('another screen is read from its beginning', async () => {
  const { app, page } = window;
  await app.go('/keys');
  const row = page.getByRole('row', { name: /first/ });
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'first' })).toBeVisible();
  await expect(page.locator('#main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'All keys' })).toBeFocused();
});

test('a click beside everything leaves the focus nowhere', async () => {
  const { app, page } = window;
  await app.go('/settings/about');
  await page.getByRole('tab', { name: 'About' }).focus();
  // On the mark of the program.
  await page.mouse.click(20, 20);
  await page.evaluate(() => document.querySelector('#main')?.append(document.createElement('i')));
  await page.waitForTimeout(800);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
});

test('what failed in a dialog is not said when it opens again', async () => {
  const { app, page } = window;
  const KeyId = await makeKey(page, 'lent');
  const GranteePrincipal = 'arn:aws:iam::444455556666:user/ada';
  const { GrantId } = await callKms(page, 'CreateGrant', { KeyId, GranteePrincipal, Operations: ['Decrypt'] });
  await app.go(`/keys/${KeyId}/grants`);
  const revoke = page.getByRole('button', { name: 'Revoke the grant for user/ada' });
  await revoke.click();
  const asked = dialog('Revoke the grant');
  await asked.waitFor();
  await callKms(page, 'RevokeGrant', { KeyId, GrantId });
  await expect(page.getByText('No grants on this key')).toBeVisible();
  await asked.getByRole('button', { name: 'Revoke grant' }).click();
  await expect(asked.getByRole('alert')).toContainText('NotFoundException');
  await asked.getByRole('button', { name: 'Keep it' }).click();
  await callKms(page, 'CreateGrant', { KeyId, GranteePrincipal, Operations: ['Decrypt'] });
  await revoke.click();
  await expect(asked).toBeVisible();
  await expect(asked.getByRole('alert')).toHaveCount(0);
});
