import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { runOf } from '../../src/report/run.ts';
import { FORMATS } from '../../src/report/write.ts';
import { ROOT } from '../../src/yaml.ts';
import { toldOfReference } from './support/documents.ts';
import { JUDGING } from './support/templates.ts';

const CLI = path.join(ROOT, 'node_modules/@playwright/test/cli.js');
const TARGET = 'merged-shards';
/** What holds the times and addresses of a run, and so is never the same twice. */
const OF_ONE_RUN = ['html', 'har', 'ctrf.json', 'latency.json'];

function playwright(words: string[], variables: Record<string, string> = {}): string {
  const env = { PATH: process.env['PATH'], TARGET: `${TARGET}=reference`, PROVE: 'none', ...variables };
  return execFileSync(process.execPath, [CLI, ...words], { cwd: ROOT, env, encoding: 'utf8' });
}

test('the shards of a run merge into one report, the same bytes as of a run in one', async () => {
  test.setTimeout(240_000);
  const told = [
    ...(await toldOfReference('pingone', 'v1', {}, ['pingone/token-errors'])),
    ...(await toldOfReference('pingidm', '7.5', {}, ['pingidm/terms'])),
    ...(await toldOfReference('pingidm', '7.3.1', {}, ['pingidm/terms'])),
  ];
  for (const { result } of told) result.target = TARGET;
  const titles = [...new Set(told.map(({ result }) => result.title))].join('|');
  const zips = test.info().outputPath('blobs');
  // The commands of the templates in ci/, of a part of the suite and elsewhere.
  const [merge = [], ...shards] = JUDGING.map((command) => command.split(' ').slice(2)).reverse();
  for (const words of shards.reverse()) {
    playwright([...words, '-g', titles, '--output', test.info().outputPath('of-shards')], {
      PLAYWRIGHT_BLOB_OUTPUT_DIR: test.info().outputPath('blob'),
    });
    // The next shard begins by emptying its folder; elsewhere it has a machine of its own.
    cpSync(test.info().outputPath('blob'), zips, { recursive: true });
  }
  expect(playwright([...merge.slice(0, -1), zips])).toContain('conforms');
  const run = runOf(told, []);
  const merged = (end: string): string => readFileSync(path.join(ROOT, `conformance-report/${TARGET}.${end}`), 'utf8');
  const { digest: _, ...document } = JSON.parse(merged('json')) as { digest: string };
  expect(JSON.stringify(document) === JSON.stringify(run.document)).toBe(true);
  for (const [end, made] of Object.entries(FORMATS).filter(([name]) => !OF_ONE_RUN.includes(name)))
    expect(merged(end) === made(run), end).toBe(true);
  const entries = (har: string): string[] =>
    (JSON.parse(har) as { log: { entries: { comment: string }[] } }).log.entries.map((one) => one.comment).sort();
  expect(entries(merged('har'))).toEqual(entries(FORMATS['har']?.(run) ?? ''));
  for (const end of ['json', ...Object.keys(FORMATS)])
    rmSync(path.join(ROOT, `conformance-report/${TARGET}.${end}`), { force: true });
});
