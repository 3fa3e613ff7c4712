import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';

/** A path of the window's that leads somewhere by itself. @throws CofferError `ValidationException` */
export async function absolute(file: string): Promise<string> {
  if (!path.isAbsolute(file)) throw new CofferError('ValidationException', 'A path must be absolute.');
  return file;
}
