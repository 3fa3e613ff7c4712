import { Anchor, Button, Collapse, Group, Loader, MultiSelect, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { OperationInput, OperationOutput } from '../../../../shared/kms/operations.ts';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { formatNumber } from '../../../lib/format.ts';
import { questionIn } from '../../../lib/question.ts';
import { keyPath, navigate, useRoute } from '../../../lib/route.ts';
import { useSession } from '../../../lib/session.ts';
import { useKms } from '../../../lib/use-call.ts';
import { type KeyRow, KeySelect } from '../../keys/index.ts';
import { actionGroups, usesOf } from '../action-groups.ts';
import { NoKey } from '../NoKey.tsx';
import { useChosenKey } from '../use-chosen-key.ts';
import { Answer } from './Answer.tsx';
import { Circumstances } from './Circumstances.tsx';
import { PolicyText } from './PolicyText.tsx';
import { blank, change, circumstancesOf, iamInput, inputOf, type Simulation, useSimulation } from './simulation.ts';
import classes from './simulator.module.css';
import { WhoField } from './WhoField.tsx';

const SETTLE_MS = 300;
const everyKey = () => true;
const actionData = actionGroups.map(({ title, actions }) => ({
  group: title,
  items: actions.map((value) => ({ value, label: value.replace('kms:', '') })),
}));

/** A question in the address, as of a link from a refusal, is taken over once. */
function useLinkedQuestion(): void {
  const { path } = useRoute();
  useEffect(() => {
    const [place = '', query = ''] = path.split('?', 2);
    if (query === '') return;
    change({ ...blank, ...questionIn(new URLSearchParams(query)) });
    navigate(place, { replace: true });
  }, [path]);
}

/** Who, what, on which key: allowed or denied, and why. */
export function Simulator() {
  useLinkedQuestion();
  const simulation = useSimulation();
  const { key, missing, error } = useChosenKey(simulation.keyId);
  if (missing) return <NoKey missing={missing} />;
  if (error) return <ErrorNotice error={error} />;
  if (!key) return <Loader size="sm" aria-label="Reading the keys" />;
  return <Asked key={key.KeyId} simulation={simulation} chosen={key} />;
}

type Input = OperationInput<'SimulateAccess'>;

/** The answer to the question as it settles; while a newer one is on its way, the one before. */
function useAnswer(input: Input | null) {
  const [settled] = useDebouncedValue(JSON.stringify(input), SETTLE_MS);
  const { data, error, loading, reload } = useKms('SimulateAccess', JSON.parse(settled) as Input | null);
  const [last, setLast] = useState<OperationOutput<'SimulateAccess'>>();
  if (data && data !== last) setLast(data);
  const decisions = input === null || error ? undefined : (data ?? last)?.Decisions;
  return { decisions, error, reload, stale: loading || JSON.stringify(input) !== settled };
}

function Asked({ simulation, chosen }: { simulation: Simulation; chosen: KeyRow }) {
  const region = useSession((session) => session.region);
  const acting = useSession((session) => session.principalArn);
  const principal = simulation.principal ?? acting;
  const actions = simulation.actions.length > 0 ? simulation.actions : usesOf(chosen.KeyUsage);
  const input = inputOf({ ...simulation, principal, actions }, chosen.KeyId);
  const { decisions, error, reload, stale } = useAnswer(input);
  const { data: policy } = useKms('GetKeyPolicy', { KeyId: chosen.KeyId, PolicyName: 'default' });
  const [action, setAction] = useState<string>();
  const shown = decisions?.find((each) => each.action === action) ?? decisions?.[0];
  const notAPrincipal = error?.code === 'InvalidArnException' && !stale ? error.message : undefined;
  const iam = input && policy ? iamInput(input, { Arn: chosen.Arn, Policy: policy.Policy }) : null;
  return (
    <div className={classes.root}>
      <div className={classes.grid}>
        <section className={classes.question} aria-label="Question">
          <Stack gap="sm">
            <KeySelect
              label="Key"
              value={chosen.KeyId}
              onChange={(keyId) => change({ keyId, actions: [] })}
              accepts={everyKey}
            />
            <WhoField
              keyId={chosen.KeyId}
              value={principal}
              onChange={(next) => change({ principal: next })}
              error={notAPrincipal}
            />
            <MultiSelect
              label="What"
              data={actionData}
              value={[...actions]}
              onChange={(next) => change({ actions: next })}
              searchable
              nothingFoundMessage="No action matches"
              hidePickedOptions
              classNames={{ inputField: classes.actions ?? '' }}
              maxDropdownHeight="min(20rem, 50vh)"
            />
            <Details simulation={simulation} />
            <Group justify="space-between" gap="xs">
              <Anchor size="sm" href={`#/access/key?key=${chosen.KeyId}`}>
                Who else can use this key?
              </Anchor>
              {iam ? (
                <ShowAs
                  service="iam"
                  operation="SimulatePrincipalPolicy"
                  input={iam}
                  region={region}
                  note="The nearest that AWS has: it asks about the user's own policies and this key policy, and knows nothing of grants."
                />
              ) : null}
            </Group>
          </Stack>
        </section>
        <div className={classes.found}>
          {error && notAPrincipal === undefined ? <ErrorNotice error={error} onRetry={reload} /> : null}
          {decisions && shown ? (
            <Answer decisions={decisions} shown={shown} onShow={setAction} stale={stale} />
          ) : input === null ? (
            <Text c="dimmed">Say who would call, and what.</Text>
          ) : error ? null : (
            <Loader size="sm" aria-label="Asking" />
          )}
        </div>
        {policy ? (
          <div className={classes.text}>
            <PolicyText policy={policy.Policy} decision={shown} />
            <Anchor size="sm" href={`#${keyPath(chosen.KeyId, 'policy')}`}>
              Open the policy
            </Anchor>
          </div>
        ) : null}
      </div>
    </div>
  );
}

function Details({ simulation }: { simulation: Simulation }) {
  const said = circumstancesOf(simulation);
  const [chosen, setChosen] = useState<boolean>();
  const open = chosen ?? said > 0;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<Chevron size={14} aria-hidden />}
        aria-expanded={open}
        onClick={() => setChosen(!open)}
      >
        Circumstances{said > 0 ? `: ${formatNumber(said)} set` : ''}
      </Button>
      <Collapse expanded={open}>
        <div className={classes.circumstances}>
          <Circumstances simulation={simulation} />
        </div>
      </Collapse>
    </div>
  );
}
