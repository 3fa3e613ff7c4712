import { Alert, Button, Code, Group, Loader, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { Identifier } from '../../../components/Identifier.tsx';
import { plural } from '../../../lib/format.ts';
import type { ModuleStatus, Token, TokenModuleState } from './use-token-module.ts';

/** Which PKCS#11 module is used, the tokens it has, and choosing another. */
export function TokenModule({ state }: { state: TokenModuleState }) {
  const { module, tokens, choose } = state;
  const status = module.data;
  if (!status)
    return module.error ? <ErrorNotice error={module.error} onRetry={module.reload} /> : <Loader size="sm" />;
  return (
    <Stack gap="sm">
      {status.path === undefined ? (
        <Alert
          color="gray"
          icon={<IconInfoCircle size={18} aria-hidden />}
          title="No PKCS#11 module is chosen"
          role="status"
        >
          The module is the library that came with the token, such as <Code>libsofthsm2.so</Code> or{' '}
          <Code>opensc-pkcs11.so</Code>. Without it Coffer sees no token.
        </Alert>
      ) : (
        <Chosen status={status} path={status.path} state={state} />
      )}
      {tokens.error ? <ErrorNotice error={tokens.error} onRetry={tokens.reload} /> : null}
      {status.fixed ? null : <Others status={status} state={state} />}
      {choose.error ? <ErrorNotice error={choose.error} /> : null}
    </Stack>
  );
}

function Chosen({ status, path, state }: { status: ModuleStatus; path: string; state: TokenModuleState }) {
  const { data } = state.tokens;
  return (
    <Stack gap={4}>
      <Text component="div" style={{ overflowWrap: 'anywhere' }}>
        Module: <Identifier value={path} whole />
      </Text>
      {status.fixed ? (
        <Text size="xs" c="dimmed">
          The environment variable COFFER_PKCS11_MODULE names it. Start Coffer without it to choose another here.
        </Text>
      ) : null}
      <div role="status">
        {data ? (
          <Text size="sm">
            {data.length === 0 ? 'It sees no token now.' : `It sees ${plural(data.length, 'token')}:`}
          </Text>
        ) : null}
      </div>
      {data?.length ? (
        <ul aria-label="Tokens" style={{ margin: 0, paddingInlineStart: '1.2rem' }}>
          {data.map((token) => (
            <li key={token.serial}>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                <b>{token.label || 'without a label'}</b>, serial number {token.serial}
                {shortcoming(token)}
              </Text>
            </li>
          ))}
        </ul>
      ) : null}
    </Stack>
  );
}

function shortcoming({ userPin, capable }: Token): string {
  if (!capable) return ': cannot hold keys for Coffer, as it has no AES-GCM';
  return userPin ? '' : ': its user has no PIN yet';
}

/** The other modules there are. */
function Others({ status, state: { choose, tokens } }: { status: ModuleStatus; state: TokenModuleState }) {
  return (
    <Group gap="xs">
      {status.installed
        .filter((file) => file !== status.path)
        .map((file) => (
          <Button
            key={file}
            size="xs"
            variant="default"
            disabled={choose.busy}
            title={file}
            onClick={() => void choose.run(file)}
          >
            Use {file.split(/[\\/]/).at(-1)}
          </Button>
        ))}
      <Button size="xs" variant="default" loading={choose.busy} onClick={() => void choose.run(undefined)}>
        Choose a file…
      </Button>
      {status.path === undefined ? null : (
        <>
          <Button size="xs" variant="default" loading={tokens.loading} onClick={tokens.reload}>
            Look for tokens again
          </Button>
          <Button size="xs" variant="subtle" disabled={choose.busy} onClick={() => void choose.run(null)}>
            Use none
          </Button>
        </>
      )}
    </Group>
  );
}
