import { Alert, Anchor, List } from '@mantine/core';
import { IconFileAlert, IconFolderQuestion, IconHistory, IconLifebuoy } from '@tabler/icons-react';
import { useState } from 'react';
import { formatBytes, plural } from '../lib/format.ts';
import { keyPath } from '../lib/route.ts';
import type { OpenStatus } from '../lib/session.ts';
import classes from './notices.module.css';

/** What the person has to know about the vault that was just opened, until it is put away. */
export function Notices({ status }: { status: OpenStatus }) {
  const [readAt, setReadAt] = useState(0);
  const [oneWayReadAt, setOneWayReadAt] = useState(0);
  const { report } = status;
  const found = report.tornBytes > 0 || report.headerRepaired || report.caughtUp.length > 0;
  const worthSaying = found && readAt !== status.openedAt;
  const oneCopy = report.headerUnrepaired;
  const oneWay = status.recoveryPending === 'missing' && oneWayReadAt !== status.openedAt;
  if (!worthSaying && !oneWay && !oneCopy && !status.notRemembered && status.recoveryPending !== 'unconfirmed')
    return null;
  return (
    <div className={classes.root}>
      {status.notRemembered ? (
        <Alert
          color="yellow"
          icon={<IconFolderQuestion size={18} aria-hidden />}
          title="Coffer will not find this vault by itself"
        >
          Where it lies could not be written down: {status.notRemembered}. Until that works, choose “Open another vault
          folder” after a start, and then {status.path}. Coffer tries again when the vault is unlocked the next time.
        </Alert>
      ) : null}
      {oneCopy ? (
        <Alert
          color="yellow"
          icon={<IconFileAlert size={18} aria-hidden />}
          title="One more damaged file would cost you this vault"
        >
          Only one of the two copies of its header is good, and the other could not be written anew: {oneCopy}.{' '}
          <Anchor href="#/settings/backup" underline="always">
            Make a backup
          </Anchor>{' '}
          on another disk now. Coffer tries again when the vault is unlocked the next time.
        </Alert>
      ) : null}
      {oneWay ? (
        <Alert
          color="yellow"
          icon={<IconLifebuoy size={18} aria-hidden />}
          title="One forgotten passphrase would cost you this vault"
          withCloseButton
          closeButtonLabel="Put this notice away"
          onClose={() => setOneWayReadAt(status.openedAt)}
        >
          The passphrase is its only way in. <Anchor href="#/settings/ways-in?recovery=1">Make a recovery code</Anchor>{' '}
          and keep it apart from the vault.
        </Alert>
      ) : null}
      {status.recoveryPending === 'unconfirmed' ? (
        <Alert color="yellow" icon={<IconLifebuoy size={18} aria-hidden />} title="The recovery code was not confirmed">
          Nobody has shown yet that it was written down.{' '}
          <Anchor href="#/settings/ways-in?recovery=1">Make a new one</Anchor> and type it back, so that a forgotten
          passphrase does not cost you the vault.
        </Alert>
      ) : null}
      {worthSaying ? (
        <Alert
          color="petrol"
          icon={<IconHistory size={18} aria-hidden />}
          title="What happened while the vault was closed"
          withCloseButton
          closeButtonLabel="Put this notice away"
          onClose={() => setReadAt(status.openedAt)}
        >
          <List size="sm">
            {report.tornBytes > 0 ? (
              <List.Item>
                The last write was cut off, by a crash or a power cut. Its {formatBytes(report.tornBytes)} were dropped;
                nothing that had been answered is missing.
              </List.Item>
            ) : null}
            {report.headerRepaired ? (
              <List.Item>
                One of the two copies of the vault’s header was missing, damaged or behind. It was written anew from the
                other; nothing is missing. If it happens again, the disk may be failing.
              </List.Item>
            ) : null}
            {report.caughtUp.length > 0 ? <CaughtUp caughtUp={report.caughtUp} /> : null}
          </List>
        </Alert>
      ) : null}
    </div>
  );
}

const SHOWN = 5;

function CaughtUp({ caughtUp }: { caughtUp: OpenStatus['report']['caughtUp'] }) {
  const rotated = caughtUp.filter((each) => each.what === 'rotated');
  const deleted = caughtUp.filter((each) => each.what === 'deleted');
  const expired = [...new Set(caughtUp.filter((each) => each.what === 'expired').map(({ keyId }) => keyId))];
  return (
    <>
      {rotated.length > 0 ? (
        <List.Item>
          {plural(rotated.length, 'key was', 'keys were')} rotated because the time had come:{' '}
          {rotated.slice(0, SHOWN).map(({ keyId }, index) => (
            <span key={keyId}>
              {index > 0 ? ', ' : ''}
              <Anchor href={`#${keyPath(keyId)}`} ff="monospace">
                {keyId.slice(0, 8)}…
              </Anchor>
            </span>
          ))}
          {rotated.length > SHOWN ? ` and ${rotated.length - SHOWN} more` : ''}.
        </List.Item>
      ) : null}
      {expired.length > 0 ? (
        <List.Item>
          Imported material of {plural(expired.length, 'key has', 'keys have')} expired:{' '}
          {expired.slice(0, SHOWN).map((keyId, index) => (
            <span key={keyId}>
              {index > 0 ? ', ' : ''}
              <Anchor href={`#${keyPath(keyId)}`} ff="monospace">
                {keyId.slice(0, 8)}…
              </Anchor>
            </span>
          ))}
          {expired.length > SHOWN ? ` and ${expired.length - SHOWN} more` : ''}.
        </List.Item>
      ) : null}
      {deleted.length > 0 ? (
        <List.Item>
          {plural(deleted.length, 'key was', 'keys were')} deleted at the end of the waiting period:{' '}
          {deleted
            .slice(0, SHOWN)
            .map(({ keyId }) => `${keyId.slice(0, 8)}…`)
            .join(', ')}
          {deleted.length > SHOWN ? ` and ${deleted.length - SHOWN} more` : ''}.
        </List.Item>
      ) : null}
    </>
  );
}
