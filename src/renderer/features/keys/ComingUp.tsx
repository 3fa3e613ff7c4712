import { Alert, Anchor, List } from '@mantine/core';
import { IconCalendarTime } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { DAY_MS } from '../../../shared/time.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { plural, shorten } from '../../lib/format.ts';
import { keyPath } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { type EventKind, eventsBetween, type KeyEvent } from './calendar/events.ts';
import { type KeyRow, keyName } from './model.ts';

const SHOWN = 5;
const NAME_LENGTH = 20;
/** As far ahead as the notices of the desktop look. */
const AHEAD_MS = 7 * DAY_MS;

/** The most final first, with the tab of the key's page that is about it. */
const lines: readonly {
  readonly kind: EventKind;
  readonly one: string;
  readonly many: string;
  readonly tab?: string;
}[] = [
  { kind: 'deletion', one: 'key will be deleted', many: 'keys will be deleted' },
  { kind: 'expiry', one: 'key loses its imported material', many: 'keys lose their imported material', tab: 'import' },
  { kind: 'rotation', one: 'key rotates', many: 'keys rotate', tab: 'rotation' },
];

/** For which opening of the vault it was put away: the screen comes and goes meanwhile. */
let lastRead = 0;

/** What will happen to keys by itself within a week, until it is put away. */
export function ComingUp({ keys }: { readonly keys: readonly KeyRow[] }) {
  const openedAt = useSession(({ status }) => (status?.state === 'open' ? status.openedAt : 0));
  const [readAt, setReadAt] = useState(lastRead);
  const coming = useMemo(() => {
    const now = Date.now();
    return eventsBetween(keys, now, now + AHEAD_MS).filter(({ later }) => !later);
  }, [keys]);
  if (coming.length === 0 || readAt === openedAt) return null;
  return (
    <Alert
      color="petrol"
      icon={<IconCalendarTime size={18} aria-hidden />}
      title="Coming up within a week"
      mb="sm"
      role="note"
      flex="none"
      withCloseButton
      closeButtonLabel="Put this notice away"
      onClose={() => {
        lastRead = openedAt;
        setReadAt(openedAt);
      }}
    >
      <List size="sm">
        {lines.map(({ kind, one, many, tab }) => {
          const of = coming.filter((each) => each.kind === kind);
          return of.length === 0 ? null : (
            <List.Item key={kind} style={{ overflowWrap: 'anywhere' }}>
              {plural(of.length, one, many)}: <Which events={of} tab={tab} />.
            </List.Item>
          );
        })}
      </List>
    </Alert>
  );
}

function Which({ events, tab }: { readonly events: readonly KeyEvent[]; readonly tab: string | undefined }) {
  return (
    <>
      {events.slice(0, SHOWN).map(({ key, time }, index) => (
        <span key={key.KeyId}>
          {index > 0 ? ', ' : ''}
          <Anchor href={`#${keyPath(key.KeyId, tab)}`} size="sm" underline="always">
            {shorten(keyName(key), NAME_LENGTH)}
          </Anchor>{' '}
          <RelativeTime value={time} />
        </span>
      ))}
      {events.length > SHOWN ? ` and ${events.length - SHOWN} more` : ''}
    </>
  );
}
