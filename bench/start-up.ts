import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../src/yaml.ts';
import { median, type Row } from './table.ts';

const CLI = createRequire(import.meta.url).resolve('@playwright/test/cli');
/** A result as the list reporter writes it. */
const RESULT = /^ +(✓|✘|ok|x|-) +1 /m;

/** Milliseconds from the command to its first result, and to its end. */
interface Run {
  first: number;
  whole: number;
}

/** From the command to the first result of a run, beside a run that judges nothing. */
export async function startUp(rounds: number, whole: boolean): Promise<Row[]> {
  const runs = { empty: [] as Run[], judging: [] as Run[] };
  for (let round = 0; round < rounds; round++) {
    runs.empty.push(await run(['--config', 'bench/empty'], false));
    runs.judging.push(await run(['--project', 'reference'], whole));
  }
  const seconds = (list: Run[], key: keyof Run): number => median(list.map((one) => one[key])) / 1000;
  const first = seconds(runs.judging, 'first');
  const nothing = seconds(runs.empty, 'first');
  const row = (what: string, figure: number, more: Partial<Row> = {}): Row => ({
    measure: 'start-up',
    what,
    figure,
    unit: 's',
    ...more,
  });
  return [
    row('an empty run to its first result', nothing),
    row('a run to its first result', first, {
      ratio: first / nothing,
      to: 'an empty run',
      aim: { of: 'figure', under: 2 },
    }),
    ...(whole ? [row('a run as a whole', seconds(runs.judging, 'whole'))] : []),
  ];
}

/** Runs Playwright; ended after the first result if the whole is not asked for. */
async function run(words: string[], whole: boolean): Promise<Run> {
  const output = mkdtempSync(path.join(tmpdir(), 'start-up-'));
  // A run within a run: what a worker of Playwright is told is not for this one.
  const env = Object.entries(process.env).filter(
    ([name]) => !/^(TEST_|PW|PLAYWRIGHT_|TARGET$|NODE_OPTIONS$)/.test(name),
  );
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, 'test', '--reporter=list', '--output', output, ...words], {
    cwd: ROOT,
    env: { ...Object.fromEntries(env), CONFORMANCE_IGNORE_ENVIRONMENT: 'true', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let first: number | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (first !== undefined || !RESULT.test(printed)) return;
      first = performance.now() - started;
      if (!whole) child.kill('SIGINT');
    });
  try {
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  if (first === undefined) throw new Error(`Playwright gave no result:\n${printed}`);
  return { first, whole: performance.now() - started };
}
