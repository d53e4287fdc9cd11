import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Conformance } from '../../src/report/document.ts';
import { FORMATS } from '../../src/report/write.ts';
import { verdictOf, type StoryResult } from '../../src/result.ts';
import { ROOT } from '../../src/yaml.ts';
import { ours } from '../../src/shown.ts';

const CLI = path.join(ROOT, 'node_modules/@playwright/test/cli.js');

interface Ran {
  code: number | null;
  said: string;
  document: Conformance;
  /** Each report besides the document, by the end of its name. */
  reports: Record<string, string>;
}

/** A run of one sequence on the reference target under a name of its own, with something done to it beforehand. */
function ran(name: string, mischief: string, words: string[] = []): Ran {
  const folder = test.info().outputPath(name);
  mkdirSync(folder, { recursive: true });
  const use = { name, use: { targetId: `${name}=reference` } };
  const reporter = path.join(ROOT, 'src/reporter.ts');
  writeFileSync(
    path.join(folder, 'playwright.config.ts'),
    `export default { projects: [${JSON.stringify(use)}], timeout: 0, reporter: [['${reporter}']], outputDir: 'out' };`,
  );
  writeFileSync(
    path.join(folder, 'one.spec.ts'),
    `import { stories } from '${ROOT}/src/sequence.ts';
     import { tellings, test } from '${ROOT}/src/replay.ts';
     const steps = stories('pingone').find(({ id }) => id === 'pingone/policy').sequence.steps;
     ${mischief}
     for (const { title, details, body } of tellings('pingone')) test(title, details, body);`,
  );
  const title = 'A sign-on policy begins with a LOGIN action';
  const env = {
    PATH: process.env['PATH'],
    PROVE: 'none',
    CONFORMANCE_IGNORE_ENVIRONMENT: 'true',
    GITHUB_ACTIONS: 'true',
  };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, 'test', '--config', folder, ...(words.length > 0 ? words : ['-g', title])],
    { cwd: ROOT, env, encoding: 'utf8' },
  );
  const file = (end: string): string => path.join(ROOT, `conformance-report/${name}.${end}`);
  const text = (end: string): string => readFileSync(file(end), 'utf8');
  const document = JSON.parse(text('json')) as Conformance;
  const reports = Object.fromEntries(Object.keys(FORMATS).map((end) => [end, text(end)]));
  for (const end of ['json', ...Object.keys(FORMATS)]) rmSync(file(end), { force: true });
  return { code: status, said: stdout + stderr, document, reports };
}

test.describe.configure({ timeout: 120_000 });

test('a sequence that a mistake ends is not testable from there on, in every report, and what was done stays', () => {
  const { code, said, document, reports } = ran(
    'verdict-crash',
    `steps.find(({ id }) => id === 'login').operation = 'nothingOfThatName';`,
  );
  expect(code).toBe(1);
  expect(document.verdict).toBe('not testable');
  const [story] = document.stories;
  const outcomes = (story?.statements ?? []).flatMap(({ kind, id, outcome }) =>
    kind === 'step' ? [[id, outcome]] : [],
  );
  expect(outcomes).toEqual([
    ['policy#token', 'held'],
    ['policy#policy', 'held'],
    ['policy#actionsBefore', 'held'],
    ['policy#login', 'not testable'],
  ]);
  expect(story?.statements.find(({ id }) => id === 'policy#login')?.reason).toContain('nothingOfThatName');
  expect(said).toContain('nothingOfThatName');
  for (const end of ['md', 'junit.xml', 'ctrf.json', 'sarif.json'])
    expect(reports[end], end).toContain('nothingOfThatName');
  expect(reports['junit.xml']).toMatch(/<testsuites [^>]*tests="[1-9]\d*" failures="1"/);
});

test('a sequence whose process ends is not testable, with the reason', () => {
  const { code, document, said } = ran(
    'verdict-exit',
    `Object.defineProperty(steps, 'indexOf', { value: () => process.exit(7) });`,
  );
  expect([code, document.verdict]).toEqual([1, 'not testable']);
  expect(document.stories[0]?.statements[0]).toMatchObject({
    id: 'policy#token',
    outcome: 'not testable',
    reason: expect.stringContaining('exited unexpectedly'),
  });
  expect(said).toContain('verdict-exit');
});

test('a run that was filtered says so in its verdict and in every report, with how many of how many', () => {
  const { code, said, document, reports } = ran('verdict-filtered', '');
  expect(code).toBe(0);
  const { told, of = 0 } = document.filtered ?? {};
  expect([document.verdict, told, of > 50]).toEqual(['conforms', 1, true]);
  const words = `(filtered: 1 of ${of} sequences)`;
  expect(said).toContain(`the embedded reference target: conforms ${words}`);
  expect(said).toContain(`::notice::the embedded reference target: conforms ${words}`);
  for (const [end, text] of Object.entries(reports)) expect(text.includes(words), end).toBe(true);
});

test('a run in which nothing held never conforms', () => {
  const result = { steps: [], skipped: { reason: 'nobody asked for it', partial: false } } as unknown as StoryResult;
  expect(verdictOf([result])).toBe('not testable');
  expect(verdictOf([{ ...result, skipped: { reason: ours('a variable is not set'), partial: true } }])).toBe('partial');
  expect(verdictOf([])).toBe('not testable');
});
