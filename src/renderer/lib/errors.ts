import { CofferError } from '../../shared/kms/errors.ts';

/** Any thrown thing as an error the window can show: a bug is named as one, without its insides. */
export function asCofferError(error: unknown): CofferError {
  if (error instanceof CofferError) return error;
  console.error(error);
  return new CofferError('InternalFailure', 'Something inside the window failed. Nothing was changed by this.');
}

/** The error's code, or '' for anything that is not one of Coffer's. */
export const codeOf = (error: unknown): string => (error instanceof CofferError ? error.code : '');
