import { trustActions } from '../../shared/iam/people-actions.ts';
import { listOf } from '../../shared/iam/policy-document.ts';
import { type Finding, type Fix, type Path, type Place, pathOfValue } from './lint-findings.ts';

/** What IAM takes in no trust policy: resources, all actions but some, and actions of other services than STS. */
export function lintTrust({ statement, index, options }: Place): Finding[] {
  if (options.type !== 'trust') return [];
  const at: Path = ['Statement', index];
  const refused = (path: Path, message: string, fix?: Fix): Finding => ({
    rule: 'malformed',
    severity: 'error',
    statement: index,
    path,
    message,
    ...(fix && { fix }),
  });
  const resources = (['Resource', 'NotResource'] as const)
    .filter((name) => statement[name] !== undefined)
    .map((name) => {
      const path = [...at, name];
      return refused(path, 'A trust policy names no resource: it is about its role.', {
        title: `Remove ${name}`,
        path,
      });
    });
  const negated =
    statement.NotAction === undefined ? [] : [refused([...at, 'NotAction'], 'A trust policy names its actions.')];
  const others = listOf<string>(statement.Action).flatMap((text, place) => {
    if (/^sts:/i.test(text)) return [];
    const path = pathOfValue(index, 'Action', statement.Action, place);
    const [value] = trustActions;
    return [refused(path, `A trust policy speaks of ${value} alone.`, { title: `Use ${value}`, path, value })];
  });
  return [...resources, ...negated, ...others];
}
