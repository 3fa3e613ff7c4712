import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { PolicyTextProps } from './PolicyText.tsx';

/** The editor's own code is read when a policy is first looked at, not when the window starts. */
const Loaded = lazy(async () => ({ default: (await import('./PolicyText.tsx')).PolicyText }));

export function LazyPolicyText(props: PolicyTextProps) {
  return (
    <Suspense fallback={<Skeleton height="16rem" role="status" aria-label="Loading the text" />}>
      <Loaded {...props} />
    </Suspense>
  );
}
