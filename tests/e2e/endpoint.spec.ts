import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { CreateKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import type { Page } from '@playwright/test';
import { expect, PASSPHRASE, test } from '../support/app.ts';
import { notice } from '../support/window.ts';

async function listening(port = 0): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function freePort(): Promise<number> {
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function choosePort(page: Page, port: number): Promise<void> {
  await page.getByLabel('Port', { exact: true }).fill(String(port));
  await page.getByRole('button', { name: 'Use this port' }).click();
  // What is asked meanwhile would be ignored.
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText(`127.0.0.1:${port} `);
}

const toggle = (page: Page) => page.getByRole('switch', { name: 'Answer programs on this computer' });

/** Makes an access key in the window and answers it, as the dialog shows it this once. */
async function makeAccessKey(page: Page): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  await page.getByRole('button', { name: 'Create access key' }).click();
  const dialog = page.getByRole('dialog', { name: 'The new access key' });
  const lines = await dialog.getByLabel('lines for a shell', { exact: true }).textContent();
  const [, accessKeyId = '', secretAccessKey = ''] =
    /_ID=(\S+)\s+export AWS_SECRET_ACCESS_KEY=(\S+)/.exec(lines ?? '') ?? [];
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await expect(dialog).toBeHidden();
  expect(await page.content()).not.toContain(secretAccessKey);
  return { accessKeyId, secretAccessKey };
}

test.use({ alias: 'first' });

test('programs call the open vault with an access key made in the window, and nobody when it is off', async ({
  app,
  page,
}) => {
  await app.go('/settings/endpoint');
  await expect(page.getByText('It is off: Coffer opens no port.')).toBeVisible();
  await expect(page.getByText('There is none yet: no program can call.')).toBeVisible();
  const port = await freePort();
  await choosePort(page, port);
  await toggle(page).click({ force: true });
  await expect(page.getByRole('status').getByText(`http://127.0.0.1:${port}`)).toBeVisible();
  const credentials = await makeAccessKey(page);
  const client = () =>
    new KMSClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', maxAttempts: 1, credentials });
  const kms = client();
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'by a program' }));
  expect(KeyMetadata?.KeyState).toBe('Enabled');
  const keys = page.getByRole('list', { name: 'Access keys' });
  await expect(keys.getByRole('listitem')).toContainText('last used');

  await keys.getByRole('button', { name: /^Deactivate/ }).click();
  await expect(keys.getByText('Inactive')).toBeVisible();
  await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  await expect(notice(page, 'Access key deactivated').getByRole('link', { name: 'Record' })).toBeVisible();
  await keys.getByRole('button', { name: /^Activate/ }).click();
  await expect(keys.getByText('Inactive')).toBeHidden();
  await notice(page, 'Access key activated').getByRole('button', { name: 'Undo' }).click();
  await expect(keys.getByText('Inactive')).toBeVisible();
  await keys.getByRole('button', { name: /^Activate/ }).click();
  await expect(keys.getByText('Inactive')).toBeHidden();
  await kms.send(new ListKeysCommand({}));

  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({
    name: 'KMSInternalException',
    message: 'the vault is locked',
    $metadata: { httpStatusCode: 503 },
  });

  // It was switched on for good: a new start answers before anybody has opened the vault.
  const again = await app.restart();
  await again.getByRole('button', { name: 'Unlock' }).waitFor();
  await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ message: 'the vault is locked' });
  await again.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await again.getByRole('button', { name: 'Unlock' }).click();
  await again.getByRole('navigation', { name: 'Screens' }).waitFor();
  expect((await kms.send(new ListKeysCommand({}))).Keys?.length).toBeGreaterThan(0);

  await app.go('/settings/endpoint');
  await again.getByRole('button', { name: /^Delete: AKIA/ }).click();
  await again.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(again.getByText('There is none yet: no program can call.')).toBeVisible();
  await notice(again, 'The access key is deleted.').getByRole('link', { name: 'Record' }).click();
  await expect(again.getByRole('complementary', { name: 'Record' })).toContainText('DeleteAccessKey');
  await app.go('/settings/endpoint');
  await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  await toggle(again).click({ force: true });
  await expect(again.getByText('It is off: Coffer opens no port.')).toBeVisible();
  // A client of its own: the other one's connection was there before.
  await expect(client().send(new ListKeysCommand({}))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a port that is taken is told, and another one can be chosen', async ({ app, page }) => {
  await app.go('/settings/endpoint');
  const alert = page.getByRole('alert', { name: 'It cannot answer programs' });
  const other = await listening();
  try {
    const { port } = other.address() as AddressInfo;
    await choosePort(page, port);
    await toggle(page).click({ force: true });
    await expect(alert).toContainText(`Port ${port} is taken by another program.`);
    const free = await freePort();
    await choosePort(page, free);
    await expect(alert).toBeHidden();
    await expect(page.getByRole('status').getByText(`http://127.0.0.1:${free}`)).toBeVisible();
    await page.getByLabel('Port', { exact: true }).fill('80');
    await expect(page.getByRole('button', { name: 'Use this port' })).toBeDisabled();
  } finally {
    other.close();
  }
});
