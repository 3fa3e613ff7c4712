import { Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect } from 'react';
import { Logo, Mark } from '../components/Logo.tsx';
import { useGlobalDrop, useOpenedFiles } from '../features/files/index.ts';
import { RandomBytes } from '../features/keys/index.ts';
import { Palette } from '../features/palette/index.ts';
import { ActingBar, MfaPrompt } from '../features/people/index.ts';
import { invoke } from '../lib/api.ts';
import { useRem } from '../lib/appearance.ts';
import { navigate, useRoute } from '../lib/route.ts';
import type { OpenStatus } from '../lib/session.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import classes from './frame.module.css';
import { Notices } from './Notices.tsx';
import { places, screenFor } from './routes.tsx';
import { TopBar } from './TopBar.tsx';
import { useFrameCommands } from './use-frame-commands.ts';
import { useVaultCommands } from './use-vault-commands.ts';

/** The window around every screen of an open vault. */
export function Frame({ status }: { status: OpenStatus }) {
  const route = useRoute();
  const { ref, width } = useElementSize<HTMLDivElement>();
  // As in frame.module.css: then the rail shows icons only.
  const iconsOnly = width <= 52 * useRem();
  useFrameCommands();
  useVaultCommands(status);
  useGlobalDrop();
  useOpenedFiles();
  useEffect(() => {
    if (route.path === '/') navigate(status.place ?? '/keys', { replace: true });
    // That it is not remembered is not worth a word.
    else invoke('app.at', { path: route.path.split('?', 1)[0] ?? '' }).catch(() => undefined);
  }, [route.path, status.place]);
  const here = places.find((place) => place.screens.includes(route.screen));
  useEffect(() => {
    document.title = here ? `${here.title} · ${status.name} · Coffer` : `${status.name} · Coffer`;
  }, [here, status.name]);
  return (
    <div className={classes.root} ref={ref}>
      <div className={classes.grid}>
        <button type="button" className={classes.skip} onClick={() => document.getElementById('main')?.focus()}>
          Skip to the content
        </button>
        <header className={classes.head}>
          <div className={classes.brand}>
            <span className={classes.whenWide}>
              <Logo size={24} />
            </span>
            <span className={classes.whenNarrow}>
              <Mark size={24} />
            </span>
          </div>
          <TopBar status={status} />
        </header>
        <nav className={classes.rail} aria-label="Screens">
          <ul>
            {places.map(({ path, title, icon: Icon, screens }) => {
              const current = screens.includes(route.screen);
              return (
                <li key={path} data-last={path === '/settings' || undefined}>
                  <Tooltip
                    label={title}
                    position="right"
                    events={{ hover: true, focus: true, touch: false }}
                    openDelay={500}
                    disabled={!iconsOnly}
                  >
                    <a
                      className={classes.place}
                      href={`#${path}`}
                      aria-label={title}
                      aria-current={current ? 'page' : undefined}
                    >
                      <Icon size={20} stroke={1.7} aria-hidden />
                      <span className={classes.placeTitle}>{title}</span>
                    </a>
                  </Tooltip>
                </li>
              );
            })}
          </ul>
        </nav>
        <main id="main" className={classes.main} tabIndex={-1}>
          <ActingBar />
          <Notices status={status} />
          <div className={classes.screen}>
            <ErrorBoundary key={`${route.screen} ${route.keyId ?? ''}`}>{screenFor(route)}</ErrorBoundary>
          </div>
        </main>
      </div>
      <Palette />
      <RandomBytes />
      <MfaPrompt />
    </div>
  );
}
