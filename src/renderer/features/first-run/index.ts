export { FirstRun } from './FirstRun.tsx';
export { useFirstRun } from './flow.ts';
