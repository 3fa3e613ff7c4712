import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/main/policy/document.ts';
import { lintPolicy } from '../../../src/main/policy/lint.ts';
import { isPromised } from '../../../src/main/policy/lockout.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { formatPolicy } from '../../../src/shared/iam/policy-document.ts';
import {
  answerProblem,
  fromTemplate,
  policyTemplates,
  type TemplateAnswers,
} from '../../../src/shared/iam/policy-templates.ts';
import { keySpecs } from '../../../src/shared/kms/enums.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { ACCOUNT, KEY, REGION } from './cases.ts';

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const answers: TemplateAnswers = {
  accountId: ACCOUNT,
  region: REGION,
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  administrators: [`arn:aws:iam::${ACCOUNT}:role/Keeper`],
  users: [`arn:aws:iam::${ACCOUNT}:user/ann`, `arn:aws:iam::${ACCOUNT}:user/bob`],
  account: '444455556666',
  service: 's3',
  contextName: 'app',
  contextValue: 'payroll',
};

describe.each(policyTemplates.map((template) => [template.name, template] as const))(
  'the template %s',
  (_, template) => {
    it('is a policy without findings that its account can change, for every kind of key it is for', () => {
      for (const keySpec of keySpecs) {
        if (template.symmetricOnly && keySpec !== 'SYMMETRIC_DEFAULT') continue;
        for (const keyUsage of specs[keySpec].usages) {
          const text = formatPolicy(fromTemplate(template, { ...answers, keySpec, keyUsage }));
          const found = lintPolicy(text, { type: 'resource', arn: KEY, accountId: ACCOUNT, exists: () => true });
          expect([keySpec, keyUsage, found]).toEqual([keySpec, keyUsage, []]);
          const caller = { principalArn: ROOT, accountId: ACCOUNT };
          expect(isPromised(parsePolicy(text), caller, 'kms:PutKeyPolicy', KEY)).toBe(true);
        }
      }
    });

    it('says in one sentence what it is for, and what is missing', () => {
      expect(template.line).toMatch(/^[A-Z].+[a-zA-Z]\.$/);
      for (const field of template.fields) {
        expect(answerProblem(field, answers)).toBeNull();
        const none = { ...answers, [field.name]: Array.isArray(answers[field.name]) ? [] : '' };
        expect(answerProblem(field, none)).toContain('needed');
      }
    });
  },
);

it('the default one is what keys get', () => {
  const [template] = policyTemplates;
  expect(template && formatPolicy(fromTemplate(template, answers))).toBe(defaultKeyPolicy(ACCOUNT));
  const field = { name: 'account', label: 'Account', line: '' } as const;
  expect(answerProblem(field, { ...answers, account: '1' })).toContain('12 digits');
  expect(answerProblem({ ...field, name: 'service' }, { ...answers, service: 'S3!' })).toContain('named as');
});
