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
  let least = Infinity;
  for (let time = 0; time < 3; time++) {
    await new Promise((soon) => setTimeout(soon, 50));
    collect();
    least = Math.min(least, process.memoryUsage().heapUsed);
  }
  return least;
}

const peak = (): number => process.resourceUsage().maxRSS / 1024;
const row = (what: string, figure: number, unit: string, more: Partial<Row> = {}): Row => ({
  measure: 'growth',
  what,
  figure,
  unit,
  ...more,
});
/** A row at one of the sizes: the first is what the others are compared with, and the last has to stand the comparison. */
function grown(what: string, unit: string, figures: number[], of: (index: number) => string, under?: number): Row[] {
  return figures.map((figure, index) => {
    const compared = index === 0 ? {} : { ratio: figure / (figures[0] ?? figure), to: of(0) };
    const aimed = under !== undefined && index === figures.length - 1;
    return row(`${of(index)}: ${what}`, figure, unit, {
      ...compared,
      ...(aimed ? { aim: { of: 'ratio', under } } : {}),
    });
  });
}

/** Telling every sequence as often as each size says, in one process: the time and the memory that one takes. */
export async function growthTold(all: Told[], sizes: number[]): Promise<Row[]> {
  const each: number[] = [];
  const heaps: number[] = [];
  const peaks: number[] = [];
  for (const size of sizes) {
    let ms = 0;
    for (let time = 0; time < size; time++) for (const told of all) ms += (await telling(told)).ms;
    each.push(ms / (size * all.length));
    heaps.push((await heap()) / MB);
    peaks.push(peak());
  }
  const [before = 0, after = 0] = heaps.slice(-2);
  const kept = ((after - before) * 1024) / ((sizes.at(-1) ?? 1) * all.length);
  const of = (index: number): string => `${(sizes[index] ?? 0) * all.length} told`;
  return [
    ...grown('each', 'ms', each, of, 1.5),
    ...grown('heap', 'MB', heaps, of),
    ...grown('peak memory of the process', 'MB', peaks, of),
    row(`${of(sizes.length - 1)}: heap that each leaves`, kept, 'kB', { aim: { of: 'figure', under: 1 } }),
  ];
}

/** Reading (parsing and checking) copies of every sequence's file; what is read is kept, as a run keeps it. */
export async function growthRead(all: Told[], sizes: number[]): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sequences-'));
  const files = [...new Set(all.map(({ story }) => story.yaml.file))];
  const each: number[] = [];
  const heaps: number[] = [];
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
      each.push((performance.now() - started) / read.length);
      heaps.push(((await heap()) - before) / read.length / 1024);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const of = (index: number): string => `${(sizes[index] ?? 0) * files.length} files read`;
  return [...grown('each', 'ms', each, of, 1.5), ...grown('heap of each', 'kB', heaps, of, 1.5)];
}
