import { Anchor } from '@mantine/core';
import { Identifier } from '../../components/Identifier.tsx';
import { keyPath } from '../../lib/route.ts';
import type { KeyName } from './key-names.ts';

/** A key by its name, leading to its page; a key of another Region or vault by its ARN. */
export function KeyLink({ arn, names }: { arn: string; names: ReadonlyMap<string, KeyName> }) {
  const known = names.get(arn);
  return known ? (
    <Anchor href={`#${keyPath(known.keyId)}`} size="xs" title={known.name}>
      {known.name}
    </Anchor>
  ) : (
    <Identifier value={arn} keep={14} />
  );
}
