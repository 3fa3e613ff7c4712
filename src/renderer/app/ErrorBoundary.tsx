import { Button, Code, Group, Text } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { EmptyState } from '../components/EmptyState.tsx';

interface State {
  readonly error: Error | null;
}

/** Keeps a bug in one screen from taking the window down. Give it a `key` that changes with what it holds. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error('unknown') };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          icon={IconBug}
          title="This screen failed"
          action={
            <Group gap="xs">
              <Button onClick={() => this.setState({ error: null })}>Show it again</Button>
              <Button variant="default" onClick={() => window.location.reload()}>
                Reload the window
              </Button>
            </Group>
          }
        >
          <Text c="dimmed">It is a fault in the window. The vault and its keys are not touched by it.</Text>
          <Code>{error.name}</Code>
        </EmptyState>
      </div>
    );
  }
}
