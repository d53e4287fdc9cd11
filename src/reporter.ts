import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestResult,
  TestStep,
} from '@playwright/test/reporter';
import { endQuietly } from './command.ts';
import { fails } from './finding.ts';
import { readJournals } from './journal/journal.ts';
import type { Proof } from './kill-matrix.ts';
import { PROOF, RESULT } from './replay.ts';
import { tellGithub } from './report/formats/github.ts';
import { grouped } from './report/grouped.ts';
import { verdictText } from './report/document.ts';
import { lostResult } from './report/lost.ts';
import { Progress } from './report/progress.ts';
import { evidenceIn, runOf, type Told } from './report/run.ts';
import { writeReports } from './report/write.ts';
import { heldByBasis, neverReached, verdictOf, type StepResult, type StoryResult } from './result.ts';

/** Exit codes; 0 and 1 are Playwright's own too. */
const FAILED = 1;
const UNREACHABLE = 3;
const PARTIAL = 4;

/** Says in plain sentences what held, and gives the verdict of each target. */
export default class ConformanceReporter implements Reporter {
  /** By test: of one that is tried again, the last result counts. */
  readonly #told = new Map<string, Told>();
  /** Of the targets' own answers, and of the whole proof, where it was made. */
  readonly #proofs: Record<'sampled' | 'whole', Proof[]> = { sampled: [], whole: [] };
  /** On stderr, so that what is piped on has results only. */
  readonly #progress = new Progress(console.error);
  #suite: Suite | undefined;

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    endQuietly();
    this.#suite = suite;
    this.#progress.begin(suite.allTests().length);
  }

  onTestBegin(test: TestCase): void {
    this.#progress.told(test.title);
  }

  onStepBegin(test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.category === 'test.step') this.#progress.told(test.title, step.title);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#progress.ended(test.title);
    const attachment = (name: string): string | undefined =>
      result.attachments.find((one) => one.name === name)?.body?.toString();
    const attached = attachment(RESULT);
    const proof = attachment(PROOF);
    if (proof !== undefined)
      this.#proofs[attached === undefined ? 'whole' : 'sampled'].push(JSON.parse(proof) as Proof);
    if (attached !== undefined)
      this.#told.set(test.id, {
        result: JSON.parse(attached) as StoryResult,
        evidence: evidenceIn(result.attachments),
      });
  }

  /** Sequences that handed over no result, where there was a target to be judged: nothing is passed over. */
  #lost(): Told[] {
    const tests = this.#suite?.allTests() ?? [];
    // Where none was begun, they were only listed.
    if (tests.every(({ results }) => results.length === 0)) return [];
    return tests
      .filter((test) => !this.#told.has(test.id))
      .flatMap((test) => lostResult(test, test.results.at(-1)) ?? [])
      .map((result) => ({ result, evidence: new Map() }));
  }

  /** What Playwright does not know: that a server was never there, and that something was left out. */
  #exitCode(of: StoryResult[][], { status }: FullResult): number | undefined {
    if (status === 'failed' && of.some((results) => neverReached(results))) return UNREACHABLE;
    const verdicts = of.map((results) => verdictOf(results));
    if (status !== 'passed') return undefined;
    if (verdicts.some((verdict) => verdict === 'violates' || verdict === 'not testable')) return FAILED;
    return verdicts.includes('partial') ? PARTIAL : undefined;
  }

  /** The whole proof is about worlds of our own; a target's own answers are altered by sample. */
  #proofsOf(results: StoryResult[]): Proof[] {
    if (this.#proofs.whole.length > 0) return this.#proofs.whole;
    const told = new Set(results.map(({ story, version }) => `${story} ${version}`));
    return this.#proofs.sampled.filter(({ story, version }) => told.has(`${story} ${version}`));
  }

  onEnd(result: FullResult): void {
    this.#progress.end();
    let unwritten = false;
    const targets = grouped([...this.#told.values(), ...this.#lost()], (one) => one.result.target);
    for (const told of targets.values()) {
      const results = told.map((one) => one.result);
      const run = runOf(told, this.#proofsOf(results));
      console.log(summary(results, verdictText(run.document)));
      const { file, problems } = writeReports(run);
      console.log(`    report: ${file}.html`);
      for (const problem of problems) console.error(`  ${problem}`);
      unwritten ||= problems.length > 0;
      tellGithub(run, process.env, console.log);
    }
    if (result.status === 'interrupted' && readJournals().length > 0)
      console.log('\n  ended before everything was cleaned up: npm run clean does the rest, or the next run');
    const code = this.#exitCode(
      [...targets.values()].map((told) => told.map((one) => one.result)),
      result,
    );
    // Playwright's own code stands, but that it says 0 of merged shards that did not end.
    process.once('exit', (own) => {
      process.exitCode = code ?? (own === 0 && (unwritten || result.status !== 'passed') ? FAILED : own);
    });
  }
}

/** What a run against one target came to. */
function summary(results: StoryResult[], verdict: string): string {
  const [first] = results;
  const lines: string[] = [''];
  for (const result of results) {
    lines.push(`  ${result.title} (${result.product} ${result.version})`);
    if (result.skipped) lines.push(`    - not told: ${result.skipped.reason}`);
    lines.push(...result.steps.flatMap((step) => sentence(step)));
    const refusals = result.steps.filter((step) => step.kind === 'refusal');
    const held = refusals.filter((step) => step.outcome === 'held').length;
    const left = (['broken', 'not testable', 'tolerated', 'skipped', 'not applicable'] as const).find((outcome) =>
      refusals.some((step) => step.outcome === outcome),
    );
    if (refusals.length > 0)
      lines.push(
        `    ${MARKS[left ?? 'held']} ${held} of ${refusals.length} requests that must be refused are, and leave no trace`,
      );
    lines.push('');
  }
  const steps = results.flatMap((result) => result.steps);
  const findings = steps.flatMap((step) => step.findings);
  const count = (grade: string): number => findings.filter((finding) => finding.grade === grade).length;
  for (const step of steps)
    for (const finding of step.findings.filter((one) => !fails(one.grade)))
      lines.push(
        `  ${finding.grade}: ${step.id} ${finding.where}: expected ${finding.expected}, came ${finding.came} (${finding.basis}, ${step.place})`,
      );
  const bases = Object.entries(heldByBasis(results))
    .map(([basis, number]) => `${number} ${basis}`)
    .join(', ');
  const skipped = [
    ...new Set([
      ...steps.filter((step) => step.outcome === 'skipped').map((step) => `${step.id}: ${step.reason ?? ''}`),
      ...results.flatMap((result) => (result.skipped?.partial ? [result.skipped.reason] : [])),
    ]),
  ];
  const repeated = steps.flatMap((step) => step.repeated ?? []);
  for (const why of new Set(repeated))
    lines.push(`  sent again: ${repeated.filter((one) => one === why).length} times (${why})`);
  if (skipped.length > 0) lines.push(`  skipped (${skipped.length}): ${skipped.join('; ')}`);
  lines.push(
    `  ${first?.targetName ?? ''}: ${verdict}`,
    `    held: ${bases}`,
    `    found: ${count('violation')} violations, ${count('not testable')} not testable, ${count('notice')} notices, ${count('tolerated')} tolerated, ${count('undocumented')} undocumented`,
    `    policy: statements that are recorded or assumed ${first?.strict ? 'fail' : 'are notices'}${first?.strict ? '' : ' (STRICT=true makes them fail)'}; undocumented members ${first?.undocumented === 'fail' ? 'fail' : 'are reported'}`,
  );
  return lines.join('\n');
}

const MARKS: Record<StepResult['outcome'], string> = {
  held: '✓',
  broken: '✗',
  tolerated: '~',
  skipped: '-',
  'not testable': '✗',
  'not applicable': '·',
};

function sentence(step: StepResult): string[] {
  if (step.kind === 'refusal' && (step.outcome === 'held' || step.outcome === 'not applicable')) return [];
  const reason = step.reason === undefined ? '' : ` (${step.reason})`;
  return [`    ${MARKS[step.outcome]} ${step.says}${reason}`];
}
