import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { isObject } from '../json.ts';

/** A process that wrote a file. A number alone is given out again; together with the moment of its start it is not. */
export interface Owner {
  host: string;
  pid: number;
  started: string;
}

/** After so many milliseconds without a sign of life a process of another machine is taken for dead. */
const SILENCE = 60_000;

/** This process. */
export function self(): Owner {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) ?? '' };
}

/** Whether a value read from a file names a process. */
export function isOwner(value: unknown): value is Owner {
  return isObject(value) && typeof value['pid'] === 'number' && typeof value['started'] === 'string';
}

/** Whether the process that wrote a file still runs; of one on another machine its sign of life tells, the file's time. */
export function lives(owner: Owner, file: string): boolean {
  if (owner.host !== hostname()) return silentFor(file) < SILENCE;
  return startOf(owner.pid) === owner.started;
}

/** How many milliseconds ago a file was touched; for ever if it is gone. */
export function silentFor(file: string): number {
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return touched === undefined ? Infinity : Date.now() - touched;
}

/** When a process started, as the system says it; undefined when there is no such process (any more). */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return startInProc(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  // Where the system has no ps, a number that was given out again is taken for the old process: nothing is touched then.
  return (
    spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)])
      .stdout?.toString()
      .trim() ?? ''
  );
}

/** The 22nd field of /proc/<pid>/stat (proc(5)); the name before it may hold anything. A process that has ended and is not yet fetched is dead. */
function startInProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /[ZX]/.test(fields[0] ?? '') ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
