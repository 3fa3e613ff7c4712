import { writeSync } from 'node:fs';
import { Vault } from '../../src/main/vault/vault.ts';
import type { Acknowledged } from './crash.ts';
import { PASSPHRASE } from './vault.ts';
import { CALLER, engineOf, productOptions } from './vault-engine.ts';

/**
 * The process that is killed: makes keys and encrypts under them, several calls at a time, and says on its stdout what was
 * promised, only after it was. The write is synchronous, so what was said left this process before it died.
 */
const [dir, snapshotAfterBytes] = process.argv.slice(2) as [string, string];
const CALLERS = 4;
const CALLS_A_KEY = 6;

const say = (line: Acknowledged | { ready: true }) => writeSync(1, `${JSON.stringify(line)}\n`);

const vault = await Vault.open(dir, productOptions({ snapshotAfterBytes: Number(snapshotAfterBytes) }), {
  kind: 'passphrase',
  secret: PASSPHRASE,
});
const { engine } = engineOf(vault);
say({ ready: true });

async function commitForEver(caller: number): Promise<never> {
  for (;;) {
    const made = await engine.call(CALLER, 'CreateKey', { Description: `caller ${caller}` });
    const keyId = made.output.KeyMetadata.KeyId;
    say({ keyId, requestId: made.requestId });
    for (let i = 0; i < CALLS_A_KEY; i++) {
      const text = `${keyId} ${i}`;
      const sealed = await engine.call(CALLER, 'Encrypt', { KeyId: keyId, Plaintext: new TextEncoder().encode(text) });
      const ciphertext = Buffer.from(sealed.output.CiphertextBlob).toString('base64');
      say({ keyId, requestId: sealed.requestId, text, ciphertext });
    }
  }
}

await Promise.all(Array.from({ length: CALLERS }, (_, caller) => commitForEver(caller)));
