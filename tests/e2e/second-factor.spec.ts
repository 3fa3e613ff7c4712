import { expect } from '@playwright/test';
import { PASSPHRASE } from '../support/app.ts';
import { peopleScreen } from '../support/people-screen.ts';
import {
  callIam,
  callKms,
  chooseAction,
  expectAccessible,
  makeKey,
  notice,
  testsInOneWindow,
} from '../support/window.ts';

const { test, window } = testsInOneWindow('first');
const { menu, showPeople, openPerson, actAs, backToOwner, enrol, enterCode } = peopleScreen(window);

// The device of the first test is the one that is lost in the last.
test.describe.configure({ mode: 'serial' });

test('destroying a key takes a code once its policy says so', async () => {
  const { app, page } = window;
  await callIam(page, 'CreateUser', { UserName: 'visitor' });
  const KeyId = await makeKey(page, 'guarded');
  await showPeople();
  await page.getByRole('button', { name: 'Look at the keys' }).click();
  await expect(page.getByRole('button', { name: /^Add it to/ })).toBeDisabled();
  await expect(page.getByText('Without one nobody could enter a code')).toBeVisible();
  await page.getByRole('link', { name: 'Add an MFA device' }).click();
  const phone = await enrol('root-phone');
  await expectAccessible(page, 'MFA devices');

  await showPeople();
  await page.getByRole('button', { name: 'Look at the keys' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'second factor' })).toContainText('None of the 2 keys');
  await page.getByRole('button', { name: 'Add it to 2 keys' }).click();
  const prompt = page.getByRole('dialog', { name: 'Enter a code' });
  await prompt.getByLabel('Code').fill('000000');
  await expect(prompt.getByLabel('Code')).toHaveAccessibleDescription(/not the one/);
  await expectAccessible(page, 'asking for a code');
  await enterCode(prompt, phone);
  await expect(page.getByText('2 policies changed')).toBeVisible();
  await expect(page.getByText('All 2 keys ask for a second factor.')).toBeVisible();
  await expectAccessible(page, 'the rule');
  expect((await callKms(page, 'GetKeyPolicy', { KeyId, PolicyName: 'default' })).Policy).toContain(
    'CofferRequireMfaToDestroy',
  );

  // Acting as the owner anew, nothing is proven.
  await actAs('visitor');
  await backToOwner();
  await app.go(`/keys/${KeyId}`);
  await chooseAction(page, 'Disable key');
  const disable = page.getByRole('dialog', { name: 'Disable the key' });
  await disable.getByRole('button', { name: 'Disable key' }).click();
  await expect(disable.getByRole('alert')).toContainText('A second factor would allow this');
  await disable.getByRole('button', { name: 'Enter a code' }).click();
  await enterCode(prompt, phone);
  await expect(disable).toBeHidden();
  await expect(page.getByText('Disabled', { exact: true }).first()).toBeVisible();
  await callKms(page, 'EnableKey', { KeyId });
});

test('a new key can ask for it from the first', async () => {
  const { app, page } = window;
  await app.go('/keys?new=1');
  const dialog = page.getByRole('dialog', { name: 'Create a key' });
  const next = dialog.getByRole('button', { name: 'Next' });
  await next.click();
  await next.click();
  await dialog.getByLabel('Alias').fill('careful');
  await next.click();
  await dialog.getByRole('switch', { name: 'Ask for a second factor before it is destroyed' }).check();
  await next.click();
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'careful' })).toBeVisible();
  const { Policy } = await callKms(page, 'GetKeyPolicy', { KeyId: 'alias/careful', PolicyName: 'default' }).catch(
    async () => {
      const { KeyId } = await callKms(page, 'GetKeyOverview', { KeyId: 'alias/careful' });
      return callKms(page, 'GetKeyPolicy', { KeyId, PolicyName: 'default' });
    },
  );
  expect(Policy).toContain('CofferRequireMfaToDestroy');
});

test("the owner's lost device goes against the vault's passphrase", async () => {
  const { page } = window;
  // Whoever guesses instead waits, and is told how long.
  await menu().click();
  await page.getByRole('button', { name: 'Enter MFA code' }).click();
  const prompt = page.getByRole('dialog', { name: 'Enter a code' });
  const code = prompt.getByLabel('Code');
  await expect(async () => {
    await code.fill('000000', { timeout: 1000 });
    await expect(code).toHaveAccessibleDescription(/The next one is taken in/, { timeout: 1000 });
  }).toPass();
  await expect(code).not.toBeEditable();
  await prompt.getByRole('button', { name: 'Cancel' }).click();

  await openPerson('root');
  await page.getByRole('tab', { name: 'Second factor' }).click();
  await page.getByRole('button', { name: 'Trouble with root-phone' }).click();
  await page.getByRole('menuitem', { name: 'It is lost' }).click();
  const dialog = page.getByRole('dialog', { name: 'The MFA device is lost' });
  const secret = dialog.getByLabel('Passphrase of the vault');
  await secret.fill('not the passphrase');
  await dialog.getByRole('button', { name: 'Remove the device' }).click();
  await expect(secret).toHaveAccessibleDescription(/passphrase/i);
  await expectAccessible(page, 'a lost device');
  await secret.fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Remove the device' }).click();
  await expect(dialog).toBeHidden();
  await expect(notice(page, 'Lost device removed').getByRole('link', { name: 'Record' })).toBeVisible();
  await expect(page.getByText('It has no MFA device.')).toBeVisible();
});
