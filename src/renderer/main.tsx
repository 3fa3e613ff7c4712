import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './app/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startAppearance } from './lib/appearance.ts';
import { startSession } from './lib/session.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// The theme is known before the first paint, so that a dark window does not flash white.
await startAppearance();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
await startSession();
