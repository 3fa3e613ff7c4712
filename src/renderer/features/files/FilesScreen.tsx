import { Stack } from '@mantine/core';
import { useEffect } from 'react';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Screen } from '../../components/Screen.tsx';
import { DropZone } from './DropZone.tsx';
import { History } from './History.tsx';
import { Looks } from './Looks.tsx';
import { PastFiles } from './PastFiles.tsx';
import { Queue } from './Queue.tsx';
import { Review } from './Review.tsx';
import { followJobs, useFiles } from './store.ts';
import { useFilesCommands } from './use-files-commands.ts';

/** Files: what was dropped, what will happen to it, and the work under way. */
export function FilesScreen() {
  const planned = useFiles((state) => state.plan.length);
  const jobs = useFiles((state) => state.jobs.size);
  useEffect(followJobs, []);
  useFilesCommands();
  return (
    <Screen>
      <PageHeader title="Files" description="Encrypt files and folders, and open them again." />
      <Stack gap="md">
        <DropZone compact={planned > 0 || jobs > 0} />
        <Looks />
        {planned > 0 ? <Review /> : null}
        <Queue />
        <PastFiles />
        <History />
      </Stack>
    </Screen>
  );
}
