import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test as base } from '@playwright/test';
import { FORMATS } from '../../src/report/write.ts';
import { stories } from '../../src/sequence.ts';
import { targetFiles } from '../../src/target.ts';
import { ROOT } from '../../src/yaml.ts';

const TSX = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
const CLI = path.join(ROOT, 'node_modules/@playwright/test/cli.js');
const { PATH = '' } = process.env;

/** The variables that a reference target in a process of its own prints, as a user would point at it. */
const test = base.extend<{ variables: Record<string, string> }>({
  variables: async ({}, use) => {
    const server: ChildProcess = spawn(process.execPath, [TSX, 'src/reference/main.ts'], { cwd: ROOT, env: { PATH } });
    const variables: Record<string, string> = {};
    let printed = '';
    server.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await once(server.stdout ?? process.stdin, 'data');
    // It prints them all at once, as soon as it listens.
    await sleep(1_000);
    for (const line of printed.trim().split('\n')) {
      const [name = '', ...value] = line.split('=');
      variables[name] = value.join('=');
    }
    await use(variables);
    server.kill();
    await once(server, 'exit');
  },
});

/** A run of one target with these variables. @returns its exit code, and what it says */
async function run(target: string, variables: Record<string, string>): Promise<{ code: unknown; said: string }> {
  const alias = `as-a-user-${target}`;
  const words = [CLI, 'test', '--reporter', './src/reporter.ts', '--output', test.info().outputPath('run')];
  const env = { PATH, PROVE: 'none', ...variables, TARGET: `${alias}=${target}` };
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: ROOT, env, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      for (const end of ['json', ...Object.keys(FORMATS)])
        rmSync(path.join(ROOT, `conformance-report/${alias}.${end}`), { force: true });
      resolve({ code: error?.code ?? 0, said: stdout + stderr });
    });
  });
}

test.describe.configure({ timeout: 300_000 });

for (const [target, prefix, allowed] of [
  ['pingidm', 'PINGIDM_', { PINGIDM_PROVISION: 'true' }],
  ['pingone', 'PINGONE_', {}],
] as const) {
  const only = (variables: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith(prefix)));

  test(`${target}, in a process of its own and with default settings, ends with 0 when all that is judged holds`, async ({
    variables,
  }) => {
    const { code, said } = await run(target, only(variables));
    expect(said).toMatch(/^ {2}Ping\w+: conforms$/m);
    expect(code).toBe(0);
  });

  test(`${target}, asked for each feature that its settings allow, ends with 0`, async ({ variables }) => {
    const lacks = Object.keys(targetFiles()[target]?.value.lacks ?? {});
    const features = [...new Set(stories(target).flatMap(({ sequence }) => sequence.requires))];
    const asked = features.filter((feature) => !lacks.includes(feature)).join(',');
    const { code, said } = await run(target, { ...only(variables), ...allowed, [`${prefix}FEATURES`]: asked });
    expect(said).toMatch(/^ {2}Ping\w+: conforms$/m);
    expect(code).toBe(0);
  });
}
