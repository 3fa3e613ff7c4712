import { expect, type Locator } from '@playwright/test';
import { PASSPHRASE } from '../support/app.ts';
import { Authenticator } from '../support/authenticator.ts';
import {
  actAs as actAsIn,
  actingBar,
  backToOwner as backToOwnerIn,
  callIam,
  callKms,
  expectAccessible,
  makeKey,
  testsInOneWindow,
} from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

const bar = () => actingBar(window.page);
const menu = () => window.page.getByRole('button', { name: /^Acting as / });
/** What a refused reading or call is shown as. */
const refusal = () => window.page.getByRole('main').getByRole('alert').filter({ hasText: 'AccessDeniedException' });

async function showPeople(): Promise<void> {
  await window.app.go('/access/people');
  await expect(window.page.getByRole('list', { name: /^People of account/ }).first()).toBeVisible();
}

async function openPerson(name: string): Promise<void> {
  await showPeople();
  await window.page.getByRole('link', { name, exact: true }).first().click();
  await expect(window.page.getByRole('heading', { level: 2, name: new RegExp(name, 'i') })).toBeVisible();
}

const actAs = (name: string) => actAsIn(window.page, name);
const backToOwner = () => backToOwnerIn(window.page);

/** Shows the policy that is being edited as text. */
async function showText(within: Locator, name: string): Promise<Locator> {
  await within.getByRole('radiogroup', { name: 'How the policy is shown' }).getByText('Text', { exact: true }).click();
  const text = within.getByRole('textbox', { name, exact: true });
  await expect(text).toBeVisible();
  return text;
}

const textOf = async (text: Locator) => (await text.locator('.cm-line').allTextContents()).join('\n');

async function writeText(text: Locator, whole: string): Promise<void> {
  const { keyboard } = window.page;
  await text.focus();
  await keyboard.press('ControlOrMeta+a');
  await keyboard.insertText(whole);
}

async function disableByMenu(): Promise<void> {
  await window.page.getByRole('button', { name: 'Actions' }).click();
  await window.page.getByRole('menuitem', { name: 'Disable key' }).click();
}

/** Makes an MFA device for whose page is open; answers the app that shows its codes. */
async function enrol(device: string): Promise<Authenticator> {
  const { page } = window;
  await page.getByRole('tab', { name: 'Second factor' }).click();
  await page.getByRole('button', { name: 'Add an MFA device' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an MFA device' });
  await dialog.getByLabel('Name of the device').fill(device);
  await dialog.getByRole('button', { name: 'Show its secret' }).click();
  await expect(dialog.getByRole('img', { name: 'QR code of the secret' })).toBeVisible();
  const secret = await dialog.getByRole('button', { name: /^Copy [A-Z2-7]{32}$/ }).getAttribute('aria-label');
  const app = new Authenticator(secret?.replace('Copy ', '') ?? '', window.app.time);
  const [first, second] = await app.pair();
  await dialog.getByLabel('A code').fill(first);
  await dialog.getByLabel('The next code').fill(second);
  await dialog.getByRole('button', { name: 'Add it' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('list', { name: 'MFA devices' })).toContainText(device);
  return app;
}

async function enterCode(dialog: Locator, app: Authenticator): Promise<void> {
  await dialog.getByLabel('Code').fill(await app.code());
  await expect(dialog).toBeHidden();
}

test('a user with one policy does what it says, and sees what it does not', async () => {
  const { app, page } = window;
  await app.go('/access/people');
  await expect(page.getByText('Nobody but you yet')).toBeVisible();
  await expectAccessible(page, 'no people');
  await page.getByRole('button', { name: 'Create user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a user' });
  await dialog.getByLabel('User name').fill('bad name!');
  await expect(dialog.getByLabel('User name')).toHaveAccessibleDescription(/Only letters/);
  await dialog.getByLabel('User name').fill('ada');
  await expect(dialog.getByLabel('AWS CLI commands', { exact: true })).toContainText('--policy-name UseKeys');
  await expectAccessible(page, 'creating a user');
  await dialog.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'ada' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Policies' })).toContainText('UseKeys');
  await expectAccessible(page, 'a user');

  await menu().click();
  await expectAccessible(page, 'whom one can act as');
  await page.keyboard.press('Escape');
  await expect(menu()).toBeFocused();
  await actAs('ada');
  await expect(menu()).toHaveAccessibleName(/user ada/);
  // People are not hers to see.
  await expect(refusal()).toContainText('iam:GetAccountAuthorizationDetails');
  await expectAccessible(page, 'acting as a user');
  await app.go('/keys');
  await page.getByRole('link', { name: 'first', exact: true }).click();
  await page.getByRole('tab', { name: 'Use' }).click();
  await page.getByRole('textbox', { name: 'Text' }).first().fill('a letter');
  await page.getByRole('button', { name: 'Encrypt', exact: true }).click();
  await expect(page.getByRole('region', { name: /Encrypt.*: result/ })).toContainText('Size');
  await disableByMenu();
  const disable = page.getByRole('dialog', { name: 'Disable the key' });
  await disable.getByRole('button', { name: 'Disable key' }).click();
  await expect(disable.getByRole('alert')).toContainText('not authorized to perform: kms:DisableKey');
  await disable.getByRole('button', { name: 'Leave it' }).click();
  for (const tab of ['Policy', 'Grants']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(refusal()).toBeVisible();
  }
  await app.go('/activity');
  await expect(refusal()).toContainText('kms:LookupEvents');
  await app.go('/files');
  await expect(refusal()).toContainText('kms:LookupEvents');
  await app.go('/settings/endpoint');
  await expect(refusal()).toContainText('iam:ListAccessKeys');

  await backToOwner();
  await expect(page.getByRole('list', { name: 'Access keys' }).or(page.getByText('There is none yet'))).toBeVisible();
  await app.go('/activity');
  await expect(page.getByRole('region', { name: 'Records' })).toContainText('ada tried to disable a key on first');
});

test('policies, tags and access keys of a user are edited on their page; deleting says what goes', async () => {
  const { page } = window;
  await callIam(page, 'CreateUser', { UserName: 'bob' });
  await openPerson('bob');
  await page.getByRole('button', { name: 'Add a policy' }).click();
  await page.getByRole('menuitem', { name: /^Read only/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a policy' });
  const findings = dialog.getByRole('region', { name: 'Findings' });
  await expect(findings).toContainText('Nothing is wrong');
  await expect(dialog.getByRole('list', { name: 'Statements' })).toContainText('kms:LookupEvents');
  await expectAccessible(page, 'a policy as cards');
  const text = await showText(dialog, 'Policy');
  const whole = await textOf(text);
  await writeText(text, `${whole}}`);
  await expect(findings).toContainText('not JSON');
  await expect(dialog.getByRole('button', { name: 'Save policy' })).toBeDisabled();
  await writeText(text, whole.replace('"Allow"', '"Maybe"'));
  await expect(findings).toContainText('Effect');
  await expect(dialog.getByRole('button', { name: 'Save policy' })).toBeDisabled();
  await writeText(text, whole.replace('"kms:List*"', '"iam:ListUser"'));
  await expect(findings).toContainText('There is no action iam:ListUser.');
  await expectAccessible(page, 'a policy with a finding');
  await findings.getByRole('button', { name: 'Use iam:ListUsers' }).click();
  await expect(findings).toContainText('Nothing is wrong');
  // Escape in the text is the text's.
  await text.focus();
  await page.keyboard.press('Escape');
  await writeText(text, whole);
  await expect(findings).toContainText('Nothing is wrong');
  await expectAccessible(page, 'a policy as text');
  await dialog.getByRole('button', { name: 'Save policy' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('list', { name: 'Policies' })).toContainText('ReadOnly');

  await page.getByRole('tab', { name: 'Tags' }).click();
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.getByLabel('Name of tag 1').fill('team');
  await page.getByLabel('Value of tag 1').fill('blue');
  await page.getByRole('button', { name: 'Save tags' }).click();
  await expect(page.getByRole('button', { name: 'Save tags' })).toBeDisabled();
  expect((await callIam(page, 'ListUserTags', { UserName: 'bob' })).Tags).toEqual([{ Key: 'team', Value: 'blue' }]);

  await page.getByRole('tab', { name: 'Access keys' }).click();
  await page.getByRole('button', { name: 'Make an access key' }).click();
  const made = page.getByRole('dialog', { name: 'The new access key' });
  await expect(made).toContainText('do what bob may do');
  await made.getByRole('button', { name: 'I have it' }).click();
  await page.getByRole('button', { name: /^Deactivate: AKIA/ }).click();
  await expect(page.getByRole('list', { name: 'Access keys' })).toContainText('Inactive');
  await expectAccessible(page, 'access keys');

  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const leaving = page.getByRole('dialog', { name: 'Delete the user' });
  await expect(leaving).toContainText('1 policy of its own: ReadOnly');
  await expect(leaving).toContainText('1 access key');
  await leaving.getByRole('textbox').fill('bob');
  await leaving.getByRole('button', { name: 'Delete user' }).click();
  await expect(page.getByRole('list', { name: /^People of account/ })).not.toContainText('bob');
});

test('a role is made and acted as', async () => {
  const { app, page } = window;
  await showPeople();
  await page.getByRole('button', { name: 'Create role' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a role' });
  await dialog.getByLabel('Role name').fill('reader');
  await dialog.getByRole('combobox', { name: 'What it may do' }).click();
  await page.getByRole('option', { name: 'Read only' }).click();
  await dialog.getByRole('button', { name: 'Show the trust policy' }).click();
  await expect(dialog.getByRole('list', { name: 'Statements' })).toContainText('sts:AssumeRole');
  await expect(await showText(dialog, 'Trust policy')).toContainText('sts:AssumeRole');
  await expect(dialog.getByRole('region', { name: 'Findings' })).toContainText('Nothing is wrong');
  await expectAccessible(page, 'creating a role');
  await dialog.getByRole('button', { name: 'Create role' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'reader' })).toBeVisible();
  await page.getByRole('tab', { name: 'Trust and sessions' }).click();
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText('sts assume-role');
  await page.getByLabel('A session lasts at most, in hours').fill('4');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .poll(async () => (await callIam(page, 'GetRole', { RoleName: 'reader' })).Role.MaxSessionDuration)
    .toBe(14_400);
  await expectAccessible(page, 'trust');

  await actAs('reader');
  await app.go('/activity');
  await expect(page.getByRole('region', { name: 'Records' })).toContainText('reader');
  await backToOwner();
});

test('somebody who deletes themselves is told that nobody acts any more', async () => {
  const { page } = window;
  await callIam(page, 'CreateUser', { UserName: 'leaver' });
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }] };
  await callIam(page, 'PutUserPolicy', {
    UserName: 'leaver',
    PolicyName: 'All',
    PolicyDocument: JSON.stringify(document),
  });
  await actAs('leaver');
  await openPerson('leaver');
  await expect(page.getByText('acting', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the user' });
  await expect(dialog).toContainText('You act as it');
  await dialog.getByRole('textbox').fill('leaver');
  await dialog.getByRole('button', { name: 'Delete user' }).click();
  await expect(bar()).toContainText('was deleted');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('NoSuchEntityException');
  await expectAccessible(page, 'somebody who is gone');
  await backToOwner();
  await expect(page.getByRole('list', { name: /^People of account/ })).toBeVisible();
});

test('another account has a root of its own, whom the palette finds', async () => {
  const { app, page } = window;
  const account = '999900001111';
  await showPeople();
  await page.getByRole('button', { name: 'Create account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create an account' });
  await dialog.getByLabel('Account number').fill('12');
  await expect(dialog.getByLabel('Account number')).toHaveAccessibleDescription(/^An account has 12 digits/);
  await dialog.getByLabel('Account number').fill(account);
  await dialog.getByRole('button', { name: 'Create account' }).click();
  const section = page.getByRole('region', { name: `Account ${account}` });
  await expect(section).toContainText('0 keys');
  await expectAccessible(page, 'two accounts');
  await page.keyboard.press('Control+K');
  await page.getByRole('textbox', { name: 'Search for a key, a screen or a command' }).fill(`act as ${account}`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(bar()).toContainText(account);
  await app.go('/keys');
  await expect(page.getByText('No keys here yet')).toBeVisible();
  await page.keyboard.press('Control+K');
  await page.getByRole('textbox', { name: 'Search for a key, a screen or a command' }).fill('owner');
  await page.getByRole('button', { name: "Back to the vault's owner" }).click();
  await expect(bar()).toBeHidden();
  await expect(page.getByRole('link', { name: 'first', exact: true })).toBeVisible();
  await showPeople();
  await page.getByRole('button', { name: `Delete account ${account}` }).click();
  await page.getByRole('dialog', { name: 'Delete the account' }).getByRole('button', { name: 'Delete' }).click();
  await expect(section).toBeHidden();
});

test('locking ends acting as somebody else', async () => {
  const { app, page } = window;
  await callIam(page, 'CreateUser', { UserName: 'eve' });
  await actAs('eve');
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(menu()).toHaveAccessibleName(/root/);
  await expect(bar()).toBeHidden();
  await app.go('/keys');
  await expect(page.getByRole('link', { name: 'first', exact: true })).toBeVisible();
});

test.describe
  .serial('a second factor', () => {
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
      await disableByMenu();
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
      await expect(page.getByText('It has no MFA device.')).toBeVisible();
    });
  });
