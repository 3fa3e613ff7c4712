import { ActionIcon, Tooltip } from '@mantine/core';
import { IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import { ShareDialog } from '../keys/index.ts';

interface Props {
  /** The file, as the page shows it. */
  readonly name: string;
  readonly keyArn: string;
  readonly context?: Readonly<Record<string, string>> | undefined;
}

/** Lets somebody else open an encrypted file. */
export function ShareButton({ name, keyArn, context }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Tooltip label="Share…">
        <ActionIcon variant="subtle" color="gray" aria-label={`Share ${name}`} onClick={() => setOpened(true)}>
          <IconShare size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {opened ? <ShareDialog keyArn={keyArn} context={context} onClose={() => setOpened(false)} /> : null}
    </>
  );
}
