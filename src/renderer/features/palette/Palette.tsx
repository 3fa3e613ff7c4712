import { Kbd } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconArrowRight, IconKey, IconPalette, IconSearch, IconTerminal2, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { type Command, runCommand, useAllCommands, useRecentCommands } from '../../lib/commands.ts';
import { shorten } from '../../lib/format.ts';
import { keyPath, navigate } from '../../lib/route.ts';
import { useKeys } from '../keys/index.ts';
import { commandGroups, keyEntries } from './entries.ts';

const KEYS_SHOWN = 20;
const groupIcons = new Map([
  ['Screens', IconArrowRight],
  ['Appearance', IconPalette],
  ['Region', IconWorld],
]);

export const openPalette = (): void => spotlight.open();

/** Ctrl/Cmd-K: goes anywhere and runs any command. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState(false);
  const commands = useAllCommands();
  const recent = useRecentCommands();
  const { keys } = useKeys(opened);
  const groups = opened ? commandGroups(commands, recent, query) : [];
  const foundKeys = opened ? keyEntries(keys ?? [], query, KEYS_SHOWN) : [];
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setOpened(true)}
      onSpotlightClose={() => {
        setOpened(false);
        setQuery('');
      }}
      shortcut="mod + K"
      tagsToIgnore={[]}
      scrollable
      centered={false}
      yOffset="10vh"
      overlayProps={{ blur: 2, backgroundOpacity: 0.35 }}
      maxHeight="min(28rem, 70vh)"
      attributes={{ content: { 'aria-label': 'Search and commands' } }}
    >
      <Spotlight.Search
        placeholder="A key by alias or id, a screen, a command…"
        aria-label="Search for a key, a screen or a command"
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList pb="sm" mah="none">
        {foundKeys.length > 0 ? (
          <Spotlight.ActionsGroup label="Keys">
            {foundKeys.map((key) => (
              <Spotlight.Action
                key={key.keyId}
                label={key.title}
                description={shorten(key.keyId, 13)}
                leftSection={<IconKey size={18} aria-hidden />}
                onClick={() => navigate(keyPath(key.keyId))}
              />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {groups.map(({ title, commands: found }) => (
          <Spotlight.ActionsGroup key={title} label={title}>
            {found.map((command) => (
              <CommandEntry key={command.id} command={command} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length + foundKeys.length === 0 ? <Spotlight.Empty>Nothing has that name.</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function CommandEntry({ command }: { command: Command }) {
  const Icon = groupIcons.get(command.group) ?? IconTerminal2;
  return (
    <Spotlight.Action
      label={command.title}
      leftSection={<Icon size={18} aria-hidden />}
      rightSection={command.shortcut ? <Kbd size="xs">{command.shortcut}</Kbd> : undefined}
      onClick={() => runCommand(command.id)}
    />
  );
}
