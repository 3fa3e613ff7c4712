import { IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import { RowAction } from '../../components/RowAction.tsx';
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
      <RowAction icon={IconShare} label={`Share ${name}`} hint="Share…" onClick={() => setOpened(true)} />
      {opened ? <ShareDialog keyArn={keyArn} context={context} onClose={() => setOpened(false)} /> : null}
    </>
  );
}
