import { expect, it } from 'vitest';
import { utf8 } from '../../../src/main/crypto/bytes.ts';
import { decodeInput } from '../../../src/main/endpoint/json.ts';

const nested = (depth: number) => utf8(`{"Tags":${'['.repeat(depth)}${']'.repeat(depth)}}`);

it('a body nested deeper than any request is refused as the caller’s fault, however deep', () => {
  expect(decodeInput(nested(20))).toHaveProperty('Tags');
  for (const depth of [100, 200_000])
    expect(() => decodeInput(nested(depth))).toThrow(expect.objectContaining({ code: 'SerializationException' }));
});
