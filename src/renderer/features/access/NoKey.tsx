import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { navigate } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { change, useSimulation } from './simulator/simulation.ts';

/** In place of a question about a key: the Region has none, or not the one that was asked about. */
export function NoKey({ missing }: { missing: 'all' | 'chosen' }) {
  const region = useSession((session) => session.region);
  const keyId = useSimulation((simulation) => simulation.keyId);
  if (missing === 'chosen')
    return (
      <EmptyState
        icon={IconKey}
        title={`That key is not in ${region}`}
        action={<Button onClick={() => change({ keyId: null, actions: [] })}>Ask about another key</Button>}
      >
        The question was about <Identifier value={keyId ?? ''} />
      </EmptyState>
    );
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
