import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { SuiteError } from '../../src/errors.ts';
import { cleanCommand } from '../../src/journal/command.ts';
import { Journal, readJournals, unreadableJournals, type Entry } from '../../src/journal/journal.ts';
import { safely } from '../../src/journal/safely.ts';
import { Redactor } from '../../src/redact.ts';
import { tellGithub } from '../../src/report/formats/github.ts';
import { tellInto, untold } from '../../src/report/told.ts';
import { FORMATS, writeReports } from '../../src/report/write.ts';
import { verdictOf, type StoryResult } from '../../src/result.ts';
import { storyOf } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { Transport } from '../../src/transport.ts';
import { seen, watched } from './support/killed.ts';
import { runOf, statement } from './support/runs.ts';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'unwritable-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const STORY = 'pingone/progressive-profiling-environment';
/** Something that is about to be created. */
const ENTRY: Entry = {
  story: 'a/b',
  version: 'v',
  setUps: [],
  step: 'x',
  names: {},
  answers: {},
  markers: [],
  fresh: [],
};
const journals = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
const problems = (result: StoryResult): string =>
  result.steps.flatMap(({ outcome, reason }) => (outcome === 'held' ? [] : [reason ?? outcome])).join('\n');

/** Tells a story that creates much, and does something to the journal's folder ahead of its last step. */
async function told(
  folder: string,
  mischief: (folder: string) => void,
): Promise<{ result: StoryResult; left: unknown }> {
  const world = await watched('pingone');
  const target = await openTarget('pingone', world.environment);
  const transport = new Transport(target);
  const story = storyOf(STORY);
  const result = untold(story, 'v1', target);
  const before = await seen('pingone', world);
  let steps = 0;
  try {
    await safely(
      story,
      target,
      transport,
      'pingone',
      (one, journal) =>
        tellInto(result, one, target, transport, new Redactor(), journal, (_title, _pointer, work) => {
          if (readJournals(folder).some(({ open }) => open.length > 3) && steps++ === 0) mischief(folder);
          return work();
        }),
      folder,
      // What comes next cannot be noted, so it is not done.
    ).catch((error: unknown) => (error instanceof SuiteError ? undefined : Promise.reject(error as Error)));
    expect(steps).toBeGreaterThan(0);
    expect(await seen('pingone', world)).toEqual(before);
  } finally {
    await transport.close();
    await world.close();
  }
  return { result, left: journals(folder) };
}

/** As good as a file that may not be written to, for whoever may write to everything. */
function block(folder: string): void {
  for (const file of journals(folder)) {
    rmSync(path.join(folder, file));
    mkdirSync(path.join(folder, file));
  }
}

test('a journal that can no longer be written stops no clean-up, and is told at the end', async ({ folder }) => {
  const { result } = await told(folder, block);
  expect(verdictOf([result])).toBe('not testable');
  expect(problems(result)).toMatch(/the journal .* cannot be written \(E\w+\)/);
});

test('a journal that is deleted meanwhile is begun anew with what is still to be undone, and nothing is left', async ({
  folder,
}) => {
  const { result, left } = await told(folder, (one) => {
    for (const file of journals(one)) rmSync(path.join(one, file));
  });
  expect(problems(result)).toBe('');
  expect(left).toEqual([]);
});

test('a journal that is begun anew has what is open, with its ids', ({ folder }) => {
  const journal = new Journal({ target: 'mine', server: 'abc', addresses: {} }, folder);
  const [first, second] = [journal.open(ENTRY), journal.open({ ...ENTRY, step: 'y' })];
  journal.found(second, 'id-2');
  journal.close(first);
  rmSync(path.join(folder, journals(folder)[0] ?? ''));
  journal.open({ ...ENTRY, step: 'z' });
  expect(readJournals(folder)[0]?.open).toMatchObject([{ step: 'y', id: 'id-2' }, { step: 'z' }]);
});

test('where no journal can be begun nothing is created, in one clear line', async ({ folder }) => {
  writeFileSync(path.join(folder, 'file'), '');
  const journal = new Journal({ target: 'mine', server: 'abc', addresses: {} }, path.join(folder, 'file'));
  expect(() => journal.open(ENTRY)).toThrow(/cannot be written \(E\w+\): .*nothing is created/);
  const target = await openTarget('pingone', (await watched('pingone')).environment);
  const work = safely(
    storyOf(STORY),
    target,
    new Transport(target),
    'x',
    () => Promise.resolve(),
    path.join(folder, 'file'),
  );
  await expect(work).rejects.toThrow(/^the journal \S+ cannot be written \(E\w+\): look at/);
});

test('half of a journal is told by its name, and stops nothing', async ({ folder }) => {
  const write = (name: string, lines: unknown[]): void =>
    writeFileSync(
      path.join(folder, name),
      lines.map((line) => `\n${typeof line === 'string' ? line : JSON.stringify(line)}`).join(''),
    );
  const header = { target: 'pingone', server: 'x', process: { host: 'h', pid: 1, started: '1' } };
  write('no-addresses.jsonl', [header, { open: 1, story: 'a' }]);
  write('cut.jsonl', ['{"target":"ping', { open: 1, story: 'a' }]);
  write('begun.jsonl', ['{"target":"ping']);
  write('odd.jsonl', [{ ...header, addresses: { api: 1 } }, { open: 1 }]);
  appendFileSync(path.join(folder, 'bytes.jsonl'), Buffer.from([0, 255, 10, 13, 200]));
  mkdirSync(path.join(folder, 'folder.jsonl'));
  expect(readJournals(folder)).toEqual([]);
  const told = unreadableJournals(folder).sort();
  expect(told).toEqual(['cut.jsonl', 'folder.jsonl', 'no-addresses.jsonl', 'odd.jsonl']);
  const said: string[] = [];
  expect(await cleanCommand([], (line) => said.push(line), {}, folder)).toBe(1);
  expect(said.join('\n')).toContain('cut.jsonl: left: it cannot be read');
  write('half.jsonl', [
    { ...header, addresses: {} },
    { open: 1 },
    { open: 2, story: 'a', names: null },
    { close: 'x' },
  ]);
  expect(readJournals(folder)).toMatchObject([{ open: [] }]);
});

test('reports that cannot be written are told one by one, and keep no other from being written', ({ folder }) => {
  const run = runOf([statement()]);
  mkdirSync(path.join(folder, 'conformance-report', 'shop.md'), { recursive: true });
  expect(writeReports(run, folder).problems).toEqual([
    expect.stringMatching(/^conformance-report\/shop\.md cannot be written \(EISDIR\)/),
  ]);
  expect(readdirSync(path.join(folder, 'conformance-report'))).toHaveLength(Object.keys(FORMATS).length + 1);
  writeFileSync(path.join(folder, 'file'), '');
  expect(writeReports(run, path.join(folder, 'file')).problems).toHaveLength(Object.keys(FORMATS).length + 1);
});

test('a summary that cannot be written is told in one line', ({ folder }) => {
  const said: string[] = [];
  tellGithub(runOf([statement()]), { GITHUB_STEP_SUMMARY: folder }, (line) => said.push(line));
  expect(said).toEqual(['GITHUB_STEP_SUMMARY: the file cannot be written (EISDIR), so the job has no summary']);
});
