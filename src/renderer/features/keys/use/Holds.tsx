import { Alert, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';

/** A check that held. One that does not is AWS's exception and shown as such. */
export function Holds({ title, children }: { title: string; children: string }) {
  return (
    <Alert color="green" icon={<IconShieldCheck size={18} aria-hidden />} title={title}>
      <Text>{children}</Text>
    </Alert>
  );
}
