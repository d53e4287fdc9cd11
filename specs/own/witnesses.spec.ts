import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { arazzoOf } from '../../src/arazzo/export.ts';
import { runOf } from '../../src/report/run.ts';
import { stories } from '../../src/sequence.ts';
import { readFixture, ROOT } from '../../src/yaml.ts';
import { toldOfReference } from './support/documents.ts';
import { drifted } from './support/drift.ts';
import { respected } from './support/respect.ts';

// Runners that know nothing of this project come to the same verdict, or the reason why not is in fixtures/witnesses.yaml.
const explained = readFixture<{ sees: string; because: string }[]>(
  'fixtures/witnesses.yaml',
  'fixtures/witnesses.schema.json',
).value;

/** What a witness says that is not explained, and explanations of what it does not say. */
function unexplained(witness: string, lines: string[]): string[] {
  const known = explained.filter(({ sees }) => sees.startsWith(`^${witness} `)).map(({ sees }) => new RegExp(sees));
  return [
    ...lines.filter((line) => !known.some((one) => one.test(line))),
    ...known
      .filter((one) => !lines.some((line) => one.test(line)))
      .map((one) => `${one.source} no longer says anything`),
  ];
}

function folder(): string {
  const made = test.info().outputPath('witness');
  mkdirSync(made, { recursive: true });
  return path.relative(ROOT, made);
}

/** As few and short stories of a product as still name each of its operations: the longest that others make up for go first. */
function telling(product: string): string[] {
  let chosen = stories(product).toSorted((a, b) => b.sequence.steps.length - a.sequence.steps.length);
  for (const story of chosen) {
    const others = chosen.filter((one) => one !== story);
    const named = new Set(others.flatMap(({ sequence }) => sequence.steps.map(({ operation }) => operation)));
    if (story.sequence.steps.every(({ operation }) => named.has(operation))) chosen = others;
  }
  return chosen.map(({ id }) => id);
}

const VERSIONS = [
  { product: 'pingidm', version: '7.5' },
  { product: 'pingone', version: 'v1' },
];
test.describe.configure({ timeout: 180_000 });

test('each step is exported, or it is told why not; what is secret is an input', () => {
  for (const { product, version } of VERSIONS) {
    const { document, exported } = arazzoOf(product, version, 'contract.yaml');
    for (const { story, workflow, lost } of exported) {
      const said = workflow?.steps.map(({ stepId }) => stepId.replace(/^.*_|-\d+$/g, '')) ?? [];
      const told = [...said, ...lost.filter(({ what }) => what === 'step').map(({ step }) => step)];
      expect(new Set(told), story.id).toEqual(new Set(story.sequence.steps.map(({ id }) => id)));
    }
    const inputs = document.workflows.flatMap((workflow) => Object.entries(workflow.inputs.properties));
    const named = inputs.filter(([key]) => /password|secret|basic/.test(key));
    expect(named.filter(([, { format }]) => format !== 'password')).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
    expect(inputs.filter(([, input]) => 'default' in input)).toEqual([]);
  }
});

test('respect, to which the sequences are exported, finds what this suite finds', async () => {
  const faulty = { workflow: 'progressive-profile', fault: 'read-answers-end' };
  const { 'pingidm faulty': noticed, ...seen } = Object.fromEntries(await respected(folder(), VERSIONS, faulty));
  const all = Object.values(seen);
  expect(
    unexplained(
      'respect',
      all.flatMap(({ failed }) => failed),
    ),
  ).toEqual([]);
  expect(all).toHaveLength(stories().length);
  expect(all.filter(({ failed, steps, of }) => failed.length === 0 && steps < of)).toEqual([]);
  expect(noticed?.failed).toContain('respect pingidm progressive-profile_read success criteria check: ^initial$');
});

test('drift, which reads the archive of a run, finds what this suite finds', async () => {
  const place = folder();
  const read = async ({ product, version }: (typeof VERSIONS)[0]): ReturnType<typeof drifted> =>
    drifted(place, runOf(await toldOfReference(product, version, {}, telling(product)), []), product, version);
  const seen = await Promise.all(VERSIONS.map(read));
  expect(
    unexplained(
      'drift',
      seen.flatMap(({ lines }) => lines),
    ),
  ).toEqual([]);
  for (const { altered } of seen) expect(altered.join()).toContain(' response schema-consistency: ');
});

test('what a witness says and nothing explains is told, and so is an explanation of what it no longer says', () => {
  const stale = explained.map(({ sees }) => sees).filter((one) => one.startsWith('^respect '));
  expect(unexplained('respect', ['respect a b: c'])).toEqual([
    'respect a b: c',
    ...stale.map((one) => `${one} no longer says anything`),
  ]);
});
