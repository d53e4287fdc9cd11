import { test as base, type TestDetails, type TestInfo } from '@playwright/test';
import { validateEnvironment, readEnvironment, type Environment } from './environment.ts';
import { contractOf } from './contract.ts';
import { attachmentOf, evidenceOf } from './evidence.ts';
import { messageOf, SuiteError } from './errors.ts';
import { fails } from './finding.ts';
import { safely } from './journal/safely.ts';
import { offerOf } from './offer.ts';
import { whySkipped } from './permission.ts';
import { printableJson } from './printable.ts';
import { Redactor } from './redact.ts';
import { crashed, shownProof, shownSkip, stepResult, tellInto, untold } from './report/told.ts';
import { failureText } from './say.ts';
import { shown } from './shown.ts';
import { stories, type Story } from './sequence.ts';
import type { Listener, Progress, StepReport } from './telling.ts';
import { openTarget, withAddresses } from './target.ts';
import { Transport } from './transport.ts';

/** Playwright's `test` with the target that a project judges. Only its name is an option: options are printed into reports. */
export const test = base.extend<object, { targetId: string }>({
  targetId: ['reference', { option: true, scope: 'worker' }],
});

/** Name under which a story's result is attached, for the reporter. */
export const RESULT = 'conformance';

/** Name under which what altered answers came to is attached. */
export const PROOF = 'kill-matrix data';

/** How many alterations there are to one that is tried, by PROVE. */
const SAMPLES: Record<string, number | undefined> = { all: 1, sample: 25, none: undefined };

/** The variables of this run; a project's own specs ignore them, so that they judge the same everywhere. */
export function environmentOfRun(): Environment {
  const values = process.env['CONFORMANCE_IGNORE_ENVIRONMENT'] === 'true' ? {} : readEnvironment();
  return validateEnvironment(withAddresses(values, values['TARGET']));
}

/** What makes a Playwright test of one story in one version. */
interface Telling {
  title: string;
  details: TestDetails;
  body: (fixtures: { targetId: string }, info: TestInfo) => Promise<void>;
}

/**
 * A telling of each story of a product, in each of its versions. A product has a spec of its own: the stories of one target
 * share its users and its policies, so they are told one after another, and each worker reads one product.
 */
export function tellings(product: string): Telling[] {
  return stories(product).flatMap((story) =>
    Object.entries(story.versions).map(([version, { page }]) => ({
      title: `${story.sequence.title} (${product} ${version})`,
      details: { tag: `@${product}-${version}`, annotation: { type: 'page', description: page } },
      body: ({ targetId }, info) => replay(story, version, targetId, info),
    })),
  );
}

/** Tells one story to Playwright: a step for each exchange, every finding, and a failure at the line of the YAML file. */
async function replay(story: Story, version: string, targetId: string, info: TestInfo): Promise<void> {
  const environment = environmentOfRun();
  const target = await openTarget(targetId, environment, { product: story.product, version });
  const redactor = new Redactor(target.hidden);
  const transport = new Transport(target);
  const errors: Error[] = [];
  const progress: Progress = { step: 0, reports: [] };
  /** With what sets the server up, where that is done. */
  let told = story;
  const result = untold(story, version, target);
  try {
    const skipped = await whySkipped(story, target, transport);
    const contract = contractOf(story.product, version);
    const offer = await offerOf({ story, version, target, contract, transport, redactor }, skipped);
    if (offer && 'broken' in offer) {
      result.steps.push(stepResult(story, offer.broken, redactor));
      errors.push(errorOf(story, offer.broken, redactor));
    } else if (offer) {
      result.skipped = shownSkip(offer.skipped, redactor);
    } else {
      const { reports, prove } = await safely(story, target, transport, targetId, (prepared, journal) => {
        told = prepared;
        const around: Listener['around'] = (title, pointer, work) =>
          asStep(prepared, redactor, errors, title, pointer, work);
        return tellInto(result, prepared, target, transport, redactor, journal, around, progress);
      });
      const every = SAMPLES[environment['PROVE'] ?? 'sample'];
      if (every !== undefined && errors.length === 0)
        await info.attach(PROOF, {
          body: printableJson(shownProof(prove(every), redactor)),
          contentType: 'application/json',
        });
      // What could not be sent follows from a failure that is told already; alone it is the failure.
      const unsent = reports.filter((report) => report.exchanges.length === 0 && report.outcome === 'not testable');
      if (errors.length === 0) errors.push(...unsent.map((report) => errorOf(story, report, redactor)));
    }
  } catch (error) {
    const report = crashed(told, version, progress, messageOf(error));
    result.steps.push(stepResult(told, report, redactor));
    const failure = errorOf(told, report, redactor);
    // Of a mistake of ours the stack says more than its message.
    errors.push(error instanceof SuiteError ? failure : Object.assign(failure, { cause: shownError(error, redactor) }));
  } finally {
    await transport.close();
    await target.close();
    const body = printableJson(result);
    await info.attach(RESULT, { body, contentType: 'application/json' });
  }
  test.skip(result.skipped !== undefined, result.skipped?.reason ?? '');
  if (errors.length === 1) throw errors[0] ?? new Error();
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} steps have findings that fail`);
}

async function asStep(
  story: Story,
  redactor: Redactor,
  errors: Error[],
  title: string,
  pointer: string,
  work: () => Promise<StepReport>,
): Promise<StepReport> {
  let report: StepReport | undefined;
  const { file, line } = story.place(pointer);
  const location = { file, line, column: 5 };
  try {
    await test.step(
      title,
      async (step) => {
        report = await work().catch((error: unknown) => {
          throw shownError(error, redactor);
        });
        const seen = report.exchanges.map((exchange) => evidenceOf(exchange, redactor));
        if (seen.length > 0) {
          const { name, body } = attachmentOf(report.id, seen);
          await step.attach(name, { body, contentType: 'application/json' });
        }
        if (report.findings.some((finding) => fails(finding.grade))) throw errorOf(story, report, redactor);
      },
      { location },
    );
  } catch (error) {
    if (report === undefined) throw error;
    errors.push(error as Error);
  }
  if (report === undefined) throw new Error(`${title}: nothing was reported`);
  return report;
}

/** An error whose stack is the line of the YAML file, so that Playwright shows that line as the code frame. */
function errorOf(story: Story, report: StepReport, redactor: Redactor): Error {
  const failing = { ...report, findings: report.findings.filter((finding) => fails(finding.grade)) };
  const error = new Error(failureText(failing, redactor));
  error.name = 'Finding';
  const { file, line } = story.place(report.pointer);
  error.stack = `Finding: ${error.message}\n    at ${report.id} (${file}:${line}:5)`;
  return error;
}

/** An error of which reporters show everything: its text may hold what a server said, but where it arose is ours. */
function shownError(error: unknown, redactor: Redactor): Error {
  const thrown = error instanceof Error ? error : new Error(String(error));
  const { message, stack = '' } = thrown;
  const frames = stack.slice(stack.indexOf(message) + message.length);
  thrown.message = shown(message, 'sentence', redactor);
  thrown.stack = `${thrown.name}: ${thrown.message}${stack.includes(message) ? frames : ''}`;
  return thrown;
}
