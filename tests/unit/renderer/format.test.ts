import { expect, it } from 'vitest';
import { groupKeys, type KeyRow } from '../../../src/renderer/features/keys/model.ts';
import { formatRelative } from '../../../src/renderer/lib/format.ts';
import { toCli, toSdk } from '../../../src/renderer/lib/show-as.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;

it.each([
  [0, 'just now'],
  [-59_000, 'just now'],
  // Read by another clock a moment later.
  [20_000, 'just now'],
  [40_000, 'in a moment'],
  [-61_000, '1 minute ago'],
  [-90 * 60_000, '1 hour ago'],
  [-30 * 3_600_000, '1 day ago'],
  [30 * DAY, 'in 30 days'],
  // A year that began a second ago is not 11 months.
  [365 * DAY - 1000, 'in 1 year'],
  [-400 * DAY, '1 year ago'],
])('a time %i ms away is said as "%s"', (away, says) => {
  expect(formatRelative(NOW + away, NOW)).toBe(says);
});

it("names the service whose command it is, and quotes for the shell and the SDK's language", () => {
  const input = { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: "it's" }] };
  const calls = [{ operation: 'LookupEvents', input, service: 'cloudtrail' as const }];
  expect(toCli(calls, { region: 'eu-north-1' })).toBe(
    [
      'aws cloudtrail lookup-events',
      `--lookup-attributes '[{"AttributeKey":"ResourceName","AttributeValue":"it'\\''s"}]'`,
      '--region eu-north-1',
    ].join(' \\\n  '),
  );
  const sdk = toSdk(calls, { region: 'eu-north-1' });
  expect(sdk).toContain(`import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';`);
  expect(sdk).toContain(`AttributeValue: 'it\\'s',`);
});

it('groups keys without changing their order', () => {
  const row = (KeyId: string, KeyState: KeyRow['KeyState']) => ({ KeyId, KeyState }) as KeyRow;
  const rows = [row('1', 'Enabled'), row('2', 'Disabled'), row('3', 'Enabled')];
  expect(groupKeys(rows, 'state')).toEqual([
    { title: 'Disabled', keys: [rows[1]] },
    { title: 'Enabled', keys: [rows[0], rows[2]] },
  ]);
});
