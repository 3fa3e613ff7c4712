import { expect, type Locator } from '@playwright/test';
import { callIam, callKms, chooseAction, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

const SIZE = { width: 900, height: 600 };
const ALIAS = `${'a'.repeat(120)}/${'b'.repeat(120)}`;
const USER = 'u'.repeat(64);

/** Fails unless all of it is in the smallest window. */
async function expectInside(what: Locator): Promise<void> {
  const box = await what.boundingBox();
  if (!box) throw new Error(`${what} is not there`);
  expect(box.x, `${what}`).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width, `${what}`).toBeLessThanOrEqual(SIZE.width);
}

const button = (within: Locator, name: string | RegExp) => within.getByRole('button', { name });

test('the longest names leave the buttons beside them in the window', async () => {
  const { app, page } = window;
  await page.setViewportSize(SIZE);
  const KeyId = await makeKey(page, ALIAS, { Description: 'd'.repeat(800) });
  await makeKey(page, `${'c'.repeat(240)}`);
  const { User } = await callIam(page, 'CreateUser', { UserName: USER });
  await callKms(page, 'TagResource', { KeyId, Tags: [{ TagKey: 'k'.repeat(128), TagValue: 'v'.repeat(256) }] });
  await callKms(page, 'CreateGrant', {
    KeyId,
    GranteePrincipal: User.Arn,
    Operations: ['Decrypt', 'Encrypt', 'GenerateDataKeyWithoutPlaintext'],
    Name: 'n'.repeat(200),
    Constraints: { EncryptionContextSubset: { ['x'.repeat(100)]: 'y'.repeat(100) } },
  });
  const main = page.getByRole('main');
  await app.go(`/keys/${KeyId}`);
  for (const [title, close] of [
    ['Rotate now', 'Cancel'],
    ['Disable key', 'Leave it'],
    ['Schedule deletion', 'Keep it'],
    ['Share…', 'Cancel'],
  ] as const) {
    await chooseAction(page, title);
    const dialog = page.getByRole('dialog');
    await expectInside(button(dialog, 'Close'));
    await expectInside(button(dialog, close));
    await button(dialog, close).click();
    await expect(dialog).toBeHidden();
  }
  await app.go(`/keys/${KeyId}/grants`);
  await expectInside(button(main, /^Revoke the grant/));
  await app.go(`/keys/${KeyId}/names`);
  await expectInside(button(main, /^Delete alias/));
  await expectInside(button(main, 'Remove tag 1'));
  await app.go('/access/people');
  const link = main.getByRole('link', { name: USER });
  await link.waitFor();
  const [name, act] = [await link.boundingBox(), await button(main, new RegExp(`^Act as user ${USER}`)).boundingBox()];
  if (!name || !act) throw new Error('nobody is there');
  expect(name.x + name.width <= act.x || name.y + name.height <= act.y).toBe(true);
  await app.go(`/access/people?who=${encodeURIComponent(User.Arn)}`);
  await expectInside(main.getByRole('button', { name: /^Act as u/ }));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(SIZE.width);
});

test('at twice the size of the text the buttons of a dialog are in sight, and all parts of a choice', async () => {
  const { app, page } = window;
  await page.setViewportSize(SIZE);
  const KeyId = await makeKey(page, `${'e'.repeat(60)}`, { MultiRegion: true });
  await app.go(`/keys/${KeyId}`);
  for (let step = 0; step < 8; step++) await page.keyboard.press('ControlOrMeta+=');
  for (const [title, name] of [
    ['Rotate now', 'Rotate now'],
    ['Disable key', 'Disable key'],
    ['Schedule deletion', 'Schedule deletion'],
  ] as const) {
    await chooseAction(page, title);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  await app.go(`/keys/${KeyId}/use`);
  const last = page.getByRole('radiogroup', { name: 'What to do' }).getByText('Data key pair', { exact: true });
  await last.click();
  await expect(page.getByRole('region', { name: 'Data key pair', exact: true })).toBeVisible();
  await expectInside(last);
  await page.keyboard.press('ControlOrMeta+0');
});
