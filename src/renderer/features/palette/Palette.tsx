import { Kbd } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconArrowRight, IconKey, IconPalette, IconSearch, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { type Command, useAllCommands } from '../../lib/commands.ts';
import { shorten } from '../../lib/format.ts';
import { keyPath, navigate } from '../../lib/route.ts';
import { useKeys } from '../keys/index.ts';
import { keyEntries } from './entries.ts';
import { matches } from './match.ts';

const KEYS_SHOWN = 20;
const groupIcons = new Map([
  ['Screens', IconArrowRight],
  ['Appearance', IconPalette],
]);

export const openPalette = (): void => spotlight.open();

/** Ctrl/Cmd-K: goes anywhere and runs any command. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState(false);
  const commands = useAllCommands();
  const { keys } = useKeys(opened);
  const found = commands.filter((command) => matches(query, `${command.title} ${command.keywords ?? ''}`));
  const groups = [...new Set(found.map((command) => command.group))];
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
      <Spotlight.ActionsList pb="sm">
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
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {found
              .filter((command) => command.group === group)
              .map((command) => (
                <CommandEntry key={command.id} command={command} />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length + foundKeys.length === 0 ? <Spotlight.Empty>Nothing has that name.</Spotlight.Empty> : null}
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
      onClick={command.run}
    />
  );
}
