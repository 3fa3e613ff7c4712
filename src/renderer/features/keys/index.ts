export { KeyScreen } from './KeyScreen.tsx';
export { KeySelect } from './KeySelect.tsx';
export { KeysScreen } from './KeysScreen.tsx';
export { allKeys, useKeys } from './keys-store.ts';
export { type KeyRow, keyName } from './model.ts';
export { KeyStoresScreen } from './stores/KeyStoresScreen.tsx';
