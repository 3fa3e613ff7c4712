import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { formatNumber } from '../../../lib/format.ts';
import { base64 } from '../../../lib/show-as.ts';
import { Fact, Facts } from '../Facts.tsx';

interface MadeProps {
  /** What the bytes are, as `Signature`. */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** What else has to be known of them: `Fact`s. */
  readonly children?: ReactNode;
}

/** Bytes that an operation made: to copy as base64, with their size. */
export function Made({ label, bytes, children }: MadeProps) {
  return (
    <Stack gap="xs">
      <CopyBlock text={base64(bytes)} label={label} />
      <Facts>
        <Fact name="Size">{formatNumber(bytes.length)} bytes</Fact>
        {children}
      </Facts>
    </Stack>
  );
}
