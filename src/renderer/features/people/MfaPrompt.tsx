import { Anchor, Button, Modal, Select, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { CODE_DIGITS, CodeField } from '../../components/CodeField.tsx';
import { DialogFoot } from '../../components/DialogFoot.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { formatDuration } from '../../lib/format.ts';
import { registerMfaPrompt } from '../../lib/mfa.ts';
import { type Acting, onSessionEnd, proveMfa, useSession } from '../../lib/session.ts';
import { useAction } from '../../lib/use-call.ts';
import { deviceName, personWords } from './looks.ts';

type Answer = (proven: Acting | null) => void;

/** The dialog that asks for an MFA code, for whoever calls `askForMfa`. */
export function MfaPrompt() {
  const acting = useSession((session) => session.acting);
  const [answer, setAnswer] = useState<{ readonly give: Answer } | null>(null);
  useEffect(() => {
    let waiting: Answer | undefined;
    const ask = () =>
      new Promise<Acting | null>((resolve) => {
        // One question at a time: whoever asked before is told that nothing was proven.
        waiting?.(null);
        waiting = (proven) => {
          waiting = undefined;
          setAnswer(null);
          resolve(proven);
        };
        setAnswer({ give: waiting });
      });
    const forget = () => waiting?.(null);
    const stops = [registerMfaPrompt(ask), onSessionEnd(forget)];
    return () => {
      for (const stop of stops) stop();
      forget();
    };
  }, []);
  return (
    <Modal
      opened={answer !== null && acting !== null}
      onClose={() => answer?.give(null)}
      title="Enter a code"
      size="sm"
      // It may come over a dialog whose call was refused.
      zIndex={400}
    >
      {acting && answer ? <Body acting={acting} onAnswer={answer.give} /> : null}
    </Modal>
  );
}

function Body({ acting, onAnswer }: { acting: Acting; onAnswer: Answer }) {
  if (acting.mfaDevices.length > 0) return <AskCode acting={acting} onAnswer={onAnswer} />;
  return (
    <Stack>
      <Text>
        {acting.kind === 'role'
          ? 'A role has no MFA device of its own: act as somebody who has one.'
          : `The call needs a second factor, and ${personWords(acting)} has none yet.`}
      </Text>
      <DialogFoot
        aside={
          acting.kind === 'role' ? null : (
            <Anchor
              href={`#/access/people?who=${encodeURIComponent(acting.principalArn)}&part=mfa`}
              onClick={() => onAnswer(null)}
            >
              Add an MFA device
            </Anchor>
          )
        }
      >
        <Button variant="default" onClick={() => onAnswer(null)}>
          Close
        </Button>
      </DialogFoot>
    </Stack>
  );
}

/** Milliseconds until `until`, counted down; 0 when it has passed. */
function useCountdown(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  const over = now >= until;
  useEffect(() => {
    setNow(Date.now());
    if (until <= Date.now()) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return over ? 0 : until - now;
}

function AskCode({ acting, onAnswer }: { acting: Acting; onAnswer: Answer }) {
  const region = useSession((session) => session.region);
  const [code, setCode] = useState('');
  const [device, setDevice] = useState(acting.mfaDevices[0] ?? null);
  const field = useRef<HTMLInputElement>(null);
  const prove = useAction(async (typed: string) => {
    onAnswer(await proveMfa(typed, device ?? undefined));
  });
  const { error, busy } = prove;
  const lockedUntil = Number(error?.details.lockedUntil ?? 0);
  const left = useCountdown(lockedUntil);
  useEffect(() => {
    if (!error) return;
    setCode('');
    field.current?.focus();
  }, [error]);
  const says =
    left > 0
      ? `Too many wrong codes. The next one is taken in ${formatDuration(left)}.`
      : lockedUntil > 0
        ? null
        : error?.message;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === CODE_DIGITS) void prove.run(code);
      }}
    >
      <Stack>
        {acting.mfaDevices.length > 1 ? (
          <Select
            label="MFA device"
            data={acting.mfaDevices.map((value) => ({ value, label: deviceName(value) }))}
            value={device}
            onChange={setDevice}
            allowDeselect={false}
          />
        ) : null}
        <CodeField
          ref={field}
          label="Code"
          description={`The six digits the authenticator app shows for ${personWords(acting)} now.`}
          value={code}
          readOnly={busy || left > 0}
          error={says ?? undefined}
          data-autofocus
          onChange={(typed) => {
            setCode(typed);
            if (typed.length === CODE_DIGITS) void prove.run(typed);
          }}
        />
        <DialogFoot
          aside={
            <ShowAs
              compact
              service="sts"
              operation="GetSessionToken"
              input={{ SerialNumber: device ?? '', TokenCode: code.length === CODE_DIGITS ? code : '123456' }}
              region={region}
              note="So a program proves a code, at the local endpoint too: it calls with the temporary credentials that this answers."
            />
          }
        >
          <Button variant="default" onClick={() => onAnswer(null)}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={code.length < CODE_DIGITS || left > 0}>
            Prove it
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
