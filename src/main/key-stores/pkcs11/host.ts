import { Pkcs11Module } from './module.ts';
import { type FromHost, type ToHost, TokenFailure, type TokenTask } from './protocol.ts';

/**
 * A process that holds one PKCS#11 module: its file is the first argument. It does one task after the other, as modules ask
 * for, and ends when whoever started it is gone.
 */
const [file = ''] = process.argv.slice(2);
let module: Pkcs11Module | undefined;

function perform(task: TokenTask): Extract<FromHost, { value: unknown }>['value'] {
  module ??= new Pkcs11Module(file);
  switch (task.do) {
    case 'list':
      return module.tokens();
    case 'login':
      module.login(task);
      return null;
    case 'logout':
      module.logout(task.serial);
      return null;
    case 'generate':
      module.generate(task, task.keyId);
      return null;
    case 'destroy':
      module.destroy(task, task.keyId);
      return null;
    case 'random':
      return module.random(task, task.length);
    case 'encrypt':
      return module.encrypt(task, task.keyId, task.iv, task.aad, task.data);
    case 'decrypt':
      return module.decrypt(task, task.keyId, task.iv, task.aad, task.data);
  }
}

function answer({ id, task }: ToHost): FromHost {
  try {
    return { id, value: perform(task) };
  } catch (error) {
    if (error instanceof TokenFailure) {
      // The others are the caller's to tell.
      if (error.reason === 'Failed' || error.reason === 'NoModule') process.stderr.write(`coffer: ${error.message}\n`);
      return { id, failed: error.reason };
    }
    process.stderr.write(
      `coffer: a bug with the PKCS#11 module: ${error instanceof Error ? error.stack : typeof error}\n`,
    );
    return { id, failed: 'Failed' };
  }
}

/** What Electron gives a utility process; Node's own types do not know it. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: ToHost }) => void): void;
  postMessage(message: FromHost): void;
}
const { parentPort } = process as { readonly parentPort?: ParentPort };

if (parentPort) parentPort.on('message', ({ data }) => parentPort.postMessage(answer(data)));
else {
  process.on('message', (message: ToHost) => process.send?.(answer(message)));
  process.on('disconnect', () => process.exit(0));
}
