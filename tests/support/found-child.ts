import { Vault } from '../../src/main/vault/vault.ts';
import { handlePrototype, PASSPHRASE } from './vault.ts';
import { productOptions } from './vault-engine.ts';

/** The process that dies while it makes a vault in the folder of its argument: at the nth time that it takes random bytes or waits for the disk. */
const [dir = '', nth = ''] = process.argv.slice(2);

let steps = 0;
function step(): void {
  if (++steps === Number(nth)) process.kill(process.pid, 'SIGKILL');
}

const handles = await handlePrototype();
const { sync } = handles;
handles.sync = function (this: typeof handles) {
  step();
  return sync.call(this);
};
const options = productOptions();
const random = {
  bytes(length: number) {
    step();
    return options.random.bytes(length);
  },
};
const wish = { name: 'Cut off', passphrase: PASSPHRASE, useKeychain: false };
const { vault } = await Vault.create(dir, { ...options, random }, wish);
await vault.close();
