export { FilesScreen } from './FilesScreen.tsx';
export { useGlobalDrop } from './use-global-drop.ts';
export { useOpenedFiles } from './use-opened-files.ts';
export { visibleName } from './visible-name.ts';
