import { spawn } from 'node:child_process';
import { once } from 'node:events';
import koffi from 'koffi';

/** An X server of a test's own, with its pointer: nobody's mouse moves, and no other window covers what the test drags to. */
export interface VirtualScreen {
  /** For `DISPLAY`. */
  readonly display: string;
  /** Moves the pointer to a pixel. */
  move(x: number, y: number): void;
  /** Holds the left button down, or lets it go. */
  button(down: boolean): void;
  stop(): Promise<void>;
}

const LEFT = 1;

/** Starts one. Linux only. */
export async function virtualScreen(): Promise<VirtualScreen> {
  // It ends with its last window, should the test end before it stops it.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp', '-terminate'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  const [number] = (await once(server.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer];
  const display = `:${number.toString('utf8').trim()}`;

  const x11 = koffi.load('libX11.so.6');
  const xtest = koffi.load('libXtst.so.6');
  const connection = x11.func('void *XOpenDisplay(const char *name)')(display);
  const flush = x11.func('int XFlush(void *display)');
  const close = x11.func('int XCloseDisplay(void *display)');
  const motion = xtest.func('int XTestFakeMotionEvent(void *display, int screen, int x, int y, unsigned long delay)');
  const press = xtest.func(
    'int XTestFakeButtonEvent(void *display, unsigned int button, int down, unsigned long delay)',
  );
  if (connection === null) throw new Error(`the X server ${display} cannot be reached`);
  return {
    display,
    move(x, y) {
      motion(connection, 0, Math.round(x), Math.round(y), 0);
      flush(connection);
    },
    button(down) {
      press(connection, LEFT, Number(down), 0);
      flush(connection);
    },
    async stop() {
      close(connection);
      server.kill();
      await ended;
    },
  };
}
