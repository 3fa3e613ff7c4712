import { ActionIcon, Button, Group, Popover, Stack, Tabs, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconTerminal2 } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { plural } from '../lib/format.ts';
import {
  areInFile,
  blobNote,
  type CallForEach,
  IDS_FILE,
  type Place,
  type ShownCall,
  toCli,
  toCliForEach,
  toSdk,
  toSdkForEach,
} from '../lib/show-as.ts';
import classes from './show-as.module.css';

const TITLE = 'Show as CLI / SDK';
/** A dialog around it hears of Escape first, and would close with whatever was typed into it. */
const STOPS_ESCAPE = 'data-mantine-stop-propagation';
/** Above every dialog, also one that comes over another. */
const Z_INDEX = 500;

interface Common extends Place {
  /** An icon only, for a row that is short of room. */
  readonly compact?: boolean;
  /** What a row's calls are about, to tell its button from those of the others. */
  readonly about?: string;
  /** What AWS's calls do differently. */
  readonly note?: string;
}

interface Calls extends Common {
  /** Made one after the other. */
  readonly calls: readonly ShownCall[];
}

type Each = CallForEach & Common;

/** A button that shows the call the screen makes as AWS's own command and SDK call. */
export function ShowAs({ operation, input, service, ...rest }: ShownCall & Omit<Calls, 'calls'>) {
  return <ShowCalls calls={[{ operation, input, ...(service ? { service } : {}) }]} {...rest} />;
}

/** The same for calls that belong together. */
export function ShowCalls({ calls, compact, about, ...rest }: Calls) {
  return (
    <ShowAsPopover compact={compact} about={about}>
      <ShowAsTabs calls={calls} {...rest} />
    </ShowAsPopover>
  );
}

/** The same for a call that is made for each of several keys. */
export function ShowForEach({ compact, about, ...each }: Each) {
  return (
    <ShowAsPopover compact={compact} about={about}>
      <ShowForEachTabs {...each} />
    </ShowAsPopover>
  );
}

interface PopoverProps {
  readonly compact?: boolean | undefined;
  readonly about?: string | undefined;
  readonly children: ReactNode;
}

/** The button, and what opens under it and is named by it. */
export function ShowAsPopover({ compact, about, children }: PopoverProps) {
  const [opened, setOpened] = useState(false);
  const name = about === undefined ? TITLE : `${TITLE}: ${about}`;
  const target = {
    onClick: () => setOpened(!opened),
    // The focus goes inside a moment later; until then Escape comes here.
    onKeyDown: ({ key }: KeyboardEvent) => key === 'Escape' && setOpened(false),
    ...(opened ? { [STOPS_ESCAPE]: 'true' } : {}),
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width="min(38rem, 90vw)"
      position="bottom-end"
      zIndex={Z_INDEX}
      withArrow
      trapFocus
      returnFocus
      preventPositionChangeWhenVisible={false}
    >
      <Popover.Target>
        {compact ? (
          <ActionIcon variant="default" size="input-sm" aria-label={name} title={TITLE} {...target}>
            <IconTerminal2 size={16} aria-hidden />
          </ActionIcon>
        ) : (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconTerminal2 size={16} aria-hidden />}
            {...(about === undefined ? {} : { 'aria-label': name })}
            {...target}
          >
            {TITLE}
          </Button>
        )}
      </Popover.Target>
      <Popover.Dropdown onFocusCapture={({ target }) => target.setAttribute(STOPS_ESCAPE, 'true')}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}

/** The same without the button, for a place that has the room. */
export function ShowAsTabs({ calls, note, ...place }: Omit<Calls, 'compact' | 'about'>) {
  return (
    <TextTabs
      cli={toCli(calls, place)}
      sdk={toSdk(calls, place)}
      several={calls.length > 1}
      blobs={blobNote(calls)}
      note={note}
    />
  );
}

/** The same for a call that is made for each of several keys. */
export function ShowForEachTabs({ operation, keyIds, input, note, ...place }: Omit<Each, 'compact' | 'about'>) {
  const each = { operation, keyIds, ...(input ? { input } : {}) };
  return (
    <>
      <TextTabs
        cli={toCliForEach(each, place)}
        sdk={toSdkForEach(each, place)}
        several={keyIds.length > 1}
        blobs={null}
        note={note}
      />
      {areInFile(keyIds) ? <IdsFile keyIds={keyIds} /> : null}
    </>
  );
}

/** Says what is in the file that the loop reads, and hands it out. */
function IdsFile({ keyIds }: Pick<CallForEach, 'keyIds'>) {
  const [copied, setCopied] = useState(false);
  return (
    <Group gap="xs" mt={6} justify="space-between">
      <Text size="xs" c="dimmed">
        {IDS_FILE} has the ids of the {plural(keyIds.length, 'key')}, a line each.
      </Text>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => void copyText(`${keyIds.join('\n')}\n`).then(setCopied)}
        onBlur={() => setCopied(false)}
      >
        {copied ? 'Copied' : 'Copy the ids'}
      </Button>
    </Group>
  );
}

interface TextTabsProps {
  readonly cli: string;
  readonly sdk: string;
  readonly several: boolean;
  /** How the command's bytes are to be read. */
  readonly blobs: string | null;
  readonly note: string | undefined;
}

function TextTabs({ cli, sdk, several, blobs, note }: TextTabsProps) {
  return (
    <Tabs defaultValue="cli" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="cli">AWS CLI</Tabs.Tab>
        <Tabs.Tab value="sdk">JavaScript SDK</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="cli" pt="xs">
        <Stack gap={6}>
          <CopyBlock text={cli} label={several ? 'AWS CLI commands' : 'AWS CLI command'} />
          {blobs ? (
            <Text size="xs" c="dimmed">
              {blobs}
            </Text>
          ) : null}
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="sdk" pt="xs">
        <CopyBlock text={sdk} label={several ? 'JavaScript SDK calls' : 'JavaScript SDK call'} />
      </Tabs.Panel>
      {note ? (
        <Text size="xs" c="dimmed" mt={6}>
          {note}
        </Text>
      ) : null}
    </Tabs>
  );
}

/** Preformatted text with a button that copies it. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form, and a section of each such text would be a landmark */}
      <div
        role="group"
        className={classes.code}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
      >
        <pre>{text}</pre>
      </div>
      <Tooltip label={copied ? 'Copied' : 'Copy'}>
        <ActionIcon
          className={classes.copy}
          variant="default"
          aria-label={copied ? 'Copied' : `Copy ${label}`}
          onClick={() => void copyText(text).then(setCopied)}
          onBlur={() => setCopied(false)}
        >
          {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
