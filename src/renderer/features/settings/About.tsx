import { Button, Text } from '@mantine/core';
import { Identifier } from '../../components/Identifier.tsx';
import classes from '../../components/list.module.css';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';

const shells = { electron: 'Electron', chromium: 'Chromium, as an application window' } as const;

/** What is running, on what, and in which formats things are kept. */
export function About() {
  const info = useSession((session) => session.info);
  const status = useSession((session) => session.status);
  if (!info || status?.state !== 'open') return null;
  return (
    <>
      <Section title="Coffer" lead="A key management service of your own. It works offline and speaks as AWS KMS does.">
        <dl className={classes.facts}>
          <dt>Version</dt>
          <dd>{info.version}</dd>
          <dt>Shell</dt>
          <dd>
            {shells[info.shell]} on {info.platform}
          </dd>
        </dl>
      </Section>
      <Section title="This vault">
        <dl className={classes.facts}>
          <dt>Folder</dt>
          <dd>
            {status.path}{' '}
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => void invoke('app.reveal', { path: status.path }).catch(notifyError)}
            >
              Show
            </Button>
          </dd>
          <dt>Account</dt>
          <dd>
            <Identifier value={status.accountId} />
          </dd>
          <dt>Opened</dt>
          <dd>
            <RelativeTime value={status.openedAt} />
          </dd>
        </dl>
      </Section>
      <Section title="Formats">
        <dl className={classes.facts}>
          <dt>Vault</dt>
          <dd>
            <Text>
              A header with the ways in, an encrypted snapshot and an encrypted journal, described byte by byte in
              ARCHITECTURE.md.
            </Text>
          </dd>
          <dt>Files</dt>
          <dd>
            <Text>AWS Encryption SDK message format 2, with key commitment: any AWS Encryption SDK can read it.</Text>
          </dd>
          <dt>Trail</dt>
          <dd>
            <Text>CloudTrail's records, chained by hash and covered by signed digests.</Text>
          </dd>
        </dl>
      </Section>
    </>
  );
}
