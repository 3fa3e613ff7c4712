import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { App } from './app.ts';
import { actAs, backToOwner, callKms, makeKey } from './window.ts';

const SEARCH = 'Search for a key, a screen or a command';
const DROP = 'section[aria-label="Drop files here"]';
const TABS = ['overview', 'use', 'rotation', 'regions', 'names', 'policy', 'grants', 'activity'];
const SCREENS = [
  ...['/keys', '/keys/calendar', '/key-stores', '/files', '/sign', '/sign/verify', '/activity'],
  ...['/access/simulator', '/access/key', '/access/people'],
  ...['ways-in', 'locking', 'backup', 'endpoint', 'appearance', 'about'].map((section) => `/settings/${section}`),
];
const bytes = (text: string) => new TextEncoder().encode(text);

/**
 * Somebody who uses the window of a demonstration vault for long: a round goes to every place and does, by clicks, keys and the
 * window's own calls, what a person does there. What a round makes it puts away again, but for what the vault keeps: records, a key
 * that is to be deleted, the history of files.
 */
export class LongUse {
  /** What was done so far: goings to a place, dialogs, calls, files. */
  acts = 0;
  readonly #app: App;
  #ids: Readonly<Record<'orders' | 'releases' | 'sessions', string>> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  async #keys() {
    const idOf = async (alias: string) =>
      (await callKms(this.#app.page, 'DescribeKey', { KeyId: `alias/${alias}` })).KeyMetadata.KeyId;
    this.#ids ??= {
      orders: await idOf('orders'),
      releases: await idOf('releases'),
      sessions: await idOf('sessions'),
    };
    return this.#ids;
  }

  async #see(route: string): Promise<void> {
    const { page } = this.#app;
    await this.#app.go(route);
    await page.getByRole('main').getByRole('heading').first().waitFor();
    await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
    this.acts++;
  }

  async visitScreens(): Promise<void> {
    for (const screen of SCREENS) await this.#see(screen);
    const { orders, releases, sessions } = await this.#keys();
    for (const tab of TABS) await this.#see(`/keys/${orders}/${tab}`);
    for (const route of [`${releases}/use`, `${releases}/public-key`, `${sessions}/use`])
      await this.#see(`/keys/${route}`);
  }

  /** Opens a dialog, does something in it and leaves it by Escape. */
  async #dialog(open: () => Promise<void>, inside: () => Promise<void> = async () => undefined): Promise<void> {
    const dialog = this.#app.page.getByRole('dialog');
    await open();
    await dialog.waitFor();
    await inside();
    // What has only just been drawn does not hear of a key yet.
    await expect(async () => {
      await this.#app.page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0, { timeout: 1000 });
    }).toPass({ timeout: 10_000 });
    this.acts++;
  }

  async openDialogs(): Promise<void> {
    const { page } = this.#app;
    const { orders } = await this.#keys();
    const press = (name: string) => () => page.getByRole('button', { name, exact: true }).click();
    await this.#see('/keys');
    await this.#dialog(press('Create key'), () =>
      page.getByRole('dialog').getByRole('button', { name: 'Next' }).click(),
    );
    await this.#see(`/keys/${orders}`);
    for (const action of ['Schedule deletion', 'Share…', 'Disable key'])
      await this.#dialog(async () => {
        await press('Actions')();
        await page.getByRole('menuitem', { name: action }).click();
      });
    await this.#see(`/keys/${orders}/rotation`);
    await this.#dialog(press('Rotate now'));
    await this.#see(`/keys/${orders}/grants`);
    await this.#dialog(press('Create grant'));
    await this.#see('/activity');
    await this.#dialog(press('Export…'));
    for (const typed of ['orders', 'settings', 'lock', 'nothing has this name'])
      await this.#dialog(
        () => page.keyboard.press('Control+k'),
        () => page.getByLabel(SEARCH).fill(typed),
      );
  }

  /** Opens the text of a key's policy, types into it and gives the change up. */
  async editPolicy(): Promise<void> {
    const { page } = this.#app;
    await this.#see(`/keys/${(await this.#keys()).orders}/policy`);
    await page.getByRole('button', { name: 'Edit policy' }).click();
    await page.getByRole('radiogroup', { name: 'How the policy is shown' }).getByText('Text', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Key policy' }).focus();
    await page.keyboard.type('  ');
    await page.getByRole('radiogroup', { name: 'How the policy is shown' }).getByText('Cards', { exact: true }).click();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByRole('button', { name: 'Edit policy' }).waitFor();
    this.acts += 5;
  }

  /** Uses keys by the panel of one and by the window's calls. */
  async callWithKeys(times: number): Promise<void> {
    const { page } = this.#app;
    const { orders, releases, sessions } = await this.#keys();
    await this.#see(`/keys/${orders}/use`);
    const panel = page.getByRole('region', { name: 'Encrypt text', exact: true });
    await panel.getByLabel('Text to encrypt').fill('an order of the north shop');
    await panel.getByRole('button', { name: 'Encrypt', exact: true }).click();
    await panel.getByLabel('Ciphertext', { exact: true }).waitFor();
    this.acts++;
    for (let time = 0; time < times; time++) {
      const EncryptionContext = { order: String(time) };
      const Plaintext = bytes(`order ${time}`);
      const { CiphertextBlob } = await callKms(page, 'Encrypt', { KeyId: orders, Plaintext, EncryptionContext });
      await callKms(page, 'Decrypt', { KeyId: orders, CiphertextBlob, EncryptionContext });
      await callKms(page, 'Sign', { KeyId: releases, SigningAlgorithm: 'ECDSA_SHA_256', Message: Plaintext });
      await callKms(page, 'GenerateMac', { KeyId: sessions, MacAlgorithm: 'HMAC_SHA_256', Message: Plaintext });
      await expect(callKms(page, 'Decrypt', { KeyId: orders, CiphertextBlob })).rejects.toThrow();
      this.acts += 5;
    }
  }

  /** Makes a key with an alias, looks at it, and puts both away. */
  async makeAndLeaveKey(number: number): Promise<void> {
    const { page } = this.#app;
    const alias = `round-${number}`;
    const KeyId = await makeKey(page, alias, { Description: 'Of one round' });
    await this.#see(`/keys/${KeyId}`);
    await callKms(page, 'DeleteAlias', { AliasName: `alias/${alias}` });
    await callKms(page, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    this.acts += 3;
  }

  async #filesDone(button: RegExp, files: readonly string[]): Promise<void> {
    const { page } = this.#app;
    await this.#app.drop(DROP, files);
    await page.getByRole('region', { name: 'What will happen' }).getByRole('button', { name: button }).click();
    const jobs = page.getByRole('region', { name: 'Jobs', exact: true });
    await expect(jobs).toContainText(`${files.length} of ${files.length} finished`);
    await page.getByRole('button', { name: 'Clear finished' }).click();
    await expect(jobs).toBeHidden();
    this.acts += files.length + 2;
  }

  /** Encrypts dropped files, opens what came out, and clears both from the list. */
  async encryptFiles(number: number): Promise<void> {
    const folder = path.join(this.#app.home, 'files', String(number));
    await mkdir(folder, { recursive: true });
    const files = ['a.txt', 'b.txt', 'c.txt'].map((name) => path.join(folder, name));
    for (const file of files) await writeFile(file, `${file}\n`.repeat(500));
    await this.#see('/files');
    await this.#filesDone(/^Encrypt 3 items/, files);
    for (const file of files) await rm(file);
    await this.#filesDone(
      /^Decrypt 3 files$/,
      files.map((file) => `${file}.encrypted`),
    );
    await rm(folder, { recursive: true });
  }

  async filterActivity(): Promise<void> {
    const { page } = this.#app;
    const records = page.getByRole('list', { name: 'Records, newest first' });
    await this.#see('/activity');
    await records.getByRole('link').first().waitFor();
    for (const typed of ['encrypt', 'north', 'no record has this']) {
      await page.getByLabel('Words in the record').fill(typed);
      if (typed.startsWith('no ')) await page.getByText('No record fits').waitFor();
      else await records.getByRole('link').first().waitFor();
      this.acts++;
    }
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await records.getByRole('link').first().click();
    await page.getByRole('complementary', { name: 'Record' }).waitFor();
    this.acts += 2;
  }

  async actAsSomebody(): Promise<void> {
    const { page } = this.#app;
    await this.#see('/keys');
    await actAs(page, 'ada');
    await this.#see('/access/people');
    await backToOwner(page);
    this.acts += 2;
  }

  async changeRegion(): Promise<void> {
    const { page } = this.#app;
    await this.#see('/keys');
    const region = page.getByRole('combobox', { name: 'Region' });
    const home = await region.inputValue();
    for (const name of ['eu-north-1', home]) {
      await region.click();
      await page.getByRole('option', { name }).click();
      await expect(region).toHaveValue(name);
      this.acts++;
    }
  }

  async lockAndUnlock(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    const { page } = this.#app;
    await page.getByRole('button', { name: 'Lock', exact: true }).click();
    await page.getByRole('button', { name: 'Unlock' }).waitFor();
    await meanwhile();
    await this.#app.unlock();
    this.acts += 2;
  }

  /** Everything once; every third round locks. */
  async round(number: number): Promise<void> {
    await this.visitScreens();
    await this.openDialogs();
    await this.editPolicy();
    await this.callWithKeys(8);
    await this.makeAndLeaveKey(number);
    await this.encryptFiles(number);
    await this.filterActivity();
    await this.actAsSomebody();
    await this.changeRegion();
    if (number % 3 === 2) await this.lockAndUnlock();
  }

  /** Puts the window into the state it is measured in: locked and opened again, on one screen, nothing said any more. */
  async rest(whileLocked: () => Promise<void>): Promise<void> {
    const { page } = this.#app;
    await this.lockAndUnlock(whileLocked);
    await this.#see('/settings/about');
    await expect(page.locator('.mantine-Notification-root')).toHaveCount(0, { timeout: 30_000 });
  }
}
