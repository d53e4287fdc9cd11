import type { Basis } from './finding.ts';
import type { StatementResult } from './judge.ts';
import type { Shape } from './report/shape.ts';
import type { Redactor } from './redact.ts';
import { shown, type Shown } from './shown.ts';
import type { GradedFinding, StepReport } from './telling.ts';

/** What one story came to, free of secrets: what the test hands to the reporter. */
export interface StoryResult {
  target: string;
  targetName: string;
  story: string;
  title: string;
  product: string;
  version: string;
  strict: boolean;
  undocumented: 'report' | 'fail';
  /** Whether the target must offer what the story is about: what is skipped of it makes the run partial. */
  required: boolean;
  /** What the target is held to: a run of fewer sequences than there are for that was filtered. */
  serves: { product: string; version: string }[];
  /** Why the story was not told, and whether that makes the run partial. */
  skipped?: { reason: Shown; partial: boolean };
  steps: StepResult[];
  /** What each step and refusal was answered, by its id, without anything that differs from run to run. */
  shapes: Record<string, Shape<Shown>>;
  /** Entries of the contract that answers have shown. */
  seen: string[];
  /** The version of the server, as it says it itself, where it was asked. */
  says?: Shown;
  /** Values that differ from run to run, longest first, with the name that stands for each. */
  names: [value: Shown, name: string][];
}

/** A finding as it is shown. What it is (kind, grade, basis, page) is said in words of ours. */
export interface ShownFinding extends Omit<GradedFinding, 'where' | 'expected' | 'came'> {
  where: Shown;
  expected: Shown;
  came: Shown;
}

/** A finding with its live text ready to be shown. */
export function shownFinding<T extends GradedFinding>(finding: T, redactor: Redactor): T & ShownFinding {
  const { where, expected, came } = finding;
  return {
    ...finding,
    where: shown(where, 'place', redactor),
    expected: shown(expected, 'sentence', redactor),
    came: shown(came, 'sentence', redactor),
  };
}

export interface StepResult extends Omit<StepReport, 'exchanges' | 'pointer' | 'reason' | 'findings'> {
  reason?: Shown;
  findings: ShownFinding[];
  /** `fixtures/sequences/…yaml:line` */
  place: string;
  url: string;
  statements: StatementResult[];
  /** Why requests of this step were sent again, each time that one was. */
  repeated?: string[];
  /** No request of this step reached the server. */
  unreachable?: true;
}

/** The outcome of a run against one target. */
export type Verdict = 'conforms' | 'partial' | 'violates' | 'not testable';

/**
 * The verdict over stories: a violation outweighs what could not be tested, and that what was skipped. Where nothing held,
 * nothing is known.
 */
export function verdictOf(results: StoryResult[]): Verdict {
  const steps = results.flatMap((result) => result.steps);
  if (steps.some((step) => step.outcome === 'broken')) return 'violates';
  if (steps.some((step) => step.outcome === 'not testable')) return 'not testable';
  const skipped = results.some(
    (result) =>
      result.skipped?.partial === true || (result.required && result.steps.some((step) => step.outcome === 'skipped')),
  );
  if (skipped) return 'partial';
  return steps.some((step) => step.outcome === 'held' || step.outcome === 'tolerated') ? 'conforms' : 'not testable';
}

/** Whether nothing ever answered at the addresses of a target. */
export function neverReached(results: StoryResult[]): boolean {
  const steps = results.flatMap((result) => result.steps);
  const isAnswered =
    results.some(({ shapes }) => Object.keys(shapes).length > 0) ||
    steps.some(({ outcome }) => outcome === 'held' || outcome === 'tolerated' || outcome === 'broken');
  return !isAnswered && steps.some((step) => step.unreachable);
}

/** How many statements held, by basis: a step, each of its further statements, and each refusal is one. */
export function heldByBasis(results: StoryResult[]): Record<Basis, number> {
  const counts: Record<Basis, number> = { documented: 0, standard: 0, recorded: 0, assumed: 0 };
  for (const { statements, outcome, basis } of results.flatMap((result) => result.steps)) {
    if (outcome === 'held') counts[basis]++;
    for (const statement of statements) if (statement.outcome === 'held') counts[statement.basis]++;
  }
  return counts;
}
