import { provide } from './ask.ts';
import { contractOf } from './contract.ts';
import { SuiteError } from './errors.ts';
import { fulfils } from './form.ts';
import { announcementOf } from './pages.ts';
import { printedText } from './printed.ts';
import { draftOf, type Built, type PrintedDraft } from './request.ts';
import type { Skip } from './permission.ts';
import { storyOf, type Step } from './sequence.ts';
import { isRequired } from './target.ts';
import { Telling, type Stage, type StepReport } from './telling.ts';
import { TransportError } from './transport.ts';
import { listOf } from './undo.ts';

/** Why a sequence is not run: for nothing that it asks for, or as one finding. */
type Decision = { skipped: Skip } | { broken: StepReport };

/** A request that only reads, sent ahead of a sequence. */
interface Preflight {
  step: Step;
  draft: PrintedDraft;
}

/**
 * Decides whether a sequence is run against a target, by reading ahead what it is about and the lists of what it creates.
 * What nobody requires and the server does not offer, or the settings do not allow, is skipped; what is required fails.
 * @param skipped why the settings do not allow it; then nothing is sent
 * @returns undefined where the sequence is to be run
 */
export async function offerOf(stage: Stage, skipped?: Skip): Promise<Decision | undefined> {
  const { story, target } = stage;
  const required = isRequired(story, target);
  if (skipped && required && !target.ours) return { broken: notTestable(stage, skipped.reason) };
  if (skipped) return { skipped };
  if (target.ours) return undefined;
  const telling = new Telling(stage);
  for (const { step, draft } of preflightsOf(telling)) {
    const report = telling.report(step, 'step', `/steps/${telling.sequence.steps.indexOf(step)}`);
    const answers = await notOffered(telling, draft, step.operation, report);
    if (answers === undefined) continue;
    if (required) return { broken: missing(telling, report) };
    const feature = featureOf(stage);
    const announced = announcementOf(story.product, feature);
    const reason = `${feature} is not offered: ${answers}${announced === undefined ? '' : `; ${announced}`}`;
    return { skipped: { reason, partial: false } };
  }
  return undefined;
}

/** What a sequence requires of its own. */
function featureOf({ story }: Stage): string {
  return story.yaml.value.requires.at(-1) ?? story.sequence.title;
}

/** The request that the sequence names, and the lists of what it creates, as far as their addresses are known. */
function preflightsOf(telling: Telling): Preflight[] {
  const { steps, offered = [] } = telling.sequence;
  const [first] = [offered].flat();
  const named = steps.flatMap((step) =>
    step.id === first && !(step.operation in telling.stage.target.lacks)
      ? [{ step, draft: draftOf(step.request, step.errata) }]
      : [],
  );
  const lists = steps.flatMap((step) => (step.undo?.id === undefined ? [] : [{ step, draft: listOf(step.undo) }]));
  const resource = ({ draft }: Preflight): string => draft.url.replace(/\?.*$/s, '');
  return [
    ...named,
    ...lists.filter((one, index) => lists.findIndex((other) => resource(other) === resource(one)) === index),
  ];
}

/** The resource of a request, only read: what an action would do is not done. */
function readingOf(draft: PrintedDraft): PrintedDraft {
  if (draft.method === 'GET') return draft;
  const headers = Object.entries(draft.headers).filter(([name]) => !/^content-/i.test(name));
  return { method: 'GET', url: printedText(draft.url.replace(/\?.*$/s, '')), headers: Object.fromEntries(headers) };
}

/**
 * Reads the resource of a request.
 * @returns what was answered where that says that it is not offered; undefined where it is, or where the sequence itself
 *   has to say what is wrong: wrong credentials, an error of the server, no answer
 */
export async function notOffered(
  telling: Telling,
  wanted: PrintedDraft,
  operation: string,
  report: StepReport,
  session?: string,
): Promise<string | undefined> {
  const draft = readingOf(wanted);
  const unknown = telling.build({ ...draft, headers: {} }, undefined).missing;
  if (unknown.length > 0) return undefined;
  try {
    await provide(telling, draft);
    const built = telling.build(draft, session);
    if (built.missing.length > 0) return undefined;
    const { status } = await telling.send(built, operation, report);
    if (fulfils('2XX', status) || (status >= 500 && status !== 501)) return undefined;
    if (mayBeCredentials(status) && !(await areAccepted(telling.stage, built))) return undefined;
    return `${built.sent.method} ${built.sent.path} answers ${status}`;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return undefined;
  }
}

/** Whether a status may mean that the credentials are wrong: some servers answer those with 403, or lead to a page. */
function mayBeCredentials(status: number): boolean {
  return status === 401 || status === 403 || fulfils('3XX', status);
}

/** Whether the credentials of a request are good for what everybody may read whose credentials are right. */
async function areAccepted(stage: Stage, { sent }: Built): Promise<boolean> {
  const { readable, id } = stage.target;
  if (!readable) return false;
  const story = storyOf(readable.story);
  const step = story.sequence.steps.find((one) => one.id === readable.step);
  if (!step)
    throw new SuiteError(`the target '${id}' names ${readable.story}#${readable.step} as readable: no such step`);
  const contract = contractOf(story.product, stage.version);
  const asking = new Telling({ ...stage, story, contract });
  const draft = { ...draftOf(step.request, step.errata), headers: {} };
  const { sent: reading, missing } = asking.build(draft, undefined);
  if (missing.length > 0) return false;
  const { status } = await asking.exchange({
    ...reading,
    headers: sent.headers.filter(([name]) => !/^content-/i.test(name)),
  });
  return !mayBeCredentials(status);
}

/**
 * Why a step that creates something says nothing of the server: its credentials may not create it (403), or what is only
 * assumed to be there is not. What was created once may be created again.
 */
export function deniedBy(telling: Telling, step: Step, built: Built, status: number): string | undefined {
  const created = telling.reports.some(({ exchanges }) =>
    exchanges.some(({ operation, came }) => operation === step.operation && fulfils('2XX', came?.status ?? 0)),
  );
  if (telling.stage.target.ours || step.undo?.id === undefined || created) return undefined;
  const sure = ['documented', 'standard'].includes(step.answer.basis ?? step.basis ?? 'documented');
  const denied = status === 403 || (!sure && fulfils('4XX', status) && status !== 401);
  const why = status === 403 ? 'these credentials may not create it, or it is not licensed' : 'it is not offered';
  return denied ? `${built.sent.method} ${built.sent.path} answers ${status}: ${why}` : undefined;
}

function missing(telling: Telling, report: StepReport): StepReport {
  const { stage } = telling;
  const feature = featureOf(stage);
  const announced = announcementOf(stage.story.product, feature);
  report.findings.push(
    telling.graded({
      kind: 'status',
      where: 'status',
      expected: `${feature}, which ${stage.target.name} is asked for${announced === undefined ? '' : ` (${announced})`}`,
      came: `${report.exchanges.at(-1)?.came?.status ?? 'nothing'}, so it is not offered`,
      basis: 'standard',
    }),
  );
  return telling.closed({ ...report, reason: `${feature} is not offered; the rest of this was not told` });
}

/** What is required and must not be run by the settings. */
function notTestable(stage: Stage, reason: string): StepReport {
  const telling = new Telling(stage);
  const [step] = telling.sequence.steps;
  if (!step) throw new SuiteError(`${stage.story.id} has no steps`);
  const feature = featureOf(stage);
  return telling.untestable(telling.report(step, 'step', '/steps/0'), `${feature} is required, and ${reason}`);
}
