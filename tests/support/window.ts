import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { IamInput, IamOperationName, IamOutput } from '../../src/shared/iam/operations.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../src/shared/kms/operations.ts';
import { decodeWire, encodeWire } from '../../src/shared/wire.ts';
import { type App, openApp } from './app.ts';

/** One window for all tests of a file, opened on a vault with a first key: each test makes what else it needs. */
export function testsInOneWindow(alias: string): {
  test: typeof base;
  window: { readonly app: App; readonly page: Page };
} {
  let app: App | undefined;
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function names from its first parameter
  base.beforeAll(async ({}, info) => {
    app = await openApp(info.project.metadata.shell as App['shell'], { alias });
  });
  base.afterAll(() => app?.close());
  // biome-ignore lint/correctness/noEmptyPattern: as above
  base.afterEach(async ({}, info) => {
    if (info.errors.length > 0)
      await app?.page.screenshot({ path: info.outputPath('failure.png') }).catch(() => undefined);
  });
  const opened = (): App => {
    if (!app) throw new Error('the window is not open');
    return app;
  };
  return {
    test: base,
    window: {
      get app() {
        return opened();
      },
      get page() {
        return opened().page;
      },
    },
  };
}

/** Asks the main process by the page's own bridge. */
async function ask(page: Page, name: string, input: object): Promise<unknown> {
  const text = await page.evaluate(([name, wire]) => window.coffer.invoke(name as never, wire), [
    name,
    encodeWire(input),
  ] as const);
  const outcome = decodeWire(text) as { ok: boolean; value: unknown; error?: { message: string } };
  if (!outcome.ok) throw new Error(outcome.error?.message);
  return outcome.value;
}

/** Calls an operation, in the Region the window shows. */
export async function callKms<N extends OperationName>(
  page: Page,
  operation: N,
  input: OperationInput<N>,
): Promise<OperationOutput<N>> {
  const region = await page.getByRole('combobox', { name: 'Region' }).inputValue();
  return (await ask(page, 'kms.call', { operation, input, region })) as OperationOutput<N>;
}

/** Calls one of IAM's operations as whom the window acts as, or as the root of another account. */
export async function callIam<N extends IamOperationName>(
  page: Page,
  operation: N,
  input: IamInput<N>,
  accountId?: string,
): Promise<IamOutput<N>> {
  const account = accountId === undefined ? {} : { accountId };
  return (await ask(page, 'people.call', { operation, input, ...account })) as IamOutput<N>;
}

/** Makes a key with an alias; answers its id. */
export async function makeKey(page: Page, alias: string, input: OperationInput<'CreateKey'> = {}): Promise<string> {
  const { KeyMetadata } = await callKms(page, 'CreateKey', input);
  await callKms(page, 'CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId: KeyMetadata.KeyId });
  return KeyMetadata.KeyId;
}

/** Chooses an action of a key whose page is shown. */
export async function chooseAction(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: title }).click();
}

/** What stands on every screen while the window does not act as the vault's owner. */
export const actingBar = (page: Page) => page.getByRole('region', { name: 'Acting as' });

/** The notice that says `text`. */
export const notice = (page: Page, text: string): Locator =>
  page.locator('.mantine-Notification-root').filter({ hasText: text });

/** Starts long work by one button and ends it by the other as soon as that is there: a person would not be quick enough for a small vault. */
export async function startAndCancel(page: Page, start: string, cancel: string): Promise<void> {
  await page.evaluate(
    async (names) => {
      const named = (name: string) =>
        [...document.querySelectorAll('button')].find(
          (button) => button.textContent === name || button.ariaLabel === name,
        );
      named(names.start)?.click();
      const until = performance.now() + 10_000;
      while (!named(names.cancel)) {
        if (performance.now() > until) throw new Error(`there is no ${names.cancel}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      named(names.cancel)?.click();
    },
    { start, cancel },
  );
}

/** Acts as somebody by the menu of the top bar. */
export async function actAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Acting as / }).click();
  await expect(page.getByRole('textbox', { name: 'Find a user or role' })).toBeFocused();
  await page.getByRole('textbox', { name: 'Find a user or role' }).fill(name);
  await page.getByRole('dialog', { name: 'Acting as' }).getByRole('option', { name }).click();
  await expect(actingBar(page)).toContainText(name);
}

export async function backToOwner(page: Page): Promise<void> {
  await actingBar(page).getByRole('button', { name: 'Back to the owner' }).click();
  await expect(actingBar(page)).toBeHidden();
}

/**
 * Fails when axe finds anything on the page in either theme. The page is the same on both shells, so that one look is enough, on
 * Chromium's; `screens.spec.ts` looks at every screen on both.
 */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  if (base.info().project.metadata.shell === 'chromium') await expectAccessibleHere(page, where);
}

/** The same on the shell of the test, whichever it is. */
export async function expectAccessibleHere(page: Page, where: string): Promise<void> {
  // A notice that is fading away has no contrast to speak of; one may come while others are closed, and a pointer does not reach
  // those below a dialog.
  const notices = page.locator('.mantine-Notification-closeButton');
  await expect(async () => {
    await notices.evaluateAll((buttons) => {
      for (const button of buttons) (button as HTMLElement).click();
    });
    await expect(notices).toHaveCount(0, { timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    // The shells refuse new pages, which axe would open otherwise.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    // The themes differ in their colours only.
    const { violations } = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze();
    expect(violations.map(({ id, nodes }) => `${where} ${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}
