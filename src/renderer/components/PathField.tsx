import { Button, Group, TextInput } from '@mantine/core';
import type { DragEvent, ReactNode } from 'react';
import { invoke } from '../lib/api.ts';
import { notifyError } from '../lib/notify.tsx';
import { useMounted } from '../lib/use-mounted.ts';

interface Props {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly pick: 'files' | 'folder';
  /** Title of the system's picker. */
  readonly pickTitle: string;
  /** Makes the path of what was picked; as it is by default. */
  readonly fromPicked?: (path: string) => string;
  readonly error?: ReactNode;
  /** Whether it must be filled in; it must unless said otherwise. */
  readonly required?: boolean;
}

/** A path: typed, picked in the system's dialog, or dropped as a file or folder. */
export function PathField({
  label,
  description,
  value,
  onChange,
  pick,
  pickTitle,
  fromPicked,
  error,
  required = true,
}: Props) {
  const isHere = useMounted();
  const take = (path: string | undefined) => {
    // The vault may have been locked while the system's dialog was open.
    if (path && isHere()) onChange(fromPicked ? fromPicked(path) : path);
  };
  const choose = async () => {
    try {
      const { paths } = await invoke('app.pick', { kind: pick, title: pickTitle });
      take(paths[0]);
    } catch (failure) {
      notifyError(failure);
    }
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      const [path] = await window.coffer.pathsFor([...event.dataTransfer.files].slice(0, 1));
      take(path);
    } catch (failure) {
      notifyError(failure);
    }
  };
  return (
    <TextInput
      label={label}
      description={description}
      value={value}
      error={error}
      required={required}
      withAsterisk={false}
      spellCheck={false}
      autoComplete="off"
      title={value}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => void drop(event)}
      onChange={(event) => onChange(event.currentTarget.value)}
      inputContainer={(input) => (
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <div style={{ flex: 1, minWidth: 0 }}>{input}</div>
          <Button variant="default" onClick={() => void choose()} aria-label={`Browse: ${label}`}>
            Browse…
          </Button>
        </Group>
      )}
    />
  );
}
