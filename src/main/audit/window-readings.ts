import { iamOperations } from '../../shared/iam/operations.ts';
import { isOwnReading, type OperationName, operations } from '../../shared/kms/operations.ts';
import { isOwnUserAgent, ownUserAgentGlob } from '../../shared/user-agents.ts';
import type { Kind } from './columns.ts';

/** Answers a token to import with, which nobody gets by looking at a screen. */
const ASKED_FOR = 'GetParametersForImport';

/**
 * What the window calls to draw itself, and for nothing else: what reads keys, people and the trail. A call with a key's material
 * changes nothing either, but is what somebody asked for.
 */
const drawn: ReadonlySet<string> = new Set(
  [...Object.keys(operations), ...Object.keys(iamOperations)].filter(
    (name) => (/^(Describe|Get|List)/.test(name) && name !== ASKED_FOR) || isOwnReading(name as OperationName),
  ),
);

/** Whether the window made the call to draw itself. */
export const isWindowReading = ({ name, agent, readOnly }: Pick<Kind, 'name' | 'agent' | 'readOnly'>): boolean =>
  readOnly && drawn.has(name) && isOwnUserAgent(agent, 'window');

/** The same of a row of `audit_events`, and what its marks stand for. */
export const WINDOW_READING = `(read_only = 1
  AND caller IN (SELECT id FROM audit_callers WHERE agent GLOB ?)
  AND name IN (SELECT id FROM audit_strings WHERE text IN (${[...drawn].map(() => '?').join(', ')})))`;
export const windowReadingParams: readonly string[] = [ownUserAgentGlob('window'), ...drawn];
