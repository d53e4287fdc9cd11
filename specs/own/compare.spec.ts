import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { compareCommand } from '../../src/report/compare.ts';
import { markdownOfComparison, textOf } from '../../src/report/comparison.ts';
import { differences, RULES, type Difference, type Rule } from '../../src/report/difference.ts';
import { documentOf, type Conformance, type StatementEntry } from '../../src/report/document.ts';
import { markdownOf } from '../../src/report/markdown.ts';
import { readDocument, writeDocument } from '../../src/report/files.ts';
import type { Shape } from '../../src/report/shape.ts';
import { ours, type Shown } from '../../src/shown.ts';
import { ROOT } from '../../src/yaml.ts';
import { documentOfReference, resultsOfReference } from './support/documents.ts';
import { asShown } from './support/plain.ts';

const page = 'pingidm-7.5/profile-rest-flow';
const answer = asShown<Shape<Shown>>({
  status: 200,
  media: 'application/json',
  headers: ['content-type', 'location', 'x-frame-options'],
  members: {
    '': { types: ['object'] },
    '/id': { types: ['string'] },
    '/kind': { types: ['string'], constant: 'plain' },
    '/parts': { types: ['array'] },
    '/parts/*': { types: ['object'] },
    '/parts/*/size': { types: ['null', 'number'] },
  },
});
const statement: StatementEntry = {
  id: 'shop#read',
  kind: 'step',
  says: 'a thing is read',
  page,
  basis: 'documented',
  outcome: 'held',
  findings: [],
  also: [{ id: 'shop#read+1', says: 'it is the same', page, basis: 'assumed', outcome: 'held' }],
  answer,
};
const zero = { documented: 0, standard: 0, recorded: 0, assumed: 0 };
const plain: Conformance = {
  format: 1,
  suite: '0.1.0',
  target: { id: 'shop', name: 'A shop' },
  policy: { strict: false, undocumented: 'report' },
  verdict: 'conforms',
  counts: { held: zero, found: { violation: 0, 'not testable': 0, notice: 0, undocumented: 0, tolerated: 0 } },
  stories: [{ id: 'pingidm/shop', product: 'pingidm', version: '7.5', title: 'A shop', statements: [statement] }],
  announced: [],
  sentences: [],
  coverage: [{ product: 'pingidm', version: '7.5', says: [], named: 0, seen: 0, never: [] }],
};

/** The document with its one statement changed. */
function but(change: Partial<StatementEntry>): Conformance {
  return { ...plain, stories: plain.stories.map((story) => ({ ...story, statements: [{ ...statement, ...change }] })) };
}

/** The document with the answer of its one statement changed. */
function answered(change: Partial<Shape>): Conformance {
  return but({ answer: { ...answer, ...change } as Shape<Shown> });
}

function without(pointer: string): Shape['members'] {
  return Object.fromEntries(Object.entries(answer.members).filter(([name]) => name !== pointer));
}

const other: StatementEntry = { ...statement, id: 'shop#other' };
const untold: Conformance = {
  ...plain,
  stories: plain.stories.map((story) => ({
    ...story,
    skipped: { reason: ours('lacks it'), partial: true },
    statements: [],
  })),
};
const error = { ...answer, status: 400, members: { '/code': { types: ['string'], constant: 'BAD' } } };
const older: Conformance = {
  ...plain,
  stories: [],
  coverage: [{ product: 'pingidm', version: '7.3.1', says: [], named: 0, seen: 0, never: [] }],
};
const newer: Conformance = { ...plain, stories: [] };

/** For each rule two documents between which nothing else differs. */
const PAIRS: Record<Rule, [before: Conformance, after: Conformance, at?: string]> = {
  'statement-broke': [plain, but({ outcome: 'broken' })],
  'statement-fixed': [but({ outcome: 'broken' }), plain],
  'statement-untestable': [plain, but({ outcome: 'skipped' })],
  'statement-testable': [but({ outcome: 'not testable' }), plain],
  'statement-appeared': [
    plain,
    { ...plain, stories: plain.stories.map((story) => ({ ...story, statements: [statement, other] })) },
  ],
  'statement-disappeared': [
    { ...plain, stories: plain.stories.map((story) => ({ ...story, statements: [statement, other] })) },
    plain,
  ],
  'feature-lost': [plain, untold],
  'feature-gained': [untold, plain],
  'status-class-changed': [plain, answered({ status: 500 }), 'status'],
  'status-changed': [plain, answered({ status: 201 }), 'status'],
  'media-type-changed': [plain, answered({ media: 'text/plain' }), 'media type'],
  'header-vanished': [plain, answered({ headers: ['content-type', 'location'] }), 'header x-frame-options'],
  'header-with-meaning-vanished': [
    plain,
    answered({ headers: ['content-type', 'x-frame-options'] }),
    'header location',
  ],
  'header-appeared': [plain, answered({ headers: [...answer.headers, 'x-new'] }), 'header x-new'],
  'member-vanished': [plain, answered({ members: without('/id') }), '/id'],
  'member-appeared': [answered({ members: without('/id') }), plain, '/id'],
  'type-changed': [plain, answered({ members: { ...answer.members, '/id': { types: ['number'] } } }), '/id'],
  'type-narrowed': [
    plain,
    answered({ members: { ...answer.members, '/parts/*/size': { types: ['number'] } } }),
    '/parts/*/size',
  ],
  'became-null': [plain, answered({ members: { ...answer.members, '/id': { types: ['null', 'string'] } } }), '/id'],
  'constant-changed': [
    plain,
    answered({ members: { ...answer.members, '/kind': { types: ['string'], constant: 'PLAIN' } } }),
    '/kind',
  ],
  'error-code-changed': [
    but({ answer: error }),
    but({ answer: { ...error, members: { '/code': { types: ['string'], constant: 'WORSE' } } } }),
    '/code',
  ],
  'contract-entry-vanished': [newer, older],
  'contract-entry-appeared': [older, newer],
};

/** 7.5 promises one header more, and 7.3.1 one member. */
const promised = (_: string, version: string): ReadonlyMap<string, string | undefined> =>
  new Map([
    ['read', undefined],
    ['read 200', 'read'],
    [version === '7.5' ? 'read 200 header etag' : 'read 200 application/json', 'read 200'],
  ]);
const expected: Partial<Record<Rule, Rule[]>> = {
  'contract-entry-vanished': ['contract-entry-vanished', 'contract-entry-appeared'],
  'contract-entry-appeared': ['contract-entry-vanished', 'contract-entry-appeared'],
};

for (const [name, [before, after, at]] of Object.entries(PAIRS)) {
  const rule = name as Rule;

  test(`${rule} is rated ${RULES[rule]}`, () => {
    const found = differences(before, after, promised);
    expect(found.map((one) => one.rule)).toEqual(expected[rule] ?? [rule]);
    expect(found.find((one) => one.rule === rule)).toMatchObject({ rating: RULES[rule] });
    expect(found.map((one) => one.at)).toContain(at);
  });
}

test('every rule has a line in docs/comparing.md with its rating, and no other is there', () => {
  const rows = [...readFileSync(path.join(ROOT, 'docs/comparing.md'), 'utf8').matchAll(/^\| `([\w-]+)` +\| (\w+)/gm)];
  expect(Object.fromEntries(rows.map(([, rule, rating]) => [rule, rating]))).toEqual(RULES);
});

test('the same document twice differs in nothing, and both forms say so', () => {
  expect(differences(plain, plain)).toEqual([]);
  expect(textOf(plain, plain, [])).toContain('0 breaking, 0 additive, 0 neutral');
  expect(markdownOfComparison(plain, plain, [])).toContain('Nothing differs.');
});

test('what is below a member that is gone, or below a list that is empty, is not told again', () => {
  const gone = answered({ members: without('/parts') });
  delete gone.stories[0]?.statements[0]?.answer?.members['/parts/*'];
  delete gone.stories[0]?.statements[0]?.answer?.members['/parts/*/size'];
  expect(differences(plain, gone).map((one) => one.at)).toEqual(['/parts']);
  const empty = structuredClone(plain);
  delete empty.stories[0]?.statements[0]?.answer?.members['/parts/*'];
  delete empty.stories[0]?.statements[0]?.answer?.members['/parts/*/size'];
  expect(differences(plain, empty)).toEqual([]);
  expect(differences(empty, plain)).toEqual([]);
});

test('what a server said is text in Markdown, and no markup', () => {
  const found: Difference[] = differences(plain, answered({ media: 'a|b\n<img src=x>' }));
  expect(markdownOfComparison(plain, plain, found)).toContain('a\\|b &lt;img src=x>');
});

test.describe('Two reference targets', () => {
  test('a server that did not change gives the same document', async () => {
    const only = ['pingone/actions-apart', 'pingone/simple-sign-on', 'pingone/token-errors'];
    const [one, two] = [
      await documentOfReference('pingone', 'v1', {}, only),
      await documentOfReference('pingone', 'v1', {}, only),
    ];
    expect(one.stories).toHaveLength(3);
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });
});

test('the document holds the version as configured and as the server says it', async () => {
  const told = await documentOfReference('pingidm', '7.5', {}, ['pingidm/session']);
  expect(told.coverage).toMatchObject([{ version: '7.5', says: [expect.stringMatching(/^7\.5/)] }]);
  expect(markdownOf(told, [])).toContain('Judged as pingidm 7.5 (the server says 7.5');
});

test('in whatever order stories and versions come to an end, the document is the same', async () => {
  const only = ['pingidm/terms', 'pingidm/run-as'];
  const results = [
    ...(await resultsOfReference('pingidm', '7.5', {}, only)),
    ...(await resultsOfReference('pingidm', '7.3.1', {}, only)),
  ];
  expect(results).toHaveLength(4);
  expect(JSON.stringify(documentOf(results.toReversed()))).toBe(JSON.stringify(documentOf(results)));
});

test.describe('The command', () => {
  const told: string[] = [];
  const run = (...words: string[]): number => compareCommand(words, (text) => told.push(text));
  const file = (name: string, text: string): string => {
    const place = test.info().outputPath(name);
    writeFileSync(place, text);
    return place;
  };
  const written = (document: Conformance): string => {
    const place = path.join(
      ROOT,
      `${writeDocument({ ...document, target: { ...document.target, id: 'spec-of-compare' } })}.json`,
    );
    return file('report.json', readFileSync(place, 'utf8'));
  };

  test('ends with 1 on what breaks, and on what else it is told to', () => {
    const before = written(plain);
    const broken = file('after.json', readFileSync(written(answered({ status: 500 })), 'utf8'));
    expect(readDocument(before)).toMatchObject({ verdict: 'conforms' });
    writeFileSync(before, readFileSync(written(plain), 'utf8'));
    expect(run(before, broken)).toBe(1);
    expect(told.at(-1)).toContain('status-class-changed');
    expect(run(before, broken, '--fail-on', 'none')).toBe(0);
    expect(run(before, before, '--fail-on', 'any', '--format', 'markdown')).toBe(0);
    expect(run(before, broken, '--format', 'json', '--fail-on', 'any')).toBe(1);
    expect(JSON.parse(told.at(-1) ?? '')).toMatchObject({ differences: [{ rule: 'status-class-changed' }] });
    expect(run(before, broken, '--format', 'html')).toBe(1);
    expect(told.at(-1)).toMatch(/^<!doctype html>[^]*status-class-changed/);
    expect(run('--help')).toBe(0);
    expect(told.at(-1)).toContain('--fail-on');
  });

  test('says what is wrong with a report that it cannot use, and what to do', () => {
    const good = readFileSync(written(plain), 'utf8');
    for (const [name, text, said] of [
      ['cut.json', good.slice(0, 200), /cut\.json is not JSON .*cut short\?/],
      [
        'format.json',
        good.replace('"format": 1', '"format": 2'),
        /has format 2, and this version of the suite reads 1/,
      ],
      ['edited.json', good.replace('"conforms"', '"partial"'), /not as it was written \(its digest does not fit\)/],
      ['shape.json', good.replace('"conforms"', '"splendid"'), /\/verdict must be one of "conforms".*edited by hand\?/],
      ['list.json', '[]', /is not a report of this suite/],
    ] as const)
      expect(() => run(file(name, text), file(name, text)), name).toThrow(said);
    expect(() => run('/nowhere.json', '/nowhere.json')).toThrow(/nowhere\.json cannot be read \(ENOENT\): give/);
    expect(() => run(test.info().outputPath(), test.info().outputPath())).toThrow(/there are several reports in/);
    expect(() => run('one')).toThrow(/two reports are needed/);
    expect(() => run('a', 'b', '--format', 'pdf')).toThrow(/--format must be one of text, markdown, html, json/);
    expect(() => run('a', 'b', '--fail-on', 'all')).toThrow(/--fail-on must be one of breaking, any, none/);
  });

  test('refuses reports of two products', () => {
    const one = written(plain);
    const place = file('one.json', readFileSync(one, 'utf8'));
    const two = written({
      ...plain,
      coverage: [{ product: 'pingone', version: 'v1', says: [], named: 0, seen: 0, never: [] }],
    });
    expect(() => run(place, two)).toThrow(/about pingidm and .* about pingone: there is nothing to compare/);
  });
});

/** Ways in which two reference targets differ, and what alone may be told of each. */
const CHANGES: Record<string, [product: string, kind: 'fault' | 'variant', rating: string, told: RegExp]> = {
  'action-create-answers-200': ['pingone', 'fault', 'neutral', /^status-changed status$/],
  'error-code-missing': ['pingone', 'fault', 'breaking', /^member-vanished \/code$/],
  'action-hidden-missing': ['pingone', 'fault', 'breaking', /^member-vanished .*\/hidden$/],
  'prompt-interval-as-string': ['pingone', 'fault', 'breaking', /^type-changed .*\/promptIntervalSeconds$/],
  'action-list-count-missing': ['pingone', 'fault', 'breaking', /^member-vanished \/count$/],
  'token-cacheable': ['pingone', 'fault', 'neutral', /^header-vanished header pragma$/],
  'links-with-more-members': [
    'pingone',
    'variant',
    'additive',
    /^member-appeared .*\/_links\/\w+\/(title|type|templated)$/,
  ],
  'one-hal-media-type': ['pingone', 'variant', 'breaking', /^media-type-changed media type$/],
  'one-times-shown': ['pingone', 'variant', 'additive', /^member-appeared .*\/(created|updated)At$/],
  'etag-and-location': ['pingone', 'variant', 'additive', /^header-appeared header (etag|location)$/],
  'headers-chatty': ['pingone', 'variant', 'additive', /^header-appeared header (?!etag|location)[\w-]+$/],
  'end-tag-wrong': ['pingidm', 'fault', 'breaking', /^constant-changed \/tag$/],
  'error-reason-missing': ['pingidm', 'fault', 'breaking', /^member-vanished \/reason$/],
  'completeness-as-text': ['pingidm', 'fault', 'breaking', /^type-changed \/completeness$/],
  'idm-form-with-more-members': ['pingidm', 'variant', 'additive', /^member-appeared \/requirements\/.+$/],
};

for (const [product, version, story] of [
  ['pingone', 'v1', 'pingone/progressive-profiling-action'],
  ['pingidm', '7.5', 'pingidm/progressive-profile'],
] as const)
  test(`each of the known differences between two reference targets of ${product} is told and rated, and no other`, async () => {
    const changes = Object.entries(CHANGES).filter(([, [of]]) => of === product);
    const named = (kind: string): string[] => changes.flatMap(([name, [, one]]) => (one === kind ? [name] : []));
    const changed = { faults: named('fault'), variants: named('variant') };
    const before = await documentOfReference(product, version, {}, [story]);
    const found = differences(before, await documentOfReference(product, version, changed, [story]));
    // That a statement broke, or lacks what it compares with, follows from what is different in answers.
    const told = found
      .filter(({ rule }) => rule !== 'statement-broke' && rule !== 'statement-untestable')
      .map((one) => `${one.rule} ${one.at ?? ''}`);
    const ratings = changes.map(([name, [, , , pattern]]) => [
      name,
      ...new Set(found.flatMap((one) => (pattern.test(`${one.rule} ${one.at ?? ''}`) ? [one.rating] : []))),
    ]);
    expect(ratings).toEqual(changes.map(([name, [, , rating]]) => [name, rating]));
    expect([...new Set(told)].filter((one) => !changes.some(([, [, , , pattern]]) => pattern.test(one)))).toEqual([]);
  });
