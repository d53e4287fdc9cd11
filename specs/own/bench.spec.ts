import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Judged } from '../../bench/table.ts';
import { ROOT } from '../../src/yaml.ts';

const MEASURES = ['start-up', 'sending', 'judging', 'growth'];

const bench = async (...words: string[]): Promise<string> => {
  const node = ['--import', 'tsx', 'bench/main.ts', ...words];
  return (await promisify(execFile)(process.execPath, node, { cwd: ROOT })).stdout;
};

test('the bench measures sending, judging, growth and start-up, and writes the same as JSON', async ({}, info) => {
  test.setTimeout(240_000); // a busy machine is no failure
  const file = info.outputPath('bench.json');
  const printed = await bench('--quick', '--json', file);
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Judged[];
  expect([...new Set(rows.map((row) => row.measure))].sort()).toEqual([...MEASURES].sort());
  for (const row of rows) {
    expect(printed).toContain(`${row.measure.padEnd(8)}  ${row.what}`);
    expect(Number.isFinite(row.figure), row.what).toBe(true);
  }
  // What a story or a file leaves behind may be nothing, or less than that.
  const positive = rows.filter((row) => !/heap (that|of) each/.test(row.what));
  expect(positive.filter((row) => row.figure <= 0 || (row.ratio ?? 1) <= 0)).toEqual([]);
  expect(rows.filter((row) => row.aim).map((row) => row.what)).toEqual([
    'a run to its first result',
    'told: each request',
    'whole judgements of answers',
    '2 told: each',
    '2 told: heap that each leaves',
    '2 files read: each',
    '2 files read: heap of each',
  ]);
});

test('the bench explains itself', async () => {
  const help = await bench('--help');
  for (const word of [...MEASURES, '--quick', '--json FILE']) expect(help).toContain(word);
});
