/**
 * Processes of a test run: those of its group, and detached ones (PostgreSQL, browsers) with its folder in their
 * arguments.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A running process; zombies are left out. */
type Process = { readonly pid: number; readonly group: number; readonly args: string };

const LOOK_EVERY_MS = 20;
const KILLED_MS = 30_000; // a busy machine takes a while to remove what was killed

/** Ends a process group: SIGTERM, then SIGKILL after `timeoutMs`. */
export const endGroup = (group: number, timeoutMs: number): Promise<void> =>
  end(() => listProcesses().filter((process) => process.group === group), ['SIGTERM', 'SIGKILL'], timeoutMs);

/** Ends the processes with `text` in their arguments, with SIGQUIT, PostgreSQL's immediate shutdown. */
export const endNaming = (text: string, timeoutMs: number): Promise<void> =>
  end(() => processesNaming(text), ['SIGQUIT', 'SIGKILL'], timeoutMs);

/** The other processes with `text` in their arguments. */
export const processesNaming = (text: string): Process[] =>
  listProcesses().filter(({ pid, args }) => pid !== process.pid && args.includes(text));

async function end(find: () => Process[], signals: NodeJS.Signals[], timeoutMs: number): Promise<void> {
  for (const signal of signals) {
    for (const { pid } of find()) send(pid, signal);
    const waitMs = signal === 'SIGKILL' ? KILLED_MS : timeoutMs;
    for (const deadline = Date.now() + waitMs; Date.now() < deadline; await pause(LOOK_EVERY_MS))
      if (find().length === 0) return;
  }
}

/** Ignores a process that has ended. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function listProcesses(): Process[] {
  if (!existsSync('/proc/self/stat')) return fromPs();
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(fromProc).filter((found) => found !== null);
}

/** Null if the process has ended; proc(5). */
function fromProc(pid: string): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return null;
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid: Number(pid), group: Number(group), args };
  } catch {
    return null;
  }
}

function fromPs(): Process[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,pgid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, group, state, args = ''] = /^ *(\d+) +(\d+) +(\S+) +(\S.*)$/.exec(line) ?? [];
    return pid === undefined || state!.startsWith('Z')
      ? []
      : [{ pid: Number(pid), group: Number(group), args }];
  });
}
