import { expect, test } from '../support/app.ts';

test('opens first run, and the page can reach nothing but the contract', async ({ page, app }) => {
  await expect(page.getByRole('button', { name: 'Make the vault' })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(window.coffer).sort())).toEqual(['invoke', 'on', 'pathsFor']);
  const reached = await page.evaluate(async () => {
    const tries = await Promise.allSettled([
      fetch('https://example.com/'),
      fetch('http://127.0.0.1:1/'),
      new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = resolve;
        image.onerror = reject;
        image.src = 'https://example.com/a.png';
      }),
    ]);
    return tries.map((each) => each.status);
  });
  expect(reached).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
  expect(app.shell).toBeTruthy();
});

test('refuses to navigate away, to open windows and to run inline script', async ({ app, page }) => {
  const before = new URL(page.url()).host;
  expect(await page.evaluate(() => window.open('https://example.com/') === null || true)).toBe(true);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = 1';
    document.body.append(script);
  });
  expect(await page.evaluate(() => (window as { injected?: number }).injected)).toBeUndefined();
  await page.evaluate(() => {
    window.location.href = 'https://example.com/';
  });
  await expect.poll(() => app.seen()).toContain('Make the vault');
  expect(new URL(page.url()).host).toBe(before);
  expect(page.context().pages().length).toBe(1);
});

test('answers malformed and unknown calls with an error, not with its insides', async ({ page }) => {
  const ask = (name: string, payload: string) =>
    page.evaluate(
      ([n, p]) => window.coffer.invoke(n ?? '', p ?? '').catch((error: Error) => error.message),
      [name, payload],
    );
  expect(await ask('vault.status', 'not json')).toContain('ValidationException');
  expect(await ask('vault.status', '{"extra":1}')).toContain('ValidationException');
  expect(await ask('constructor', '{}')).toContain('no call of that name');
  expect(await ask('vault.unlock', '{"kind":"passphrase","secret":5}')).not.toContain('at ');
  expect(await ask('kms.call', '{"operation":"ListKeys","input":{},"region":"eu-central-1"}')).toContain('VaultLocked');
});
