import { type OperationName, operations } from '../../shared/kms/operations.ts';
import { parseInput } from '../../shared/kms/validation.ts';
import type { Parsed } from './operation.ts';

/** Parses `input` by the operation's schema. @throws KmsError `ValidationException`, `SerializationException` */
export function validate<N extends OperationName>(name: N, input: unknown): Parsed<N> {
  return parseInput(operations[name].input, input) as Parsed<N>;
}
