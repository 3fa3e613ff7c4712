import { Alert, Anchor, List } from '@mantine/core';
import { IconCalendarTime } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { plural, shorten } from '../../lib/format.ts';
import { keyPath } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { type ComingToKey, comingTo } from './coming.ts';
import { type KeyRow, keyName } from './model.ts';

const SHOWN = 5;
const NAME_LENGTH = 20;

interface Props {
  readonly keys: readonly KeyRow[];
}

/** What will happen to keys by itself within a week, until it is put away. */
export function ComingUp({ keys }: Props) {
  const openedAt = useSession(({ status }) => (status?.state === 'open' ? status.openedAt : 0));
  const [readAt, setReadAt] = useState(lastRead);
  const coming = useMemo(() => comingTo(keys, Date.now()), [keys]);
  if (coming.length === 0 || readAt === openedAt) return null;
  const of = (what: ComingToKey['what']) => coming.filter((each) => each.what === what);
  return (
    <Alert
      color="petrol"
      icon={<IconCalendarTime size={18} aria-hidden />}
      title="Coming up within a week"
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
        <Line coming={of('deletion')} one="key will be deleted" many="keys will be deleted" tab={undefined} />
        <Line coming={of('rotation')} one="key rotates" many="keys rotate" tab="rotation" />
      </List>
    </Alert>
  );
}

/** For which opening of the vault it was put away: the screen comes and goes meanwhile. */
let lastRead = 0;

function Line({
  coming,
  one,
  many,
  tab,
}: {
  coming: readonly ComingToKey[];
  one: string;
  many: string;
  tab: string | undefined;
}) {
  if (coming.length === 0) return null;
  return (
    <List.Item style={{ overflowWrap: 'anywhere' }}>
      {plural(coming.length, one, many)}:{' '}
      {coming.slice(0, SHOWN).map(({ key, at }, index) => (
        <span key={key.KeyId}>
          {index > 0 ? ', ' : ''}
          <Anchor href={`#${keyPath(key.KeyId, tab)}`} size="sm">
            {shorten(keyName(key), NAME_LENGTH)}
          </Anchor>{' '}
          <RelativeTime value={at} />
        </span>
      ))}
      {coming.length > SHOWN ? ` and ${coming.length - SHOWN} more` : ''}.
    </List.Item>
  );
}
