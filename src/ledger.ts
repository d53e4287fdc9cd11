import { readdirSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from './errors.ts';
import type { Basis } from './finding.ts';
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
  const sentences = sentenceFiles().flatMap(({ value }) =>
    Object.entries(value).flatMap(([page, list]) =>
      list.map(({ id, says, basis = 'documented', checked = [], unchecked }): Row => ({
        id: `${page}/${id}`,
        page,
        says,
        basis,
        checks: checked,
        ...(unchecked === undefined ? {} : { because: unchecked }),
      })),
    ),
  );
  const named = new Set(sentences.flatMap((row) => row.checks));
  const own = new Map(
    stories()
      .flatMap(statementsOf)
      .map((row) => [row.id, row]),
  );
  return [...sentences, ...[...own.values()].filter((row) => !row.checks.some((check) => named.has(check)))];
}

/** What a sequence itself says: each step, each further statement, each written refusal and probe, and what it leaves unchecked. */
export function statementsOf(story: Story): Row[] {
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
 * What is wrong with the sentences: pages that a sequence cites and that have none, and checks that do not exist.
 * @param derived refusals that follow from the contracts, as `<sequence>#<id>`
 */
export function gaps(derived: Iterable<string>): string[] {
  const own = stories().flatMap(statementsOf);
  const known = new Set([...own.flatMap((row) => row.checks), ...derived]);
  const pages = new Set(sentenceFiles().flatMap(({ value }) => Object.keys(value)));
  const cited = [...new Set(own.map((row) => row.page))];
  return [
    ...cited.filter((page) => !pages.has(page)).map((page) => `${page}: no sentence of this page has a row`),
    ...ledger().flatMap((row) =>
      row.checks.flatMap((check) =>
        known.has(check) ? [] : [`${row.id}: there is no statement '${check}'${didYouMean(check, known)}`],
      ),
    ),
  ];
}

/** What a row came to, from what each statement came to. */
export function outcomeOf(row: Row, outcomes: ReadonlyMap<string, string>): RowOutcome {
  if (row.checks.length === 0) return 'unchecked';
  const came = row.checks.flatMap((check) => outcomes.get(check) ?? []).filter((one) => one !== 'not applicable');
  for (const one of ['broken', 'not testable', 'tolerated', 'held', 'skipped'] as const)
    if (came.includes(one)) return one;
  return 'not told';
}
