export { AccessScreen, accessTabs } from './AccessScreen.tsx';
