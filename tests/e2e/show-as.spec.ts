import { expect, type Locator } from '@playwright/test';
import { peopleScreen } from '../support/people-screen.ts';
import { callIam, callKms, expectAccessible, makeKey, notice, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');
const { showPeople, openPerson, enrol, enterCode } = peopleScreen(window);

const TITLE = 'Show as CLI / SDK';
const commands = () => window.page.getByRole('dialog', { name: TITLE }).getByLabel(/^AWS CLI commands?$/);

/** Opens what is behind a button; answers the commands, after a look at the SDK's side. */
async function shown(button: Locator): Promise<string> {
  const { page } = window;
  await button.click();
  await page.getByRole('tab', { name: 'JavaScript SDK' }).click();
  await expect(page.getByLabel(/^JavaScript SDK calls?$/)).toContainText('Command(');
  await page.getByRole('tab', { name: 'AWS CLI' }).click();
  await expect(commands()).toBeVisible();
  return (await commands().textContent()) ?? '';
}

const close = async () => {
  await window.page.keyboard.press('Escape');
  await expect(commands()).toBeHidden();
};

test('what is done to several keys is shown for each of them', async () => {
  const { app, page } = window;
  const ids: string[] = [];
  for (const alias of ['bulk-a', 'bulk-b', 'bulk-c', 'bulk-d', 'bulk-e']) ids.push(await makeKey(page, alias));
  const [a = '', b = '', , , e = ''] = ids;
  await callKms(page, 'DisableKey', { KeyId: e });
  await app.go('/keys');
  await page.getByLabel('Filter keys').fill('bulk-');
  for (const alias of ['bulk-a', 'bulk-b']) await page.getByRole('checkbox', { name: `Select ${alias}` }).check();
  const bar = page.getByRole('group', { name: 'Selected keys' });
  const show = bar.getByRole('button', { name: TITLE });
  // Few keys have a command each.
  const few = await shown(show);
  for (const id of [a, b]) expect(few).toContain(`aws kms disable-key \\\n  --key-id ${id} \\\n`);
  await expectAccessible(page, 'calls for several keys');
  await close();

  for (const alias of ['bulk-c', 'bulk-d', 'bulk-e'])
    await page.getByRole('checkbox', { name: `Select ${alias}` }).check();
  expect(await shown(show)).toContain(`aws kms enable-key \\\n  --key-id ${e} \\\n`);
  await page.getByText('Disable 4 keys', { exact: true }).click();
  await expect(commands()).toContainText('--key-id "$key_id"');
  const many = (await commands().textContent()) ?? '';
  expect(many).toMatch(/^for key_id in \\\n/);
  for (const id of ids) expect(many.includes(id)).toBe(id !== e);
  await close();

  await bar.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Schedule the deletion of 5 keys' }).click();
  const dialog = page.getByRole('dialog', { name: 'Schedule the deletion of 5 keys' });
  expect(await shown(dialog.getByRole('button', { name: TITLE }))).toContain('--pending-window-in-days 30');
  await close();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await bar.getByRole('button', { name: 'Clear the selection' }).click();
});

test("a user's keys, tags and deletion are shown as AWS has them", async () => {
  const { page } = window;
  await callIam(page, 'CreateUser', { UserName: 'eve' });
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  await callIam(page, 'PutUserPolicy', {
    UserName: 'eve',
    PolicyName: 'Mine',
    PolicyDocument: PolicyDocument.replace('[]', '[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}]'),
  });
  await callIam(page, 'TagUser', { UserName: 'eve', Tags: [{ Key: 'team', Value: 'blue' }] });
  await openPerson('eve');
  await page.getByRole('tab', { name: 'Access keys' }).click();
  expect(await shown(page.getByRole('button', { name: TITLE, exact: true }))).toContain(
    'aws iam create-access-key \\\n  --user-name eve',
  );
  await close();
  await page.getByRole('button', { name: 'Create access key' }).click();
  await page.getByRole('button', { name: 'I have it' }).click();
  await expect(notice(page, 'Access key created').getByRole('link', { name: 'Record' })).toBeVisible();
  const { AccessKeyMetadata } = await callIam(page, 'ListAccessKeys', { UserName: 'eve' });
  const id = AccessKeyMetadata[0]?.AccessKeyId ?? '';
  const ofKey = page.getByRole('button', { name: `${TITLE}: ${id}` });
  expect(await shown(ofKey)).toBe(
    `aws iam update-access-key \\\n  --user-name eve \\\n  --access-key-id ${id} \\\n  --status Inactive`,
  );
  await expect(page.getByText('For AWS itself: the local endpoint answers KMS and STS.')).toBeVisible();
  await expectAccessible(page, 'an access key as a command');
  await close();
  await page.getByRole('button', { name: `Deactivate: ${id}` }).click();
  await expect(page.getByRole('list', { name: 'Access keys' })).toContainText('Inactive');
  expect(await shown(ofKey)).toContain('--status Active');
  await close();

  await page.getByRole('tab', { name: 'Tags' }).click();
  await page.getByLabel('Name of tag 1').fill('place');
  const tags = await shown(page.getByRole('button', { name: TITLE }));
  expect(tags).toContain('aws iam untag-user \\\n  --user-name eve \\\n  --tag-keys team');
  expect(tags).toContain('aws iam tag-user \\\n  --user-name eve \\\n  --tags Key=place,Value=blue');
  await close();
  await page.getByRole('main').getByRole('button', { name: 'Discard changes' }).click();

  const phone = await enrol('eve-phone');
  expect(phone).toBeDefined();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the user' });
  await dialog.getByRole('button', { name: TITLE }).click();
  // In the order in which AWS takes them.
  await expect(commands()).toContainText(
    /delete-user-policy [\s\S]*delete-access-key [\s\S]*deactivate-mfa-device [\s\S]*delete-virtual-mfa-device [\s\S]*delete-user /,
  );
  await close();
  await dialog.getByRole('button', { name: 'Keep it' }).click();

  // The same key among all of the endpoint, where its owner is named, too.
  await window.app.go('/settings/endpoint');
  expect(await shown(page.getByRole('button', { name: `${TITLE}: ${id}` }))).toContain('--user-name eve');
  await close();
});

test('an MFA code is shown as a program proves it, and leads to its record', async () => {
  const { app, page } = window;
  await makeKey(page, 'guarded');
  await openPerson('root');
  await page.getByRole('tab', { name: 'Second factor' }).click();
  await page.getByRole('button', { name: 'Add an MFA device' }).click();
  const adding = page.getByRole('dialog', { name: 'Add an MFA device' });
  expect(await shown(adding.getByRole('button', { name: TITLE }))).toContain('--bootstrap-method QRCodePNG');
  await close();
  await adding.getByRole('button', { name: 'Cancel' }).click();
  const phone = await enrol('root-phone');
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('Enter MFA code');
  await page.keyboard.press('Enter');
  const prompt = page.getByRole('dialog', { name: 'Enter a code' });
  expect(await shown(prompt.getByRole('button', { name: TITLE }))).toContain('aws sts get-session-token');
  await expectAccessible(page, 'a code as a command');
  await close();
  await expect(prompt).toBeVisible();
  await enterCode(prompt, phone);
  await notice(page, 'Second factor proven').getByRole('link', { name: 'Record' }).click();
  const record = page.getByRole('complementary', { name: 'Record' });
  await expect(record).toContainText('CheckMfa');
  expect(await shown(record.getByRole('button', { name: TITLE }))).toContain('AttributeKey=EventId');
  await close();

  await showPeople();
  await page.getByRole('button', { name: 'Look at the keys' }).click();
  await page.getByRole('button', { name: /^Add it to \d+ keys$/ }).waitFor();
  await page.getByRole('button', { name: `${TITLE}: adding the statement` }).click();
  await expect(commands()).toContainText('CofferRequireMfaToDestroy');
  const keyId = /--key-id ([0-9a-f-]{36})/;
  const [, first = ''] = keyId.exec((await commands().textContent()) ?? '') ?? [];
  await page.getByRole('combobox', { name: 'Of which key' }).click();
  await page.getByRole('option').nth(1).click();
  await expect(commands()).not.toContainText(first);
  await expect(commands()).toContainText(keyId);
  await expectAccessible(page, 'the statement for one of several keys');
  await close();
  await page.getByRole('button', { name: /^Add it to/ }).click();
  await page.getByRole('status').filter({ hasText: 'changed' }).getByRole('link', { name: 'Record' }).click();
  await expect(record).toContainText('PutKeyPolicy');
  await app.go('/access/people');
});

test('accounts, roles and shares are shown as all the calls that they take', async () => {
  const { app, page } = window;
  await showPeople();
  await page.getByRole('button', { name: 'Create account' }).click();
  const account = page.getByRole('dialog', { name: 'Create an account' });
  expect(await shown(account.getByRole('button', { name: TITLE }))).toContain('aws organizations create-account');
  await close();
  await account.getByLabel('Account number').fill('444455556666');
  await account.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('region', { name: 'Account 444455556666' })).toBeVisible();

  await page.getByRole('button', { name: 'Create role' }).click();
  const role = page.getByRole('dialog', { name: 'Create a role' });
  await role.getByLabel('Role name').fill('reader');
  const made = await shown(role.getByRole('button', { name: TITLE }));
  expect(made).toContain('aws iam create-role');
  expect(made).toContain('aws iam put-role-policy');
  await close();
  await role.getByRole('button', { name: 'Cancel' }).click();

  await callIam(page, 'CreateUser', { UserName: 'bob' }, '444455556666');
  const KeyId = await makeKey(page, 'to-share');
  await app.go(`/keys/${KeyId}`);
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: /Share/ }).click();
  const share = page.getByRole('dialog', { name: 'Share what this key encrypts' });
  await share.getByLabel('With', { exact: true }).fill('arn:aws:iam::444455556666:user/bob');
  const both = await shown(share.getByRole('button', { name: TITLE }));
  expect(both).toMatch(/aws iam put-user-policy [\s\S]*aws kms put-key-policy /);
  await expect(page.getByText('The call of IAM is one of account 444455556666.')).toBeVisible();
  await close();
});
