export { KeyScreen } from './KeyScreen.tsx';
export { KeysScreen } from './KeysScreen.tsx';
