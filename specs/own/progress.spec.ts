import { expect, test } from '@playwright/test';
import { Progress } from '../../src/report/progress.ts';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { acceptCommand } from '../../src/report/accept.ts';
import { compareCommand } from '../../src/report/compare.ts';
import { updateCheck } from '../../src/report/update-check.ts';
import { KINDS } from '../../src/finding.ts';
import { ROOT } from '../../src/yaml.ts';
import { textOf } from './support/files.ts';

test('a long run says every ten seconds how far it is and what is being judged', async () => {
  const { mock } = await import('node:test');
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  try {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.begin(60);
    progress.told('a login');
    progress.told('a policy', 'it is read');
    mock.timers.tick(9_999);
    expect(lines).toEqual([]);
    mock.timers.tick(1);
    progress.ended('a login');
    mock.timers.tick(10_000);
    progress.end();
    mock.timers.tick(60_000);
    expect(lines).toEqual([
      '  … 0 of 60 told after 10 s; now a login | a policy: it is read',
      '  … 1 of 60 told after 20 s; now a policy: it is read',
    ]);
  } finally {
    mock.timers.reset();
  }
});

/** Options that a command parses, as its source has them. */
function optionsOf(file: string): string[] {
  const parsed = /options: \{(.*?)\n? +(?:allowPositionals|\}\);)/s.exec(textOf(file))?.[1] ?? '';
  return [...parsed.matchAll(/'?([\w-]+)'?: (?:\{|text|list)/g)].map(([, name]) => name ?? '');
}

const COMMANDS = {
  compare: [compareCommand, 'src/report/compare.ts'],
  accept: [acceptCommand, 'src/report/accept.ts'],
  'update-check': [updateCheck, 'src/report/update-check.ts'],
} as const;
for (const [name, [command, file]] of Object.entries(COMMANDS))
  test(`the help of ${name} names each of its options and its exit codes`, () => {
    const told: string[] = [];
    expect(command(['--help'], (text) => told.push(text))).toBe(0);
    const options = optionsOf(file);
    expect(options).toContain('help');
    for (const option of options) expect(told.join(), option).toContain(`--${option}`);
    expect(told.join()).toContain('Exit code: 0');
  });

for (const file of ['src/never-seen.ts', 'src/reference/main.ts'])
  test(`${file} says what it does and what it takes`, () => {
    const tsx = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
    const { status, stdout } = spawnSync(process.execPath, [tsx, file, '--help'], { cwd: ROOT, encoding: 'utf8' });
    expect(status).toBe(0);
    for (const option of optionsOf(file)) expect(stdout, option).toContain(`--${option}`);
    expect(stdout).toContain('--help');
  });

test('the glossary explains every kind of finding with an example, and no other', () => {
  const titles = [...textOf('docs/findings.md').matchAll(/^### (.+)\n([^#]*)/gm)];
  expect(titles.map(([, title]) => title)).toEqual([...KINDS]);
  for (const [, title, text] of titles) expect(text, title).toContain('```text');
});
