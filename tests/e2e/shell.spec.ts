import { expect, test } from '../support/app.ts';

test('opens first run, and the page can reach nothing but the contract', async ({ page }) => {
  await expect(page.getByRole('button', { name: 'Make the vault' })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(window.coffer).sort())).toEqual(['invoke', 'on', 'pathsFor']);
  const reached = await page.evaluate(async () => {
    const loads = (element: HTMLImageElement | HTMLScriptElement, src: string) =>
      new Promise((resolve, reject) => {
        element.onload = resolve;
        element.onerror = reject;
        element.src = src;
        document.head.append(element);
      });
    const connects = (socket: WebSocket | EventSource) =>
      new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
    const tries = await Promise.allSettled([
      fetch('https://example.com/'),
      fetch('http://127.0.0.1:1/'),
      fetch('file:///etc/hostname'),
      fetch('/index.html'),
      loads(new Image(), 'https://example.com/a.png'),
      loads(document.createElement('script'), 'https://example.com/a.js'),
      loads(document.createElement('script'), 'data:text/javascript,window.injected=1'),
      (async () => connects(new WebSocket('wss://example.com/')))(),
      (async () => connects(new EventSource('https://example.com/')))(),
      (async () => {
        await navigator.serviceWorker?.register('/sw.js');
        if (!(await navigator.serviceWorker?.getRegistration())) throw new Error('it has no effect');
      })(),
    ]);
    return tries.map((each) => each.status);
  });
  expect(reached).toEqual(Array(10).fill('rejected'));
  const there = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'injected'].filter((name) => name in globalThis),
  );
  expect(there).toEqual([]);
});

test('refuses to navigate away, to open windows and to run inline script', async ({ app, page }) => {
  const before = new URL(page.url()).host;
  await page.evaluate(() => {
    window.open('https://example.com/');
    window.open('about:blank');
    const script = document.createElement('script');
    script.textContent = 'window.injected = 1';
    document.body.append(script);
    const inline = document.createElement('button');
    inline.setAttribute('onclick', 'window.injected = 2');
    document.body.append(inline);
    inline.click();
    inline.remove();
  });
  await expect.poll(() => page.context().pages().length).toBe(1);
  expect(await page.evaluate(() => (window as { injected?: number }).injected)).toBeUndefined();
  for (const address of [
    'https://example.com/',
    'https://coffer.localhost.example.com/',
    'https://coffer@example.com/',
    'file:///etc/hostname',
  ]) {
    await app.run(`location.href = ${JSON.stringify(address)}`);
    await expect.poll(() => app.run<string>('document.body.innerText')).toContain('Make the vault');
  }
  expect(new URL(page.url()).host).toBe(before);
  expect(page.context().pages().length).toBe(1);
});

test('shows no frame, and a frame gets no bridge', async ({ page }) => {
  const bridges = await page.evaluate(async () => {
    const found: boolean[] = [];
    for (const source of ['about:blank', 'https://example.com/', 'data:text/html,<p>frame']) {
      const frame = document.createElement('iframe');
      frame.src = source;
      document.body.append(frame);
      await new Promise((resolve) => setTimeout(resolve, 200));
      try {
        found.push('coffer' in (frame.contentWindow as Window));
      } catch {
        found.push(false);
      }
      frame.remove();
    }
    return found;
  });
  expect(bridges).toEqual([false, false, false]);
});

test('refuses every permission a page can ask for', async ({ page }) => {
  const answers = await page.evaluate(async () => {
    const asked = await Promise.allSettled([
      navigator.mediaDevices?.getUserMedia({ audio: true }) ?? Promise.reject(),
      new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject, { timeout: 3_000 })),
      Notification.requestPermission().then((answer) => (answer === 'granted' ? answer : Promise.reject(answer))),
      navigator.clipboard.readText(),
    ]);
    return asked.map(({ status }) => status);
  });
  expect(answers).toEqual(Array(4).fill('rejected'));
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
