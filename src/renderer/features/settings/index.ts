export { SettingsScreen, sections as settingsSections } from './SettingsScreen.tsx';
