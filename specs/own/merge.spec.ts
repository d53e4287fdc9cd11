import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { untold } from '../../src/report/told.ts';
import { FORMATS } from '../../src/report/write.ts';
import { storyOf } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { ROOT } from '../../src/yaml.ts';

const TARGET = 'merged-codes';

function playwright(words: string[]): number | null {
  const cli = path.join(ROOT, 'node_modules/@playwright/test/cli.js');
  return spawnSync(process.execPath, [cli, ...words], { cwd: ROOT, env: { PATH: process.env['PATH'] } }).status;
}

/** The exit code of the merged report of a run with one test. */
function merged(name: string, body: string, settings = ''): number | null {
  const folder = test.info().outputPath(name);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string): void => {
    writeFileSync(test.info().outputPath(name, file), text);
  };
  write('playwright.config.ts', `export default { ${settings} reporter: [['blob', { outputDir: 'blob' }]] };`);
  write('one.spec.ts', `import { test } from '@playwright/test';\ntest('one', async ({}, info) => { ${body} });`);
  playwright(['test', '--config', folder, '--output', test.info().outputPath(name, 'out')]);
  return playwright(['merge-reports', '--reporter', path.join(ROOT, 'src/reporter.ts'), path.join(folder, 'blob')]);
}

test('merged shards end with the exit code of the whole, also where it is partial or did not end', async () => {
  const target = await openTarget('reference', {}, { product: 'pingone', version: 'v1' });
  const story = storyOf('pingone/token');
  const skipped = { reason: 'it was left out', partial: true };
  const result = { ...untold(story, 'v1', target), target: TARGET, skipped };
  await target.close();
  const attach = `await info.attach('conformance', { body: ${JSON.stringify(JSON.stringify(result))} });`;
  expect(merged('partial', attach)).toBe(4);
  expect(merged('late', 'await new Promise(() => undefined);', 'globalTimeout: 500,')).toBe(1);
  for (const end of ['json', ...Object.keys(FORMATS)])
    rmSync(path.join(ROOT, `conformance-report/${TARGET}.${end}`), { force: true });
});
