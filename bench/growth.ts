import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readStory, type Story } from '../src/sequence.ts';
import type { Row } from './table.ts';
import { telling, type Told } from './told.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MB = 1024 * 1024;

/** Bytes in use once the garbage is gone. Sockets and timers end a little later than what used them. */
async function heap(): Promise<number> {
  await new Promise((soon) => setTimeout(soon, 50));
  for (let time = 0; time < 3; time++) collect();
  return process.memoryUsage().heapUsed;
}

const peak = (): number => process.resourceUsage().maxRSS / 1024;
const row = (what: string, figure: number, unit: string, more: Partial<Row> = {}): Row => ({
  measure: 'growth',
  what,
  figure,
  unit,
  ...more,
});
const first = (sizes: number[]): string => `${sizes[0] ?? 1} time`;

/** Telling every sequence as often as each size says, in one process: the time and the memory that one takes. */
export async function growthTold(all: Told[], sizes: number[]): Promise<Row[]> {
  const seen: { size: number; ms: number; heap: number; peak: number }[] = [];
  const before = await heap();
  for (const size of sizes) {
    let ms = 0;
    for (let time = 0; time < size; time++) for (const told of all) ms += (await telling(told)).ms;
    seen.push({ size, ms: ms / (size * all.length), heap: await heap(), peak: peak() });
  }
  const [one, last] = [seen[0], seen.at(-1)];
  const rows = seen.flatMap(({ size, ms, heap: used, peak: most }) => {
    const against = (value: number, of: number | undefined, under: number): Partial<Row> =>
      size === sizes[0]
        ? {}
        : { ratio: value / (of ?? value), to: first(sizes), ...(size === sizes.at(-1) ? aim(under) : {}) };
    const what = `${size * all.length} sequences told`;
    return [
      row(`${what}: each`, ms, 'ms', against(ms, one?.ms, 1.5)),
      row(`${what}: heap`, used / MB, 'MB', against(used, one?.heap, 1.1)),
      row(`${what}: peak memory`, most, 'MB', against(most, one?.peak, 2)),
    ];
  });
  const kept = ((last?.heap ?? 0) - (one?.heap ?? before)) / ((last?.size ?? 1) * all.length) / 1024;
  return [...rows, row('heap that each sequence told leaves', kept, 'kB', { aim: { of: 'figure', under: 1 } })];
}

function aim(under: number): Pick<Row, 'aim'> {
  return { aim: { of: 'ratio', under } };
}

/** Reading (parsing and checking) copies of every sequence's file; what is read is kept, as a run keeps it. */
export async function growthRead(all: Told[], sizes: number[]): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sequences-'));
  const files = [...new Set(all.map(({ story }) => story.yaml.file))];
  const rows: Row[] = [];
  const each: { ms: number; bytes: number }[] = [];
  try {
    for (const size of sizes) {
      const copies = files.flatMap((file, index) =>
        Array.from({ length: size }, (_, time) => {
          const copy = path.join(folder, `${size}-${time}`, String(index), path.basename(file));
          mkdirSync(path.dirname(copy), { recursive: true });
          copyFileSync(file, copy);
          return copy;
        }),
      );
      const before = await heap();
      const started = performance.now();
      const read: Story[] = copies.map((copy) => readStory(copy));
      const ms = (performance.now() - started) / read.length;
      const bytes = ((await heap()) - before) / read.length;
      each.push({ ms, bytes });
      const last = size === sizes.at(-1) ? aim(1.5) : {};
      const more = (value: number, of: number | undefined): Partial<Row> =>
        size === sizes[0] ? {} : { ratio: value / (of ?? value), to: first(sizes), ...last };
      rows.push(
        row(`${read.length} files read: each`, ms, 'ms', more(ms, each[0]?.ms)),
        row(`${read.length} files read: heap of each`, bytes / 1024, 'kB', more(bytes, each[0]?.bytes)),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}
