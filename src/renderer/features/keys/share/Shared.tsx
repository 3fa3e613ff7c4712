import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { type Target, targetWords } from './sharing.ts';

interface Props {
  readonly keyArn: string;
  readonly target: Target;
  readonly onClose: () => void;
  readonly onMore: () => void;
}

/** How the other side opens what is shared now. */
export function Shared({ keyArn, target, onClose, onMore }: Props) {
  const who = targetWords(target);
  return (
    <Stack>
      <Alert color="green" role="status" icon={<IconCheck size={18} aria-hidden />} title={`Shared with ${who}`}>
        It counts from now on, for what is encrypted already too. Every use is recorded.
      </Alert>
      <Text size="sm">
        In this vault: act as {target.kind === 'account' ? 'a user or role of that account' : who} and drop the file on
        Files. Elsewhere any AWS Encryption SDK opens it with this key:
      </Text>
      <CopyBlock
        label="AWS Encryption CLI command"
        text={`aws-encryption-cli --decrypt \\\n  --input FILE.encrypted --output FILE \\\n  --wrapping-keys key=${keyArn} \\\n  --commitment-policy require-encrypt-require-decrypt \\\n  --suppress-metadata`}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onMore}>
          Share with another
        </Button>
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
