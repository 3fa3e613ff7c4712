import { Button, Text, TextInput, Title } from '@mantine/core';
import { IconFilePlus, IconFolder, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useDrop } from '../../lib/use-file-drop.ts';
import classes from './files.module.css';
import { pick, review, reviewDrop } from './store.ts';

/** Where files come in: dropped, picked, or by a typed path. */
export function DropZone({ compact }: { compact: boolean }) {
  const { over, handlers } = useDrop(reviewDrop);
  const [path, setPath] = useState('');
  return (
    <section
      aria-label="Drop files here"
      className={classes.drop}
      data-over={over || undefined}
      data-compact={compact || undefined}
      {...handlers}
    >
      <IconUpload size={compact ? 24 : 40} stroke={1.4} aria-hidden />
      {/* Both take the same room: nothing may move under what is being dropped. */}
      <Title order={2} size="h4" className={classes.title}>
        <span aria-hidden={over}>Drop files or folders here</span>
        <span aria-hidden={!over}>Let go to see what will happen</span>
      </Title>
      {compact ? null : (
        <Text c="dimmed" maw="36rem" ta="center">
          Each file gets a key of its own, sealed under a key of this vault. The original is not touched, and any AWS
          Encryption SDK can open the result. Encrypted files are recognised and opened again.
        </Text>
      )}
      <div className={classes.ways}>
        <Button
          variant="default"
          leftSection={<IconFilePlus size={16} aria-hidden />}
          onClick={() => void pick('files')}
        >
          Choose files…
        </Button>
        <Button
          variant="default"
          leftSection={<IconFolder size={16} aria-hidden />}
          onClick={() => void pick('folder')}
        >
          Choose a folder…
        </Button>
        <form
          className={classes.path}
          onSubmit={(event) => {
            event.preventDefault();
            const typed = path.trim();
            if (!typed) return;
            setPath('');
            void review([typed]);
          }}
        >
          <TextInput
            aria-label="Path of a file or folder"
            placeholder="or type a path and press Enter"
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
            spellCheck={false}
          />
        </form>
      </div>
    </section>
  );
}
