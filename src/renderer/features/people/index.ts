export { ActingAs } from './ActingAs.tsx';
export { ActingBar } from './ActingBar.tsx';
export { MfaPrompt } from './MfaPrompt.tsx';
export { PeopleTab } from './PeopleTab.tsx';
