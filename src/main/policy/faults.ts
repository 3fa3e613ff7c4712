import type { z } from 'zod';
import { operatorNames } from '../../shared/iam/condition-operators.ts';
import { principalKinds, statementElements } from '../../shared/iam/elements.ts';
import { listOf, type PolicyDocument, type Principals } from '../../shared/iam/policy-document.ts';
import { type Fix, nearest, type Path } from './lint-findings.ts';
import { accountOf, isPrincipalArn, isServicePrincipal } from './principals.ts';

/** What makes JSON no policy, and where. */
export interface Fault {
  readonly path: Path;
  readonly says: string;
  readonly fix?: Fix;
}

const elements = ['Version', 'Id', 'Statement', ...statementElements, ...principalKinds];

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, step) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[step],
    value,
  );

/** The fix that calls a member by another name and leaves it where it is. */
function renaming(document: unknown, path: Path, name: string, instead: string | undefined): Pick<Fault, 'fix'> {
  const members = at(document, path) as Readonly<Record<string, unknown>>;
  if (instead === undefined || instead in members) return {};
  const value = Object.fromEntries(Object.entries(members).map(([key, each]) => [key === name ? instead : key, each]));
  return { fix: { title: `Use ${instead}`, path, value } };
}

const needs: Readonly<Record<string, string>> = {
  array: 'a list is needed here',
  object: 'an object is needed here',
  record: 'an object is needed here',
  string: 'a text is needed here',
};

/** The operator that was probably meant; what stands in front of its name and behind it is kept. */
function nearestOperator(text: string): string | undefined {
  const [, set = '', name = '', ifExists = ''] = /^([^:]*:)?(.*?)(IfExists)?$/i.exec(text) ?? [];
  const found = nearest(name, operatorNames);
  const kept = /^(ForAllValues|ForAnyValue):$/.test(set) ? set : '';
  return found && `${kept}${found}${found === 'Null' || ifExists === '' ? '' : 'IfExists'}`;
}

function faultsOf(document: unknown, issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path as Path;
  const last = String(path.at(-1));
  const isMissing = path.length > 0 && at(document, path) === undefined;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => ({
      path: [...path, name],
      says: `there is no element ${name} here`,
      ...renaming(document, path, name, nearest(name, elements)),
    }));
  if (issue.code === 'invalid_key')
    return [
      {
        path,
        says: issue.issues[0]?.message ?? issue.message,
        ...renaming(document, path.slice(0, -1), last, nearestOperator(last)),
      },
    ];
  if (isMissing) return [{ path, says: `${last} is missing` }];
  if (issue.code === 'invalid_value') {
    const names = issue.values.map(String);
    const value = nearest(String(at(document, path)), names);
    const fix = value === undefined ? {} : { fix: { title: `Use ${value}`, path, value } };
    return [{ path, says: `it must be ${names.join(' or ')}`, ...fix }];
  }
  if (issue.code === 'invalid_union')
    return [
      {
        path,
        says: last.endsWith('Principal')
          ? 'it must be "*" or an object of AWS, Service, Federated and CanonicalUser, each a text or a list of texts'
          : 'a text or a list of texts is needed here',
      },
    ];
  if (issue.code === 'invalid_type') return [{ path, says: needs[issue.expected] ?? issue.message }];
  if (issue.code === 'too_small') return [{ path, says: 'at least one is needed' }];
  return [{ path, says: issue.message }];
}

/** What the shape of a policy has against a value. */
export const shapeFaults = (document: unknown, { issues }: z.ZodError): Fault[] =>
  issues.flatMap((issue) => faultsOf(document, issue));

const isKnownAs = (kind: 'AWS' | 'Service', name: string) =>
  kind === 'Service' ? isServicePrincipal(name) : name === '*' || accountOf(name) !== undefined || isPrincipalArn(name);

/** Of a Principal element: which of its names are of no form there is. */
function invalidNames(principals: Principals | undefined, at: Path): Fault[] {
  if (principals === undefined || principals === '*') return [];
  return (['AWS', 'Service'] as const).flatMap((kind) => {
    const names = principals[kind];
    return listOf<string>(names).flatMap((name, index) =>
      isKnownAs(kind, name)
        ? []
        : [{ path: [...at, kind, ...(Array.isArray(names) ? [index] : [])], says: `${name} is no principal` }],
    );
  });
}

export const principalFaults = ({ Statement }: PolicyDocument): Fault[] =>
  Statement.flatMap((statement, index) =>
    (['Principal', 'NotPrincipal'] as const).flatMap((element) =>
      invalidNames(statement[element], ['Statement', index, element]),
    ),
  );
