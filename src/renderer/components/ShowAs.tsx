import { ActionIcon, Button, Popover, Stack, Tabs, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { blobNote, type Service, toCli, toSdk } from '../lib/show-as.ts';
import classes from './show-as.module.css';

const TITLE = 'Show as CLI / SDK';

interface Props {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
  /** The AWS service that has the operation; KMS unless given. */
  readonly service?: Service;
  /** An icon only, for a row that is short of room. */
  readonly compact?: boolean;
}

/** A button that shows the call the screen makes as AWS's own command and SDK call. */
export function ShowAs(props: Props) {
  return (
    <Popover
      width="min(38rem, 90vw)"
      position="bottom-end"
      withArrow
      trapFocus
      returnFocus
      preventPositionChangeWhenVisible={false}
    >
      <Popover.Target>
        {props.compact ? (
          <ActionIcon variant="default" size="input-sm" aria-label={TITLE} title={TITLE}>
            <IconTerminal2 size={16} aria-hidden />
          </ActionIcon>
        ) : (
          <Button variant="subtle" size="compact-sm" leftSection={<IconTerminal2 size={16} aria-hidden />}>
            {TITLE}
          </Button>
        )}
      </Popover.Target>
      <Popover.Dropdown
        aria-label={`${props.operation} as AWS CLI command and SDK call`}
        // A dialog around it hears of Escape first, and would close with whatever was typed into it.
        onFocusCapture={({ target }) => target.setAttribute('data-mantine-stop-propagation', 'true')}
      >
        <ShowAsTabs {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The same without the button, for a place that has the room. */
export function ShowAsTabs({ operation, input, region, service = 'kms' }: Props) {
  const note = blobNote(input);
  return (
    <Tabs defaultValue="cli" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="cli">AWS CLI</Tabs.Tab>
        <Tabs.Tab value="sdk">JavaScript SDK</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="cli" pt="xs">
        <Stack gap={6}>
          <CopyBlock text={toCli(operation, input, region, service)} label="AWS CLI command" />
          {note ? (
            <Text size="xs" c="dimmed">
              {note}
            </Text>
          ) : null}
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="sdk" pt="xs">
        <CopyBlock text={toSdk(operation, input, region, service)} label="JavaScript SDK call" />
      </Tabs.Panel>
    </Tabs>
  );
}

/** Preformatted text with a button that copies it. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.code} tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
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
