import { readFileSync } from 'node:fs';
import path from 'node:path';
import { contractOf } from '../contract.ts';
import { entriesOf, neverSeen } from '../coverage.ts';
import type { Basis, Grade } from '../finding.ts';
import { ledger, outcomeOf, type Row, type RowOutcome } from '../ledger.ts';
import { exactly } from '../names.ts';
import { pagesFile } from '../pages.ts';
import { heldByBasis, verdictOf, type StepResult, type StoryResult, type Verdict } from '../result.ts';
import { stories } from '../sequence.ts';
import type { Shown } from '../shown.ts';
import { ROOT } from '../yaml.ts';
import type { Shape } from './shape.ts';

/** The version of the format; another one is another format. */
export const FORMAT = 1;

/** What a run came to for one target. No clock, no random id: an unchanged server gives an unchanged document. */
export interface Conformance {
  format: typeof FORMAT;
  suite: string;
  target: { id: string; name: string };
  policy: { strict: boolean; undocumented: 'report' | 'fail' };
  verdict: Verdict;
  /** Of a run of fewer sequences than there are for the target: how many, one in two versions counted twice. */
  filtered?: { told: number; of: number };
  counts: { held: Record<Basis, number>; found: Record<Grade, number> };
  stories: StoryEntry[];
  /** What pages announce about features that were asked about here. */
  announced: { page: string; says: string; url: string; features: string[] }[];
  sentences: SentenceEntry[];
  coverage: CoverageEntry[];
}

export interface StoryEntry {
  id: string;
  product: string;
  version: string;
  title: string;
  /** Why it was not told. */
  skipped?: { reason: Shown; partial: boolean };
  statements: StatementEntry[];
}

export interface StatementEntry {
  /** `<sequence>#<step or refusal>` */
  id: string;
  kind: StepResult['kind'];
  says: string;
  page: string;
  basis: Basis;
  outcome: StepResult['outcome'];
  reason?: Shown;
  findings: { grade: Grade; kind: string; where: Shown; expected: Shown; came: Shown; basis: Basis }[];
  /** What is said of the answer beyond its printed form. */
  also: { id: string; says: string; page: string; basis: Basis; outcome: string }[];
  answer?: Shape<Shown>;
}

export interface SentenceEntry extends Row {
  outcome: RowOutcome;
}

export interface CoverageEntry {
  product: string;
  version: string;
  /** The version as the server says it; several where its answers differ, none where it was not asked. */
  says: Shown[];
  /** How many operations, statuses, media types, members, branches and headers the contract names, and how many were seen. */
  named: number;
  seen: number;
  never: string[];
}

/** The document of one target. @param told its stories, in any order */
export function documentOf(told: StoryResult[]): Conformance {
  const results = inOrder(told, (one) => one);
  const [first] = results;
  const stories = results.map(storyEntry);
  const findings = stories.flatMap((story) => story.statements.flatMap((statement) => statement.findings));
  const grades: Grade[] = ['violation', 'not testable', 'notice', 'undocumented', 'tolerated'];
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return {
    format: FORMAT,
    suite: version,
    target: { id: first?.target ?? '', name: first?.targetName ?? '' },
    policy: { strict: first?.strict ?? false, undocumented: first?.undocumented ?? 'report' },
    verdict: verdictOf(results),
    ...filtered(results),
    counts: {
      held: heldByBasis(results),
      found: Object.fromEntries(
        grades.map((grade) => [grade, findings.filter((finding) => finding.grade === grade).length]),
      ) as Record<Grade, number>,
    },
    stories,
    announced: announced(results),
    sentences: sentences(stories),
    coverage: coverage(results),
  };
}

/** Whether only some of the sequences for the target were run, be it by a title, a file, a shard or an early end. */
function filtered(results: StoryResult[]): Pick<Conformance, 'filtered'> {
  const served = new Set((results[0]?.serves ?? []).map(({ product, version }) => `${product} ${version}`));
  const all = [...new Set([...served].map((one) => one.split(' ')[0]))].flatMap((product) =>
    stories(product).flatMap((story) => Object.keys(story.versions).filter((one) => served.has(`${product} ${one}`))),
  );
  const told = new Set(results.map(({ story, version }) => `${story} ${version}`)).size;
  return told < all.length ? { filtered: { told, of: all.length } } : {};
}

/** The verdict in words: of a run that was filtered it says so. */
export function verdictText({ verdict, filtered: part }: Pick<Conformance, 'verdict' | 'filtered'>): string {
  return part === undefined ? verdict : `${verdict} (filtered: ${part.told} of ${part.of} sequences)`;
}

function announced(results: StoryResult[]): Conformance['announced'] {
  const products = new Set(results.map(({ product }) => product));
  return Object.entries(pagesFile()).flatMap(([page, { product, url, deprecates }]) =>
    deprecates && products.has(product) ? [{ page, says: deprecates.says, url, features: deprecates.features }] : [],
  );
}

/** What is about stories, by story and version: the order in which a document has them. */
export function inOrder<T>(list: T[], of: (one: T) => { story: string; version: string }): T[] {
  const place = (one: T): string => `${of(one).story} ${of(one).version}`;
  return list.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

function storyEntry(result: StoryResult): StoryEntry {
  const named = new Map<string, string>(result.names);
  const values = new RegExp(result.names.map(([value]) => exactly(value)).join('|') || '(?!)', 'g');
  const plain = (text: Shown): Shown => text.replace(values, (value) => `{${named.get(value) ?? ''}}`) as Shown;
  const name = result.story.split('/')[1] ?? result.story;
  return {
    id: result.story,
    product: result.product,
    version: result.version,
    title: result.title,
    ...(result.skipped ? { skipped: result.skipped } : {}),
    statements: result.steps.map((step) => {
      const answer = result.shapes[step.id];
      return {
        id: `${name}#${step.id}`,
        kind: step.kind,
        says: step.says,
        page: step.page,
        basis: step.basis,
        outcome: step.outcome,
        ...(step.reason === undefined ? {} : { reason: plain(step.reason) }),
        findings: step.findings.map(({ grade, kind, where, expected, came, basis }) => ({
          grade,
          kind,
          where,
          expected: plain(expected),
          came: plain(came),
          basis,
        })),
        also: step.statements.map(({ says, page, basis, outcome }, index) => ({
          id: `${name}#${step.id}+${index + 1}`,
          says,
          page: page ?? step.page,
          basis,
          outcome,
        })),
        ...(answer === undefined ? {} : { answer }),
      };
    }),
  };
}

/** The ledger with what each row came to; refusals that follow from the contract are rows as they are met. */
function sentences(stories: StoryEntry[]): SentenceEntry[] {
  const told = stories.flatMap((story) => story.statements);
  const outcomes = new Map<string, string[]>();
  for (const { id, outcome } of told.flatMap((one) => [one, ...one.also]))
    outcomes.set(id, [...(outcomes.get(id) ?? []), outcome]);
  const rows = ledger();
  const checked = new Set(rows.flatMap((row) => row.checks));
  const derived = told
    .filter(({ id, kind }) => kind === 'refusal' && !checked.has(id))
    .map(({ id, page, says, basis }): [string, Row] => [id, { id, page, says, basis, checks: [id] }]);
  const pages = Object.keys(pagesFile());
  return [...rows, ...new Map(derived).values()]
    .map((row) => ({ ...row, outcome: outcomeOf(row, outcomes) }))
    .sort((a, b) => pages.indexOf(a.page) - pages.indexOf(b.page));
}

function coverage(results: StoryResult[]): CoverageEntry[] {
  const versions = new Map(results.map(({ product, version }) => [`${product} ${version}`, { product, version }]));
  return [...versions.values()].map(({ product, version }) => {
    const told = results.filter((result) => result.product === product && result.version === version);
    const seen = new Set(told.flatMap((result) => result.seen));
    const entries = entriesOf(contractOf(product, version));
    const says = [...new Set(told.flatMap((result) => result.says ?? []))].sort();
    return { product, version, says, named: entries.size, seen: seen.size, never: neverSeen(entries, seen) };
  });
}
