/** What Coffer needs of a desktop. Two implementations: Electron, and an installed Chromium. Keep both thin. */
export interface Shell {
  readonly name: 'electron' | 'chromium';
  /** Opens the window; resolves when it shows the application. */
  open(options: ShellOptions): Promise<void>;
  /** Sends an event to the renderer; dropped when there is no window. */
  send(name: string, payload: string): void;
  /** Lets the person pick files or one folder; an empty list when they cancelled. */
  pick(kind: 'files' | 'folder', title: string): Promise<string[]>;
  /**
   * Lets the person pick one file in a dialog that the page has no hand in. Resolves to null when they cancelled, to undefined
   * when there is no such dialog here.
   */
  pickFile(title: string): Promise<string | null | undefined>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<void>;
  /** Moves a file or folder to the system's trash; not there where Coffer cannot. @throws CofferError when it stays. */
  readonly trash?: ((path: string) => Promise<void>) | undefined;
  /** Begins a drag of a file or folder to other programs, where the window can. */
  readonly drag?: (path: string) => Promise<void>;
  /** Shows how things stand outside of the window: taskbar or dock, tray, menus. Absent where there is no way to. */
  readonly show?: (standing: Standing) => void;
  /** Gives a notice of the desktop's own. Absent where there is no way to. */
  readonly notify?: (notice: DesktopNotice) => void;
  /** Whether the person has the window before them; absent where that is not known. */
  readonly focused?: () => boolean;
  /** Starts a module of the build in a process of its own, where that takes another way than Node's. */
  readonly startHelper?: (module: URL, args: readonly string[]) => Helper;
  /** What starts Coffer with files, before their names, so that the window that is open gets them. Absent where it would not. */
  readonly opener?: readonly string[];
  /** Closes the window and everything the shell started. */
  close(): Promise<void>;
}

/** How the vault and its jobs stand. */
export interface Standing {
  readonly open: boolean;
  /** Jobs that wait, run or are paused. */
  readonly jobs: number;
  /** How far the work under way is: `fraction` from 0 to 1, null while that is not known. */
  readonly progress: { readonly fraction: number | null; readonly failed: boolean } | null;
}

export interface DesktopNotice {
  readonly title: string;
  readonly body: string;
  /** The command that a click on it runs, once the window is before the person. */
  readonly goTo: string;
}

/** A process that takes and gives messages. */
export interface Helper {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Once, however it ended. */
  onExit(listener: () => void): void;
  kill(): void;
}

export interface ShellOptions {
  readonly rendererDir: string;
  readonly preloadDir: string;
  /** Where the shell may keep its own state (a browser profile, window bounds); never anything of the vault's. */
  readonly stateDir: string;
  /** Answers one contract call: wire text in, wire text out. */
  readonly handle: (name: string, payload: string) => Promise<string>;
  /** The computer is about to sleep, or the screen was locked. */
  readonly onSuspend: () => void;
  /** The person closed the window. */
  readonly onClosed: () => void;
  /** The person wants the vault locked, by something outside of the window. */
  readonly onLock: () => void;
  /** The person has come back to the window. */
  readonly onFocus: () => void;
  /** The desktop or a command line names files to open: absolute paths. */
  readonly onOpen: (paths: readonly string[]) => void;
}
