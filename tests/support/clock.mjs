// Preloaded into a program under test: its clock is ahead by as many milliseconds as the file named by COFFER_TEST_CLOCK says
// now, also in the Date header of its answers, by which clients set theirs.
import { readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';

const real = Date;
const now = () => real.now() + Number(readFileSync(process.env.COFFER_TEST_CLOCK, 'utf8'));

globalThis.Date = class extends real {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args));
  }
  static now() {
    return now();
  }
};

const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function writeHeadLater(...args) {
  this.setHeader('date', new Date().toUTCString());
  return writeHead.apply(this, args);
};
