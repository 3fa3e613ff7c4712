import { Button, Modal, Stack, Stepper } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { shorten } from '../../../lib/format.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { keyPath, navigate } from '../../../lib/route.ts';
import { useSession } from '../../../lib/session.ts';
import { tagsProblem } from '../../../lib/tags.ts';
import { useAction } from '../../../lib/use-call.ts';
import { useMounted } from '../../../lib/use-mounted.ts';
import { aliasProblem, shortAlias } from '../model.ts';
import { CareStep } from './CareStep.tsx';
import { aliasTaken, createKey, type Unfinished } from './create-key.ts';
import { type Draft, daysProblem, newDraft, planOf } from './draft.ts';
import { KindStep } from './KindStep.tsx';
import { NameStep } from './NameStep.tsx';
import { ReviewStep } from './ReviewStep.tsx';
import { SpecStep } from './SpecStep.tsx';
import { UnfinishedKey } from './UnfinishedKey.tsx';

const steps = ['Kind', 'Spec', 'Name', 'Care', 'Review'] as const;
type Step = (typeof steps)[number];
const last = steps.length - 1;

/** The wizard for a new key: what it is for, its spec and place, its name, its care, and a last look with the commands. */
export function CreateKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a key" size="xl" closeOnClickOutside={false}>
      <Wizard onClose={onClose} />
    </Modal>
  );
}

/** Its state lives as long as the dialog is open. */
function Wizard({ onClose }: { onClose: () => void }) {
  const current = useSession((session) => session.region);
  const setRegion = useSession((session) => session.setRegion);
  const [at, setAt] = useState(0);
  const [draft, setDraft] = useState(() => newDraft(current));
  const [aliasError, setAliasError] = useState<string | null>(null);
  const [unfinished, setUnfinished] = useState<Unfinished>();
  const isHere = useMounted();
  const step: Step = steps[at] ?? 'Kind';
  const plan = planOf(draft);
  const missing = draft.origin === 'EXTERNAL_KEY_STORE' && !plan.xksKeyId;
  const careProblem = daysProblem(plan) ?? tagsProblem(draft.tags);

  function change(changes: Partial<Draft>): void {
    setDraft((old) => ({ ...old, ...changes }));
    if ('alias' in changes || 'region' in changes) setAliasError(null);
  }
  const checkName = useAction(async () => {
    const problem = plan.alias === '' ? null : aliasProblem(plan.alias);
    const taken = problem === null && plan.alias !== '' && (await aliasTaken(plan.alias, draft.region));
    const says = problem ?? (taken ? 'Another key of this Region has this alias already.' : null);
    setAliasError(says);
    return says === null;
  });
  function open(keyId: string): void {
    onClose();
    if (draft.region !== current) setRegion(draft.region);
    navigate(keyPath(keyId, plan.origin === 'EXTERNAL' ? 'import' : undefined));
  }
  const create = useAction(async () => {
    // Someone else may have taken the alias since it was typed.
    if (!unfinished && !(await checkName.run())) {
      setAt(steps.indexOf('Name'));
      return;
    }
    const outcome = await createKey(plan, draft.region, unfinished?.made);
    if ('missing' in outcome) {
      setUnfinished(outcome);
      return;
    }
    const name = plan.alias ? shorten(shortAlias(plan.alias), 20) : 'The key';
    notifySuccess(
      plan.origin === 'EXTERNAL' ? `${name} waits for its material.` : `${name} is ready to use.`,
      'Key created',
      { answer: outcome.answer },
    );
    // Closed while a long key was made: whoever went on elsewhere stays there.
    if (isHere()) open(outcome.keyId);
  });

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (step === 'Name' && !(await checkName.run())) return;
    if (step === 'Spec' && missing) return;
    if (step === 'Care' && careProblem !== null) return;
    if (step === 'Review') await create.run();
    else setAt(at + 1);
  }

  if (unfinished)
    return (
      <UnfinishedKey
        unfinished={unfinished}
        alias={draft.alias}
        onAlias={(alias) => change({ alias })}
        aliasError={aliasProblem(plan.alias)}
        busy={create.busy}
        onRetry={() => void create.run()}
        onLeave={() => open(unfinished.made.keyId)}
      />
    );
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <Stack>
        <Stepper active={at} onStepClick={(to) => to < at && setAt(to)} size="sm" iconSize={28}>
          {steps.map((label, index) => (
            <Stepper.Step key={label} label={label} allowStepSelect={index < at} />
          ))}
        </Stepper>
        {step === 'Kind' ? <KindStep draft={draft} change={change} /> : null}
        {step === 'Spec' ? <SpecStep draft={draft} change={change} /> : null}
        {step === 'Name' ? <NameStep draft={draft} change={change} error={aliasError} /> : null}
        {step === 'Care' ? <CareStep draft={draft} change={change} /> : null}
        {step === 'Review' ? <ReviewStep plan={plan} region={draft.region} /> : null}
        {checkName.error ? <ErrorNotice error={checkName.error} /> : null}
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <DialogFoot
          aside={
            <Button variant="default" onClick={at === 0 ? onClose : () => setAt(at - 1)}>
              {at === 0 ? 'Cancel' : 'Back'}
            </Button>
          }
        >
          <Button
            type="submit"
            loading={checkName.busy || create.busy}
            disabled={(step === 'Spec' && missing) || (step === 'Care' && careProblem !== null)}
          >
            {at === last ? 'Create key' : 'Next'}
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
