import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSession } from '../../lib/session.ts';
import classes from './acting.module.css';
import { kindLooks, personWords } from './looks.ts';
import { backToOwner } from './switch-to.ts';

/** Says on every screen that the window does not act as the vault's owner. */
export function ActingBar() {
  const acting = useSession((session) => session.acting);
  if (!acting || acting.owner) return null;
  const gone = !acting.exists;
  const Icon = gone ? IconAlertTriangle : kindLooks[acting.kind].icon;
  return (
    <section className={classes.bar} data-gone={gone || undefined} aria-label="Acting as">
      <Icon size={17} stroke={1.7} aria-hidden />
      <span className={classes.barWords} role="status">
        {gone ? (
          <>
            <b>{personWords(acting)}</b> was deleted: its calls are refused until you act as somebody else.
          </>
        ) : (
          <>
            You act as <b>{personWords(acting)}</b> of account {acting.accountId}: calls and files are theirs.
          </>
        )}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => void backToOwner()}>
        Back to the owner
      </Button>
    </section>
  );
}
