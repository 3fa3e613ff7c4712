import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from './app.ts';
import { Authenticator } from './authenticator.ts';
import { actAs, actingBar, backToOwner } from './window.ts';

/** The people of a window's vault and whom it acts as, as a person uses them. */
export function peopleScreen(window: { readonly app: App; readonly page: Page }) {
  async function showPeople(): Promise<void> {
    await window.app.go('/access/people');
    await expect(window.page.getByRole('list', { name: /^People of account/ }).first()).toBeVisible();
  }
  return {
    /** What stands on every screen while somebody else acts than the owner. */
    bar: () => actingBar(window.page),
    /** The button of the top bar that says who acts. */
    menu: () => window.page.getByRole('button', { name: /^Acting as / }),
    showPeople,
    /** Opens the page of a user, a role or a root. */
    async openPerson(name: string): Promise<void> {
      await showPeople();
      await window.page.getByRole('link', { name, exact: true }).first().click();
      await expect(window.page.getByRole('heading', { level: 2, name: new RegExp(name, 'i') })).toBeVisible();
    },
    actAs: (name: string) => actAs(window.page, name),
    backToOwner: () => backToOwner(window.page),
    /** Makes an MFA device for whose page is open; answers the app that shows its codes. */
    async enrol(device: string): Promise<Authenticator> {
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
    },
    /** Enters the code that the app shows now into the dialog that asks for it. */
    async enterCode(dialog: Locator, app: Authenticator): Promise<void> {
      await dialog.getByLabel('Code').fill(await app.code());
      await expect(dialog).toBeHidden();
    },
  };
}
