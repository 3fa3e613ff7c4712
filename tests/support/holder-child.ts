import { writeSync } from 'node:fs';
import { Vault } from '../../src/main/vault/vault.ts';
import { PASSPHRASE, vaultOptions } from './vault.ts';

/** Opens the vault of its argument, or says why not, and holds it until its stdin ends. */
const [dir = ''] = process.argv.slice(2);
const way = { kind: 'passphrase', secret: PASSPHRASE } as const;
const opened = await Vault.open(dir, vaultOptions(), way).catch((error) => error);
if (opened instanceof Vault) {
  writeSync(1, `${JSON.stringify({ open: true })}\n`);
  process.stdin.resume().on('end', () => void opened.close());
} else writeSync(1, `${JSON.stringify({ code: opened.code, message: opened.message, details: opened.details })}\n`);
