export { LineDiff } from './LineDiff.tsx';
export { PolicyEditor } from './PolicyEditor.tsx';
export { PolicyView } from './PolicyView.tsx';
export { pretty, statementsOf } from './policy-text.ts';
export { ReviewPolicy } from './ReviewPolicy.tsx';
export { Templates } from './Templates.tsx';
export {
  type LintAnswer,
  type PolicyLint,
  type PolicyOf,
  useKnownPrincipals,
  usePolicyLint,
} from './use-policy-lint.ts';
