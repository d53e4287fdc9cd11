import { contractOf, type Contract } from '../contract.ts';
import { seenIn } from '../coverage.ts';
import type { Journal } from '../journal/journal.ts';
import { at } from '../json.ts';
import { Witness, type Proof } from '../kill-matrix.ts';
import type { Scope } from '../names.ts';
import { pagesFile } from '../pages.ts';
import type { Skip } from '../permission.ts';
import type { Redactor } from '../redact.ts';
import { shownFinding, type StepResult, type StoryResult } from '../result.ts';
import type { Story } from '../sequence.ts';
import { equipped } from '../set-ups.ts';
import { shown, type Shown } from '../shown.ts';
import { tell } from '../story.ts';
import { isRequired, type Target } from '../target.ts';
import type { Exchange, Listener, Progress, StepReport } from '../telling.ts';
import { parseJson, type Transport } from '../transport.ts';
import { shapeOf, shownShape } from './shape.ts';

/** The result of a story that was not told yet. */
export function untold(story: Story, version: string, target: Target): StoryResult {
  return {
    target: target.id,
    targetName: target.name,
    story: story.id,
    title: story.sequence.title,
    product: story.product,
    version,
    strict: target.strict,
    undocumented: target.undocumented,
    required: isRequired(story, target),
    serves: target.serves,
    steps: [],
    shapes: {},
    seen: [],
    names: [],
  };
}

/**
 * Tells a story and notes everything that a report says of it, also of one that a mistake has ended too early.
 * @param journal where what is created is said beforehand, on a server that outlives the run
 * @param around how each step is shown while it happens
 * @param progress how far it came, also where a mistake ends it
 * @returns what each step came to, and a way to alter the answers that came
 */
export async function tellInto(
  result: StoryResult,
  asked: Story,
  target: Target,
  transport: Transport,
  redactor: Redactor,
  journal?: Journal,
  around?: Listener['around'],
  progress: Progress = { step: 0, reports: [] },
): Promise<{ reports: StepReport[]; prove: (every: number) => Proof }> {
  const { version } = result;
  const story = equipped(asked, target);
  const contract = contractOf(story.product, version);
  const witness = new Witness(story);
  const listener: Listener = {
    ...(around ? { around } : {}),
    judged: (question, came) => {
      const at = story.sequence.steps.findIndex((one) => one.id === question.step);
      const step = story.sequence.steps[at];
      if (!step || at < story.setUp) return;
      witness.judged(question, came);
      result.shapes[step.id] = shownShape(shapeOf(came, step, question.names), redactor);
    },
    ended: (scope) => {
      result.names = namesOf(scope, redactor);
    },
  };
  const { reports } = progress;
  const stage = { story, version, target, contract, transport, redactor, listener, progress };
  try {
    await tell(journal ? { ...stage, journal } : stage);
  } finally {
    note(result, story, contract, reports, redactor);
  }
  return { reports, prove: (every) => witness.prove(version, target.ours ? 'ours' : 'foreign', contract, every) };
}

/** What a report says of a story besides the shapes of its answers. */
function note(result: StoryResult, story: Story, contract: Contract, reports: StepReport[], redactor: Redactor): void {
  result.steps.push(...reports.map((report) => stepResult(story, report, redactor)));
  for (const { id, kind, exchanges } of reports) {
    const came = exchanges.at(-1)?.came;
    if (kind === 'refusal' && came) result.shapes[id] = shownShape(shapeOf(came), redactor);
  }
  const told = reports.filter(({ kind }) => kind !== 'probe').flatMap((report) => report.exchanges);
  const says = told.flatMap((exchange) => versionIn(contract, exchange)).at(-1);
  if (says !== undefined) result.says = shown(says, 'text', redactor);
  result.seen = [...seenIn(contract, told)].sort();
}

/**
 * What keeps a story from being told to its end, such as a mistake in a fixture: nothing is known of the step that it was
 * at, nor of what follows.
 */
export function crashed(
  story: Story,
  version: string,
  { step: index, reports }: Progress,
  problem: string,
): StepReport {
  const step = story.sequence.steps[index];
  // The step itself may have been told already: what comes after the last one has no step of its own.
  const id = reports.some((report) => report.id === step?.id) ? `${step?.id ?? ''}~end` : (step?.id ?? '');
  const reason = `the sequence ended here: ${problem}`;
  return {
    id,
    says: step?.says ?? story.sequence.title,
    kind: 'step',
    page: step?.page ?? story.versions[version]?.page ?? '',
    basis: 'documented',
    pointer: `/steps/${index}`,
    outcome: 'not testable',
    reason,
    findings: [
      {
        kind: 'not testable',
        where: 'request',
        expected: 'a sequence that can be run to its end',
        came: problem,
        basis: 'documented',
        grade: 'not testable',
      },
    ],
    statements: [],
    exchanges: [],
  };
}

/** The version that an answer says, if it is the answer of the operation that tells it. */
function versionIn(contract: Contract, { operation, came }: Exchange): string[] {
  const pointer = contract.operations.get(operation)?.version;
  if (pointer === undefined || came?.status !== 200) return [];
  const parsed = parseJson(came.body);
  const says = 'json' in parsed ? at(parsed.json, pointer) : undefined;
  return typeof says === 'string' ? [says] : [];
}

/** Values of names that are told apart from words, the longest first; one that is masked stands nowhere. */
function namesOf(scope: Scope, redactor: Redactor): StoryResult['names'] {
  return [...scope]
    .filter(([, { value }]) => value.length > 5 && !/^\p{L}+$/u.test(value) && redactor.text(value) === value)
    .map(([name, { value }]): StoryResult['names'][number] => [shown(value, 'text', redactor), name])
    .sort(([a], [b]) => b.length - a.length);
}

/** What a step came to, free of secrets and of what it sent. Only what a server or the settings say is masked. */
export function stepResult(story: Story, report: StepReport, redactor: Redactor): StepResult {
  const { exchanges, pointer, reason, findings, ...rest } = report;
  const repeated = exchanges.flatMap(({ came }) => came?.repeated ?? []);
  const unreachable = exchanges.length > 0 && exchanges.every(({ unreachable }) => unreachable === true);
  const url = pagesFile()[report.page]?.url ?? '';
  const place = story.place(pointer);
  return {
    ...rest,
    ...(reason === undefined ? {} : { reason: shown(reason, 'sentence', redactor) }),
    findings: findings.map((finding) => shownFinding(finding, redactor)),
    place: `${place.name}:${place.line}`,
    url,
    ...(repeated.length > 0 ? { repeated } : {}),
    ...(unreachable ? { unreachable } : {}),
  };
}

/** Why a story is not told, ready to be shown. */
export function shownSkip({ reason, partial }: Skip, redactor: Redactor): NonNullable<StoryResult['skipped']> {
  return { reason: shown(reason, 'sentence', redactor), partial };
}

/** What altered answers came to, ready to be shown: only places and values are a server's. */
export function shownProof(proof: Proof, redactor: Redactor): Proof {
  const place = (text: string): Shown => shown(text, 'place', redactor);
  const sentence = (text: string): Shown => shown(text, 'sentence', redactor);
  return {
    ...proof,
    unaltered: proof.unaltered.map(sentence),
    stale: proof.stale.map(sentence),
    refused: proof.refused.map(sentence),
    survivors: proof.survivors.map((one) => ({ ...one, pointer: place(one.pointer), ways: one.ways.map(sentence) })),
  };
}
