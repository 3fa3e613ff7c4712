import { CofferError } from '../../shared/kms/errors.ts';

/** Any thrown thing as an error the window can show: a bug is named as one, without its insides. */
export function asCofferError(error: unknown): CofferError {
  if (error instanceof CofferError) return error;
  console.error(error);
  return new CofferError('InternalFailure', 'Something inside the window failed. Nothing was changed by this.');
}

const GONE = new Set(['AccessDeniedException', 'NoSuchEntityException']);

/** Whether an answer that was read before is nothing to be shown any more: it is refused now, or whoever asks is gone. */
export const isWithheld = (error: unknown): boolean => error instanceof CofferError && GONE.has(error.code);

/** The error's code, or '' for anything that is not one of Coffer's. */
export const codeOf = (error: unknown): string => (error instanceof CofferError ? error.code : '');
