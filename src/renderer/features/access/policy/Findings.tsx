import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import type { PolicyFinding } from '../../../../shared/contract/policies.ts';
import { formatNumber } from '../../../lib/format.ts';
import classes from './policy.module.css';

interface Props {
  readonly findings: readonly PolicyFinding[];
  readonly label: string;
  readonly onFix: (finding: PolicyFinding) => void;
  /** Goes to the place in the text. */
  readonly onShow?: ((finding: PolicyFinding) => void) | undefined;
}

/** More than anybody reads at once. */
const SHOWN_MAX = 50;

/** What is wrong with a policy, with what mends it. */
export function Findings({ findings, label, onFix, onShow }: Props) {
  if (findings.length === 0) return null;
  return (
    <ul className={classes.findings} aria-label={label}>
      {findings.slice(0, SHOWN_MAX).map((finding, index) => {
        const Icon = finding.severity === 'error' ? IconCircleX : IconAlertTriangle;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings have no identity; the list is made anew each time
          <li key={index} className={classes.finding}>
            <Icon size={16} data-severity={finding.severity} aria-hidden />
            <Text size="sm" className={classes.say}>
              <b>{finding.severity === 'error' ? 'Error' : 'Warning'}:</b> {finding.message}
            </Text>
            <Group gap={4} wrap="nowrap">
              {onShow ? (
                <Button size="compact-xs" variant="subtle" onClick={() => onShow(finding)}>
                  Show
                </Button>
              ) : null}
              {finding.fix ? (
                <Button size="compact-xs" variant="light" title={finding.fix.title} onClick={() => onFix(finding)}>
                  <Text span inherit truncate="end" maw="13rem">
                    {finding.fix.title}
                  </Text>
                </Button>
              ) : null}
            </Group>
          </li>
        );
      })}
      {findings.length > SHOWN_MAX ? (
        <li>
          <Text size="sm" c="dimmed">
            And {formatNumber(findings.length - SHOWN_MAX)} more.
          </Text>
        </li>
      ) : null}
    </ul>
  );
}
