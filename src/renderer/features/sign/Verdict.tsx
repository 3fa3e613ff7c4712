import { Anchor, Text } from '@mantine/core';
import { Identifier } from '../../components/Identifier.tsx';
import { keyPath } from '../../lib/route.ts';
import { keyName, useKeys } from '../keys/index.ts';
import type { Job } from './store.ts';

/** The key of a job: by its name, leading to its page, or by the fingerprint of a public key from outside. */
export function KeyOf({ job: { keyId, fingerprint } }: { job: Job }) {
  const { keys } = useKeys();
  if (fingerprint !== undefined)
    return (
      <>
        the public key <Identifier value={fingerprint} keep={8} />
      </>
    );
  const key = keys?.find((each) => each.KeyId === keyId);
  return (
    <Anchor href={`#${keyPath(keyId ?? '')}`} underline="always">
      {key ? keyName(key) : keyId}
    </Anchor>
  );
}

/** Whether a signature is valid, by which key and algorithm, and what may be the matter when it is not. */
export function Verdict({ job, valid }: { job: Job; valid: boolean }) {
  const what = job.source === 'file' ? 'file' : 'text';
  if (valid)
    return (
      <Text component="div">
        Signed by <KeyOf job={job} /> with {job.algorithm}: exactly this {what}.
      </Text>
    );
  return (
    <>
      <Text component="div">
        This is no signature of <KeyOf job={job} /> over this {what} with {job.algorithm}.
      </Text>
      <Text size="xs" c="dimmed">
        {job.reason ?? `The ${what} was changed, or the signature is another's: of another ${what}, key or algorithm.`}
        {job.reason === undefined && job.algorithm.startsWith('RSASSA_PSS')
          ? ' Only a salt as long as the hash counts, as at AWS: OpenSSL makes one with rsa_pss_saltlen:digest.'
          : ''}
      </Text>
    </>
  );
}
