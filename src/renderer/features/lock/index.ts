export { ChooseForm } from './ChooseForm.tsx';
export { LockScreen } from './LockScreen.tsx';
export { lockAndRestore, lockVault } from './lock-vault.ts';
export { RestoreForm } from './RestoreForm.tsx';
