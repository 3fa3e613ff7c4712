import {
  Alert,
  Button,
  Group,
  Modal,
  NumberInput,
  Stack,
  Stepper,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { formatNumber, shorten } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { keyPath, navigate } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { toCli } from '../../lib/show-as.ts';
import { useAction } from '../../lib/use-call.ts';
import { aliasTaken, createKey, type KeyPlan, plannedCalls, type Unfinished } from './create-key.ts';
import { Fact, Facts } from './Facts.tsx';
import { aliasProblem, fullAlias, shortAlias, type Tag, tagsProblem } from './model.ts';
import { TagRows } from './TagRows.tsx';

const period = limits.rotationPeriod;

/** The wizard for a new symmetric key: its name, its care, and a last look with the commands it comes to. */
export function CreateKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a symmetric key" size="lg" closeOnClickOutside={false}>
      <Wizard onClose={onClose} />
    </Modal>
  );
}

/** Its state lives as long as the dialog is open. */
function Wizard({ onClose }: { onClose: () => void }) {
  const region = useSession((session) => session.region);
  const [step, setStep] = useState(0);
  const [alias, setAlias] = useState('');
  const [aliasError, setAliasError] = useState<string | null>(null);
  const [description, setDescription] = useState('');
  const [rotates, setRotates] = useState(true);
  const [days, setDays] = useState<string | number>(period.default);
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const [unfinished, setUnfinished] = useState<Unfinished>();

  const plan: KeyPlan = {
    alias: fullAlias(alias),
    description,
    tags,
    rotationDays: rotates ? Number(days) : null,
  };
  const daysProblem =
    rotates && !(Number.isInteger(plan.rotationDays) && Number(days) >= period.min && Number(days) <= period.max)
      ? `A whole number of days from ${period.min} to ${formatNumber(period.max)}.`
      : null;
  const careProblem = daysProblem ?? tagsProblem(tags);

  const checkName = useAction(async () => {
    const problem = plan.alias === '' ? null : aliasProblem(plan.alias);
    const taken = problem === null && plan.alias !== '' && (await aliasTaken(plan.alias, region));
    const says = problem ?? (taken ? 'Another key of this Region has this alias already.' : null);
    setAliasError(says);
    return says === null;
  });
  const create = useAction(async () => {
    // Someone else may have taken the alias since the first step.
    if (!unfinished && !(await checkName.run())) {
      setStep(0);
      return;
    }
    const outcome = await createKey(plan, region, unfinished?.made);
    if ('missing' in outcome) {
      setUnfinished(outcome);
      return;
    }
    notifySuccess(
      plan.alias ? `${shorten(shortAlias(plan.alias), 20)} is ready to use.` : 'The key is ready to use.',
      'Key created',
    );
    onClose();
    navigate(keyPath(outcome.keyId));
  });

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (step === 0) {
      if (await checkName.run()) setStep(1);
    } else if (step === 1) {
      if (careProblem === null) setStep(2);
    } else await create.run();
  }

  if (unfinished)
    return (
      <UnfinishedKey
        unfinished={unfinished}
        alias={alias}
        onAlias={setAlias}
        aliasError={aliasProblem(plan.alias)}
        busy={create.busy}
        onRetry={() => void create.run()}
        onClose={onClose}
      />
    );
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <Stack>
        <Stepper active={step} onStepClick={(to) => to < step && setStep(to)} size="sm" iconSize={28}>
          <Stepper.Step label="Name" allowStepSelect={step > 0} />
          <Stepper.Step label="Care" allowStepSelect={step > 1} />
          <Stepper.Step label="Review" allowStepSelect={false} />
        </Stepper>
        {step === 0 ? (
          <>
            <Text c="dimmed">
              A symmetric AES-256 key in {region}. It encrypts and decrypts, and its material never leaves the vault.
            </Text>
            <TextInput
              label="Alias"
              description="The name people and programs call the key by. It can move to another key later."
              placeholder="invoices"
              value={alias}
              error={aliasError}
              maxLength={limits.aliasName}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
              onChange={(event) => {
                setAlias(event.currentTarget.value);
                setAliasError(null);
              }}
            />
            <Textarea
              label="Description"
              description="What it protects, for whoever reads this in a year."
              value={description}
              maxLength={limits.description}
              autosize
              minRows={2}
              maxRows={6}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
          </>
        ) : null}
        {step === 1 ? (
          <>
            <Switch
              label="Automatic rotation"
              description="New material at the end of each period. What was encrypted before still opens; nothing has to be encrypted again."
              checked={rotates}
              onChange={(event) => setRotates(event.currentTarget.checked)}
            />
            {rotates ? (
              <NumberInput
                label="Rotation period in days"
                value={days}
                onChange={setDays}
                min={period.min}
                max={period.max}
                allowDecimal={false}
                clampBehavior="none"
                error={daysProblem}
                maw="16rem"
              />
            ) : null}
            <TagRows tags={tags} onChange={setTags} />
            {tagsProblem(tags) ? (
              <Text c="var(--mantine-color-error)" role="alert">
                {tagsProblem(tags)}
              </Text>
            ) : null}
          </>
        ) : null}
        {step === 2 ? (
          <>
            <Facts>
              <Fact name="Region">{region}</Fact>
              <Fact name="Alias">{plan.alias || 'none'}</Fact>
              <Fact name="Spec and usage">SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT</Fact>
              <Fact name="Rotation">{rotates ? `Every ${days} days` : 'Off'}</Fact>
              {description ? <Fact name="Description">{description}</Fact> : null}
              {tags.length > 0 ? (
                <Fact name="Tags">{tags.map((tag) => `${tag.TagKey}=${tag.TagValue}`).join(', ')}</Fact>
              ) : null}
            </Facts>
            <CopyBlock
              label="AWS CLI commands"
              text={plannedCalls(plan, 'KEY_ID')
                .map((call) => toCli(call.operation, call.input, region))
                .join('\n\n')}
            />
          </>
        ) : null}
        {checkName.error ? <ErrorNotice error={checkName.error} /> : null}
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <Group justify="space-between">
          <Button variant="default" onClick={step === 0 ? onClose : () => setStep(step - 1)}>
            {step === 0 ? 'Cancel' : 'Back'}
          </Button>
          <Button type="submit" loading={checkName.busy || create.busy} disabled={step === 1 && careProblem !== null}>
            {step === 2 ? 'Create key' : 'Next'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface UnfinishedProps {
  readonly unfinished: Unfinished;
  readonly alias: string;
  readonly onAlias: (alias: string) => void;
  readonly aliasError: string | null;
  readonly busy: boolean;
  readonly onRetry: () => void;
  readonly onClose: () => void;
}

/** The key is there, a later step is not: says which, and lets it be tried again or left. */
function UnfinishedKey({ unfinished, alias, onAlias, aliasError, busy, onRetry, onClose }: UnfinishedProps) {
  const { made, missing, error } = unfinished;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === 'rotation' || aliasError === null) onRetry();
      }}
    >
      <Stack>
        <Alert
          role="alert"
          color="yellow"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={
            missing === 'alias'
              ? 'The key was created, but it has no alias yet'
              : 'The key was created, but it does not rotate yet'
          }
        >
          <Text style={{ overflowWrap: 'anywhere' }}>{error.message}</Text>
        </Alert>
        {missing === 'alias' ? (
          <TextInput
            label="Alias"
            value={alias}
            error={aliasError}
            maxLength={limits.aliasName}
            onChange={(event) => onAlias(event.currentTarget.value)}
            data-autofocus
          />
        ) : null}
        <Group justify="space-between">
          <Button
            variant="default"
            onClick={() => {
              onClose();
              navigate(keyPath(made.keyId));
            }}
          >
            Leave it and open the key
          </Button>
          <Button type="submit" loading={busy}>
            Try again
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
