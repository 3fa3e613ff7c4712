import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Pkcs11Module } from '../../src/main/key-stores/pkcs11/module.ts';

/** Uses a PKCS#11 module between garbage collections, and prints the labels of its tokens each time. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const module = new Pkcs11Module(process.argv[2] ?? '');
for (let i = 0; i < 3; i++) {
  console.log(
    module
      .tokens()
      .map(({ label }) => label)
      .join(' '),
  );
  collect();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
