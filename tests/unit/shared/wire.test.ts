import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeWire, encodeWire } from '../../../src/shared/wire.ts';

const name = fc.oneof(fc.constantFrom('$bytes', '$date', '$plain', '__proto__', 'a'), fc.string({ maxLength: 4 }));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1.5, '', 'AAAA', new Date(0), new Date(1_767_225_600_000)),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

it('brings every value across as it was, whatever its names look like', () => {
  fc.assert(
    fc.property(value, (sent) => {
      expect(decodeWire(encodeWire(sent))).toEqual(sent);
    }),
    { numRuns: 3000 },
  );
});

it('leaves out what is undefined and refuses what is no JSON', () => {
  expect(decodeWire(encodeWire({ a: undefined, b: 1 }))).toEqual({ b: 1 });
  expect(decodeWire(encodeWire(undefined))).toBeNull();
  expect(() => decodeWire('{')).toThrow(SyntaxError);
});

it('carries bytes of any length', () => {
  const bytes = new Uint8Array(100_000).map((_, i) => i);
  expect(decodeWire(encodeWire({ bytes }))).toEqual({ bytes });
});
