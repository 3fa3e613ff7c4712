import { expect, type Locator } from '@playwright/test';
import { PASSPHRASE } from '../support/app.ts';
import { peopleScreen } from '../support/people-screen.ts';
import { callIam, chooseAction, expectAccessible, notice, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');
const { bar, menu, showPeople, openPerson, actAs, backToOwner } = peopleScreen(window);

/** What a refused reading or call is shown as. */
const refusal = () => window.page.getByRole('main').getByRole('alert').filter({ hasText: 'AccessDeniedException' });

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
  await expect(notice(page, 'Every call is made as').getByRole('link', { name: 'Record' })).toBeVisible();
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
  await chooseAction(page, 'Disable key');
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
  await page.getByRole('button', { name: 'Create access key' }).click();
  const made = page.getByRole('dialog', { name: 'The new access key' });
  await expect(made).toContainText('do what bob may do');
  await made.getByRole('button', { name: 'I have it' }).click();
  await page.getByRole('button', { name: /^Deactivate: AKIA/ }).click();
  await expect(page.getByRole('list', { name: 'Access keys' })).toContainText('Inactive');
  await expectAccessible(page, 'access keys');
  await page.getByRole('button', { name: /^Delete: AKIA/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Show as CLI / SDK' }).click();
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText('aws iam delete-access-key');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();

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

test('what the owner sees of key stores is not shown to whom the window acts as next', async () => {
  const { app, page } = window;
  await callIam(page, 'CreateUser', { UserName: 'nobody' });
  await app.go('/key-stores');
  await expect(page.getByText('No key stores here yet')).toBeVisible();
  await actAs('nobody');
  await expect(refusal()).toContainText('kms:DescribeCustomKeyStores');
  await expect(page.getByText('No key stores here yet')).toBeHidden();
  await backToOwner();
  await expect(page.getByText('No key stores here yet')).toBeVisible();
});

test('locking ends acting as somebody else, and says nothing of what it cut off', async () => {
  const { app, page } = window;
  await callIam(page, 'CreateUser', { UserName: 'eve' });
  await app.go('/activity');
  await actAs('eve');
  // Its end has the work in it cancelled, which a locked vault refuses.
  await page.getByRole('button', { name: 'Verify the trail' }).click();
  await expect(page.getByRole('dialog', { name: 'Verify the whole trail' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+L');
  await expect(page.getByLabel('Passphrase', { exact: true })).toBeVisible();
  await expect(page.locator('.mantine-Notification-root')).toHaveCount(0);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(menu()).toHaveAccessibleName(/root/);
  await expect(bar()).toBeHidden();
  await app.go('/keys');
  await expect(page.getByRole('link', { name: 'first', exact: true })).toBeVisible();
});
