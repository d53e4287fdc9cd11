import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { tellGithub } from '../../src/report/formats/github.ts';
import { runOf as runOfTold } from '../../src/report/run.ts';
import { FORMATS } from '../../src/report/write.ts';
import { toldOfReference } from './support/documents.ts';
import { formsOf } from './support/forms.ts';
import { runOf, statement } from './support/runs.ts';

const require = createRequire(import.meta.url);
const evil = ']]></failure><x a="b">&\u0000\ud800\n::error::no';
const finding = {
  grade: 'violation',
  kind: 'printed value',
  where: '/a',
  expected: '1',
  came: evil,
  basis: 'documented',
} as const;
const run = runOf([
  statement(),
  statement({ id: 'shop#broken', outcome: 'broken', findings: [finding, { ...finding, grade: 'undocumented' }] }),
  statement({
    id: 'shop#known',
    outcome: 'tolerated',
    reason: 'known',
    findings: [{ ...finding, grade: 'tolerated' }],
  }),
  statement({ id: 'shop#skipped', outcome: 'skipped', reason: 'X is not set', evidence: [] }),
]);
const made = (end: string, of = run): string => FORMATS[end]?.(of) ?? '';
const json = (end: string): unknown => JSON.parse(made(end));

test('SARIF has the form of the standard, and points at the lines of the sequence and of the contract', () => {
  expect(formsOf('sarif', json('sarif.json'))).toEqual([]);
  expect(json('sarif.json')).toMatchObject({
    runs: [
      {
        results: [
          {
            ruleId: 'printed-value',
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'fixtures/sequences/shop.yaml' },
                  region: { startLine: 7 },
                },
              },
            ],
            relatedLocations: [
              { physicalLocation: { artifactLocation: { uri: 'contracts/pingidm/shared/info.yaml' } } },
            ],
          },
          { level: 'note' },
          { suppressions: [{ justification: 'known' }] },
        ],
      },
    ],
  });
});

test('CTRF has the form of its specification, and a test for each statement', () => {
  expect(formsOf('ctrf', json('ctrf.json'))).toEqual([]);
  expect(json('ctrf.json')).toMatchObject({
    results: { summary: { tests: 4, passed: 1, failed: 1, skipped: 1, other: 1 } },
  });
});

test('an HTTP archive has the published form, and every exchange', () => {
  const folder = path.dirname(require.resolve('har-schema'));
  const read = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object;
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  ajv.addMetaSchema(read(require.resolve('ajv/dist/refs/json-schema-draft-06.json')));
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.json')))
    ajv.addSchema(read(path.join(folder, file)));
  const har = json('har') as { log: { entries: unknown[] } };
  expect(ajv.validate('har.json#', har), ajv.errorsText()).toBe(true);
  expect(har.log.entries).toHaveLength(3);
  expect(har.log.entries[0]).toMatchObject({
    request: {
      queryString: [
        { name: 'b', value: 'c' },
        { name: 'd', value: '' },
      ],
      postData: { text: 'hello' },
    },
    response: { status: 200, statusText: 'OK', content: { mimeType: 'application/json' } },
    comment: 'shop#read',
  });
});

/** The elements of an XML text, each with its attributes; throws where they are not closed in order. */
function elements(xml: string): { name: string; attributes: Record<string, string> }[] {
  const open: string[] = [];
  const found = [
    ...xml
      .replace(/^<\?xml[^?]*\?>/, '')
      .matchAll(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<|&(?!\w+;|#\d+;)/g),
  ];
  const all = found.flatMap(([whole, closing, name, attributes = '', empty]) => {
    if (name === undefined) throw new Error(`${whole} is no markup`);
    if (closing === '/' && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    if (closing === '/') return [];
    if (empty !== '/') open.push(name);
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
    return [{ name, attributes: Object.fromEntries(pairs) as Record<string, string> }];
  });
  expect(open).toEqual([]);
  return all;
}

test('JUnit has a case for each statement, and what a server sent stays text', () => {
  const xml = made('junit.xml');
  const all = elements(xml);
  const named = (name: string): typeof all => all.filter((one) => one.name === name);
  expect(all[0]).toMatchObject({ name: 'testsuites', attributes: { tests: '4', failures: '1', skipped: '1' } });
  expect(named('testsuite')).toHaveLength(1);
  expect(named('testcase')[1]?.attributes).toMatchObject({
    name: 'a thing is read [shop#broken]',
    file: 'fixtures/sequences/shop.yaml',
    line: '7',
  });
  expect([named('failure'), named('skipped')].map((one) => one.length)).toEqual([1, 1]);
  expect(xml).not.toMatch(/[\p{Cs}\0]/u);
});

test('the badge says the verdict', () => {
  const svg = made('badge.svg');
  expect(elements(svg)[0]?.attributes).toMatchObject({ role: 'img', 'aria-label': 'conformance: violates' });
});

test('GitHub is told only where a run is one of its jobs, and nothing that a server sent is a command', () => {
  const told: string[] = [];
  const tell = (environment: Record<string, string>): void => {
    tellGithub(run, environment, (line) => told.push(line));
  };
  tell({});
  expect(told).toEqual([]);
  const summary = test.info().outputPath('summary.md');
  writeFileSync(summary, '');
  tell({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
  expect(told).toEqual([
    expect.stringMatching(
      /^::error file=fixtures\/sequences\/shop.yaml,line=7,title=a thing is read::violation .*%0A::error::no$/,
    ),
  ]);
  expect(readFileSync(summary, 'utf8')).toMatch(/^# A shop: violates\n[^]*\| violation \| shop#broken \|/);
});

test('latencies are told by operation', () => {
  const latencies = json('latency.json') as { operations: object[] };
  expect(latencies.operations).toEqual([
    expect.objectContaining({ operation: 'readVersion', count: 3, least: 1.5, median: 1.5, p99: 1.5, most: 1.5 }),
  ]);
});

test('in whatever order stories come to an end, as shards do, every report is the same, and holds no secret', async () => {
  const only = ['pingidm/terms', 'pingidm/run-as', 'pingidm/session'];
  const told = [
    ...(await toldOfReference('pingidm', '7.5', {}, only)),
    ...(await toldOfReference('pingidm', '7.3.1', {}, only)),
  ];
  const [one, other] = [runOfTold(told, []), runOfTold(told.toReversed(), [])];
  for (const end of Object.keys(FORMATS)) {
    const text = made(end, one);
    expect(made(end, other) === text, end).toBe(true);
    expect(text, end).not.toContain('Passw0rd');
  }
});
