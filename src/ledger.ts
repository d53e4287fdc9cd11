import { readdirSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from './errors.ts';
import type { Basis } from './finding.ts';
import { pagesFile } from './pages.ts';
import { stories, type Story } from './sequence.ts';
import { once, readFixture, ROOT, type YamlFile } from './yaml.ts';

/** One sentence of a page, and what checks it. */
interface Sentence {
  id: string;
  says: string;
  basis?: Basis;
  checked?: string[];
  unchecked?: string;
}

/** One row of the ledger. */
export interface Row {
  /** `<page>/<sentence>`, or `<sequence>#<statement>` where the sequence itself is the sentence. */
  id: string;
  page: string;
  says: string;
  basis: Basis;
  /** `<sequence>#<statement>` of everything that checks it. */
  checks: string[];
  /** Why nothing checks it. */
  because?: string;
}

/** What a row came to in a run. */
export type RowOutcome = 'held' | 'broken' | 'tolerated' | 'skipped' | 'not testable' | 'not told' | 'unchecked';

const FOLDER = 'fixtures/sentences';

/** The files of sentences, one for each product. */
export const sentenceFiles = once((): YamlFile<Record<string, Sentence[]>>[] =>
  readdirSync(path.join(ROOT, FOLDER))
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readFixture(`${FOLDER}/${file}`, 'fixtures/sentences.schema.json')),
);

/** Every sentence of the pages, then every statement of the sequences that no such sentence names: each is a row. */
export function ledger(): Row[] {
  const sentences = sentenceFiles().flatMap(rowsOf);
  const named = new Set(sentences.flatMap((row) => row.checks));
  const own = stories().flatMap(statementsOf);
  return [...sentences, ...own.filter((row) => !row.checks.some((check) => named.has(check)))];
}

function rowsOf({ value }: { value: Record<string, Sentence[]> }): Row[] {
  return Object.entries(value).flatMap(([page, list]) =>
    list.map(({ id, says, basis = 'documented', checked = [], unchecked }) => ({
      id: `${page}/${id}`,
      page,
      says,
      basis,
      checks: checked,
      ...(unchecked === undefined ? {} : { because: unchecked }),
    })),
  );
}

/** What a sequence itself says: each step, each further statement, each written refusal and probe, and what it leaves unchecked. */
function statementsOf(story: Story): Row[] {
  const name = story.id.split('/')[1] ?? story.id;
  const { steps, refusals = [], probes = [], unchecked = [] } = story.sequence;
  const [first] = Object.values(story.versions);
  const page = first?.page ?? '';
  const row = (id: string, one: { says: string; page?: string; basis?: Basis }, check: string, basis?: Basis): Row => ({
    id: `${name}#${id}`,
    page: one.page ?? page,
    says: one.says,
    basis: one.basis ?? basis ?? 'documented',
    checks: [`${name}#${check}`],
  });
  return [
    ...steps.flatMap((step) => [
      row(step.id, step, step.id),
      ...(step.also ?? []).map((also, index) =>
        row(`${step.id}+${index + 1}`, also, `${step.id}+${index + 1}`, step.basis),
      ),
    ]),
    ...[...refusals, ...probes].map((one) => row(one.id, one, one.id)),
    ...unchecked.map(({ says, because }, index) => ({
      ...row(`unchecked+${index + 1}`, { says }, ''),
      checks: [],
      because,
    })),
  ];
}

/**
 * What is wrong with the sentences: pages that a sequence cites and that have none, pages that do not exist, sentences
 * that cannot be told apart, and checks that do not exist or are two.
 * @param derived refusals that follow from the contracts, as `<sequence>#<id>`
 */
export function gaps(derived: Iterable<string>, files = sentenceFiles()): string[] {
  const own = stories().flatMap(statementsOf);
  const known = new Set([...own.flatMap((row) => row.checks), ...derived]);
  const pages = Object.keys(pagesFile());
  const told = new Set(files.flatMap(({ value }) => Object.keys(value)));
  const cited = stories().flatMap(({ versions }) => Object.values(versions).map(({ page }) => page));
  const sentences = files.flatMap(rowsOf);
  return [
    ...unique([...cited, ...own.map((row) => row.page)])
      .filter((page) => !told.has(page))
      .map((page) => `${page}: no sentence of this page has a row`),
    ...[...told]
      .filter((page) => !pages.includes(page))
      .map((page) => `there is no page '${page}'${didYouMean(page, pages)}`),
    ...repeated(sentences.map((row) => row.id)).map((id) => `${id}: two sentences are called so`),
    ...repeated(sentences.map((row) => row.says)).map((says) => `two sentences say '${says}'`),
    ...repeated(own.map((row) => row.id)).map((id) => `${id}: two statements are called so`),
    ...sentences.flatMap((row) =>
      row.checks
        .filter((check) => !known.has(check))
        .map((check) => `${row.id}: there is no statement '${check}'${didYouMean(check, known)}`),
    ),
  ];
}

const unique = (list: string[]): string[] => [...new Set(list)];
const repeated = (list: string[]): string[] => unique(list.filter((one, index) => list.indexOf(one) !== index));

/** What a row came to, from what each statement came to, once for each version that was told; the worst counts. */
export function outcomeOf(row: Row, outcomes: ReadonlyMap<string, readonly string[]>): RowOutcome {
  if (row.checks.length === 0) return 'unchecked';
  const came = row.checks.flatMap((check) => outcomes.get(check) ?? []);
  for (const one of ['broken', 'not testable', 'tolerated', 'held', 'skipped'] as const)
    if (came.includes(one)) return one;
  return 'not told';
}
