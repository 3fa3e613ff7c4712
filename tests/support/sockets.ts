import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux only: what /proc says of a process and everything it started. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name in brackets may hold anything: what follows the last bracket is the state and the parent.
    const stat = unlessGone(() => readFileSync(`/proc/${name}/stat`, 'utf8'), '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** Inode → "tcp 127.0.0.1:80", for sockets that wait for somebody: TCP in LISTEN (0A), UDP without a peer (07). */
function openSockets(): Map<string, string> {
  const open = new Map<string, string>();
  for (const [table, waiting] of [
    ['tcp', '0A'],
    ['tcp6', '0A'],
    ['udp', '07'],
    ['udp6', '07'],
  ] as const) {
    for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === waiting && local && inode) open.set(inode, `${table} ${local}`);
    }
  }
  return open;
}

/** What `read` gives, or a stand-in: processes end and descriptors close while they are looked at. */
function unlessGone<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** The TCP and UDP ports on which a process of the tree below `root` can be reached. */
export function listeningSockets(root: number): string[] {
  const open = openSockets();
  return processTree(root).flatMap((pid) =>
    unlessGone(() => readdirSync(`/proc/${pid}/fd`), []).flatMap((fd) => {
      const target = unlessGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '');
      const socket = open.get(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '');
      return socket ? [`${pid}: ${socket}`] : [];
    }),
  );
}

/** The command line of a process, or '' when it has ended. */
export function commandLine(pid: number): string {
  return unlessGone(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '), '');
}
