import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { cleanCommand } from '../../src/journal/command.ts';
import { broken, tellSafely } from './support/safely.ts';
import { seen, teller, watched, type Watched } from './support/killed.ts';

/** How many kills there are: a few by default, more with KILLS. */
const KILLS = Number(process.env['KILLS'] ?? 4);

/** Stories that between them create, change and configure, nested and in order; and what the next run tells. */
const STORIES = [
  { product: 'pingone', story: 'pingone/policy', next: 'pingone/policy' },
  { product: 'pingidm', story: 'pingidm/progressive-profile', next: 'pingidm/profile-forms' },
  { product: 'pingone', story: 'pingone/progressive-profiling-environment', next: 'pingone/policy' },
  { product: 'pingone', story: 'pingone/default-policy', next: 'pingone/policy' },
];

interface Kill {
  product: string;
  story: string;
  next: string;
  /** The request at which the process is killed. */
  at: number;
  moment: 'before' | 'after';
  signal: 'SIGKILL' | 'SIGTERM';
  /** Who cleans up. */
  by: 'clean' | 'the next run';
}

const journals = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.jsonl'));

/** Each kind of kill in turn, at requests that are spread over the story. */
function killsOf(story: (typeof STORIES)[number], requests: number, count: number): Kill[] {
  return Array.from({ length: count }, (_, index) => ({
    ...story,
    at: 1 + Math.floor(((index + 0.5) * requests) / count),
    moment: index % 4 < 2 ? 'after' : 'before',
    signal: index % 2 === 0 ? 'SIGKILL' : 'SIGTERM',
    by: index % 3 === 0 ? 'the next run' : 'clean',
  }));
}

/** Kills a process that tells a story, lets it be cleaned up, and says what went wrong. */
async function survive(kill: Kill, world: Watched, folder: string): Promise<string[]> {
  const child = teller(folder, kill.product, kill.story, world.environment);
  world.shutAt(kill.at, kill.moment, () => child.kill(kill.signal));
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  world.shutAt(Infinity, kill.moment, () => undefined);
  const problems: string[] = signal === kill.signal ? [] : [`it was not killed, but ended with ${String(signal)}`];
  if (kill.by === 'the next run')
    return [...problems, ...broken(await tellSafely(kill.next, kill.product, world.environment, folder))];
  const said: string[] = [];
  const code = await cleanCommand([], (text) => said.push(text), world.environment, folder);
  return [...problems, ...(code === 0 ? [] : said)];
}

test.describe.configure({ mode: 'parallel' });

for (const [index, one] of STORIES.entries())
  test(`a kill at any request of ${one.story} leaves nothing after the next run or clean`, async () => {
    const count = Math.floor((KILLS + index) / STORIES.length);
    test.setTimeout(60_000 + count * 20_000);
    const folder = mkdtempSync(path.join(tmpdir(), 'journal-'));
    const world = await watched(one.product);
    const before = await seen(one.product, world);
    expect(broken(await tellSafely(one.story, one.product, world.environment, folder))).toEqual([]);
    for (const kill of killsOf(one, world.count(), count)) {
      const problems = await survive(kill, world, folder);
      const after = await seen(one.product, world);
      expect({ kill, problems, after, journals: journals(folder) }).toEqual({
        kill,
        problems: [],
        after: before,
        journals: [],
      });
    }
    await world.close();
  });
