import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { gaps, ledger, outcomeOf, sentenceFiles, type Row } from '../../src/ledger.ts';
import { pagesFile } from '../../src/pages.ts';
import { readFixture, type YamlFile } from '../../src/yaml.ts';
import { derivedIds, TOLD } from './support/stories.ts';

type Sentences = ReturnType<typeof sentenceFiles>[number]['value'];

const derived = TOLD.flatMap(({ story, contract }) =>
  derivedIds(story, contract).map((id) => `${story.id.split('/')[1] ?? ''}#${id}`),
);

/** The files of sentences with one more, which is wrong. */
const besides = (value: Sentences): YamlFile<Sentences>[] => [
  ...sentenceFiles(),
  { file: '', name: '', line: () => 1, value },
];
const says = 'the server does what no page says';
const page = 'pingone-v1/error-codes';

test('every page that is cited has sentences, and everything that is to check one exists', () => {
  expect(gaps(derived)).toEqual([]);
  const pages = new Set(sentenceFiles().flatMap(({ value }) => Object.keys(value)));
  expect(pages.size).toBeGreaterThan(50);
  expect(Object.keys(pagesFile())).toEqual(expect.arrayContaining([...pages]));
});

test('a page that is cited and has no sentence is named', () => {
  const without = sentenceFiles().map((file) => ({
    ...file,
    value: Object.fromEntries(Object.entries(file.value).filter(([key]) => key !== page)),
  }));
  expect(gaps(derived, without)).toEqual([`${page}: no sentence of this page has a row`]);
});

test('a check that does not exist is named with the nearest one', () => {
  const checked = [
    'progressive-profile#logins',
    'progressive-profile#login+99',
    'progressive-profiling-action#create~witout:/priority',
  ];
  expect(gaps(derived, besides({ [page]: [{ id: 'wrong', says, checked }] }))).toEqual([
    `${page}/wrong: there is no statement 'progressive-profile#logins' (did you mean 'progressive-profile#login'?)`,
    `${page}/wrong: there is no statement 'progressive-profile#login+99' (did you mean 'progressive-profile#login+1'?)`,
    `${page}/wrong: there is no statement 'progressive-profiling-action#create~witout:/priority' (did you mean 'progressive-profiling-action#create~without:/priority'?)`,
  ]);
});

test('a page that does not exist is named with the nearest one', () => {
  expect(gaps(derived, besides({ 'pingone-v1/error-code': [{ id: 'wrong', says, unchecked: says }] }))).toEqual([
    `there is no page 'pingone-v1/error-code' (did you mean '${page}'?)`,
  ]);
});

test('two sentences of one name, and a sentence that is said twice, are named', () => {
  const [taken] = ledger().filter((row) => row.page === page);
  const id = taken?.id.split('/').at(-1) ?? '';
  expect(gaps(derived, besides({ [page]: [{ id, says, unchecked: says }] }))).toEqual([
    `${taken?.id ?? ''}: two sentences are called so`,
  ]);
  expect(gaps(derived, besides({ [page]: [{ id: 'new', says: taken?.says ?? '', unchecked: says }] }))).toEqual([
    `two sentences say '${taken?.says ?? ''}'`,
  ]);
});

test('the grammar refuses a sentence that has neither a check nor a reason, or both, by file and line', () => {
  const read = (lines: string[]): (() => unknown) => {
    const file = test.info().outputPath('sentences.yaml');
    writeFileSync(file, [`${page}:`, '  - id: wrong', `    says: ${says}`, ...lines].join('\n'));
    return () => readFixture(file, 'fixtures/sentences.schema.json');
  };
  const checked = '    checked: [progressive-profile#login]';
  expect(read([checked])).not.toThrow();
  expect(read([])).toThrow(/sentences\.yaml:2: .*'?checked/);
  expect(read([checked, '    unchecked: nothing can look there'])).toThrow(/sentences\.yaml:2: /);
  expect(read(['    unchecked: no'])).toThrow(/sentences\.yaml:4: /);
  expect(read(['    checked: [login]'])).toThrow(/sentences\.yaml:4: /);
});

test('a sentence comes to the worst of its checks, in every version', () => {
  const row = (...checks: string[]): Row => ({ id: 'x', page, says, basis: 'documented', checks });
  const outcomes = new Map(
    Object.entries({
      held: ['held'],
      broken: ['broken'],
      tolerated: ['tolerated'],
      skipped: ['skipped'],
      lost: ['not testable'],
      idle: ['not applicable'],
      brokenOnce: ['broken', 'skipped'],
      heldOnce: ['skipped', 'held'],
    }),
  );
  const came = (...checks: string[]): string => outcomeOf(row(...checks), outcomes);
  expect(came()).toBe('unchecked');
  expect(came('nowhere')).toBe('not told');
  expect(came('idle')).toBe('not told');
  expect(came('held')).toBe('held');
  expect(came('held', 'nowhere', 'idle', 'skipped')).toBe('held');
  expect(came('skipped')).toBe('skipped');
  expect(came('held', 'tolerated')).toBe('tolerated');
  expect(came('held', 'lost', 'tolerated')).toBe('not testable');
  expect(came('held', 'broken')).toBe('broken');
  expect(came('broken', 'lost', 'held')).toBe('broken');
  expect(came('brokenOnce')).toBe('broken');
  expect(came('heldOnce')).toBe('held');
});

test('every statement of a sequence that no sentence names is a row of its own', () => {
  const rows = ledger();
  const named = new Set(
    sentenceFiles()
      .flatMap(({ value }) => Object.values(value).flat())
      .flatMap((one) => one.checked ?? []),
  );
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  expect(rows.filter((row) => row.id.includes('#') && named.has(row.id))).toEqual([]);
  expect(rows.filter((row) => row.checks.length === 0 && row.because === undefined)).toEqual([]);
});
