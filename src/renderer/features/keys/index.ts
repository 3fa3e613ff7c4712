export { KeyScreen } from './KeyScreen.tsx';
export { KeysScreen } from './KeysScreen.tsx';
export { useKeys } from './keys-store.ts';
export { keyName } from './model.ts';
export { KeyStoresScreen } from './stores/KeyStoresScreen.tsx';
