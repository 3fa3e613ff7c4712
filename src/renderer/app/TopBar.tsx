import { ActionIcon, Button, Kbd, Select, Tooltip, UnstyledButton } from '@mantine/core';
import { IconLock, IconSearch, IconShieldLock, IconWorld } from '@tabler/icons-react';
import { openPalette } from '../features/palette/index.ts';
import { ActingAs } from '../features/people/index.ts';
import { runCommand } from '../lib/commands.ts';
import { modKey } from '../lib/platform.ts';
import { leaveKeyFor } from '../lib/route.ts';
import { type OpenStatus, useSession } from '../lib/session.ts';
import classes from './top-bar.module.css';

/** Where one is and as whom: vault, Region, principal; search; lock. */
export function TopBar({ status }: { status: OpenStatus }) {
  const region = useSession((session) => session.region);
  const setRegion = useSession((session) => session.setRegion);
  return (
    <div className={classes.root}>
      <div className={classes.vault} title={`${status.name}\n${status.path}`}>
        <IconShieldLock size={18} stroke={1.7} aria-hidden />
        <span className="coffer-truncate">{status.name}</span>
      </div>
      <Select
        className={classes.region}
        aria-label="Region"
        leftSection={<IconWorld size={16} aria-hidden />}
        size="xs"
        data={status.regions}
        value={region}
        allowDeselect={false}
        searchable
        checkIconPosition="right"
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
        onChange={(next) => {
          if (!next || next === region) return;
          setRegion(next);
          leaveKeyFor('/keys');
        }}
      />
      <ActingAs />
      <UnstyledButton
        className={classes.search}
        onClick={openPalette}
        aria-label="Search and commands"
        aria-keyshortcuts="Control+K Meta+K"
      >
        <IconSearch size={16} aria-hidden />
        <span className={classes.searchWords}>
          Search<span className={classes.searchMore}> or run a command</span>
        </span>
        <Kbd size="xs" className={classes.keys}>
          {modKey} K
        </Kbd>
      </UnstyledButton>
      <Button
        className={classes.lock}
        size="xs"
        variant="default"
        leftSection={<IconLock size={15} aria-hidden />}
        onClick={() => runCommand('vault.lock')}
      >
        Lock
      </Button>
      <Tooltip label="Lock">
        <ActionIcon
          className={classes.lockSmall}
          variant="default"
          size={30}
          aria-label="Lock"
          onClick={() => runCommand('vault.lock')}
        >
          <IconLock size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
