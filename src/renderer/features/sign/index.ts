export { SignScreen } from './SignScreen.tsx';
