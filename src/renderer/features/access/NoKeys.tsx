import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { navigate } from '../../lib/route.ts';

/** In place of a question about a key while the Region has none. */
export function NoKeys() {
  return (
    <EmptyState
      icon={IconKey}
      title="There is no key to ask about"
      action={<Button onClick={() => navigate('/keys?new=1')}>Create a key</Button>}
    >
      Who may do what is asked of one key: its policy, the policies of people and the grants on it decide together.
    </EmptyState>
  );
}
