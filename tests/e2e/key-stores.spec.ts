import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { type App, expect, openApp } from '../support/app.ts';
import { openSoftHsm, SOFTHSM_PIN } from '../support/softhsm.ts';

// A token's module runs in a process of its own, which each shell starts in its own way.

const test = base.extend<{ app: App }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function names from its first parameter
  app: async ({}, use, info) => {
    const hsm = openSoftHsm();
    hsm.addToken('window-token');
    const app = await openApp(info.project.metadata.shell as App['shell'], async (home) => {
      await mkdir(path.join(home, 'config'));
      const preferences = { theme: 'system', pkcs11Module: hsm.module };
      await writeFile(path.join(home, 'config', 'preferences.json'), JSON.stringify(preferences));
    });
    await use(app);
    await app.close();
    hsm.remove();
  },
});

test('a key in a PKCS#11 token, from the window', async ({ app }) => {
  await app.firstRun();
  const call = async (operation: string, input: object) => {
    const asked = JSON.stringify({ operation, region: 'eu-central-1', input });
    return JSON.parse(await app.run<string>(`window.coffer.invoke('kms.call', ${JSON.stringify(asked)})`));
  };
  const made = await call('CreateCustomKeyStore', {
    CustomKeyStoreName: 'token',
    CloudHsmClusterId: 'window-token',
    KeyStorePassword: SOFTHSM_PIN,
  });
  expect(made).toMatchObject({ ok: true });
  const { CustomKeyStoreId } = made.value;
  expect(await call('ConnectCustomKeyStore', { CustomKeyStoreId })).toMatchObject({ ok: true });
  const state = async () =>
    (await call('DescribeCustomKeyStores', { CustomKeyStoreId })).value.CustomKeyStores[0].ConnectionState;
  await expect.poll(state).toBe('CONNECTED');
  const key = await call('CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
  expect(key).toMatchObject({ ok: true, value: { KeyMetadata: { CloudHsmClusterId: 'window-token' } } });
  const { KeyId } = key.value.KeyMetadata;
  const data = await call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
  expect(data.ok).toBe(true);
  const opened = await call('Decrypt', { CiphertextBlob: data.value.CiphertextBlob });
  expect(opened.value.Plaintext).toEqual(data.value.Plaintext);
  // The page cannot say what native code runs.
  const set = JSON.stringify({ pkcs11Module: '/tmp/other.so' });
  const refused = JSON.parse(
    await app.run<string>(`window.coffer.invoke('app.setPreferences', ${JSON.stringify(set)})`),
  );
  expect(refused.ok).toBe(false);
});
