import { fulfils } from './form.ts';
import { announcementOf } from './pages.ts';
import { draftOf } from './request.ts';
import type { StoryResult } from './result.ts';
import { Telling, type Stage, type StepReport } from './telling.ts';
import { TransportError } from './transport.ts';

/** The status of what is not there (RFC 9110, 15.5.5). */
const NOT_FOUND = 404;

/** What the request with which a story begins came to, sent ahead of it. */
type Offer = { skipped: NonNullable<StoryResult['skipped']> } | { broken: StepReport };

/**
 * Asks a target that is not ours, ahead of a story, whether it has what the story is about.
 * @param skipped why the story is not told anyway; then the answer is only added to the reason
 * @returns undefined where the story is to be told as if nothing had been asked; else one reason, or one violation, with
 *   the page that announces the end of the feature, where there is one
 */
export async function offerOf(stage: Stage, skipped: StoryResult['skipped']): Promise<Offer | undefined> {
  const { story, target } = stage;
  const { steps, offered, requires } = story.sequence;
  const index = steps.findIndex((step) => step.id === offered);
  const step = steps[index];
  const [feature = ''] = requires;
  if (target.ours || step === undefined || feature in target.lacks) return undefined;
  const told = new Telling(stage);
  const built = told.build(draftOf(step.request, step.errata), undefined);
  if (built.missing.length > 0) return undefined;
  const report = told.report(step, 'step', `/steps/${index}`);
  const status = await statusOf(told, built, step.operation, report);
  if (status === undefined) return undefined;
  const answers = `${built.sent.method} ${built.sent.path} answers ${status}`;
  if (skipped) {
    const word = status === NOT_FOUND ? 'it is not offered' : fulfils('2XX', status) ? 'it is offered' : undefined;
    return word === undefined || target.features.includes(feature)
      ? undefined
      : { skipped: { ...skipped, reason: `${skipped.reason}; ${answers}, so ${word}` } };
  }
  if (status !== NOT_FOUND) return undefined;
  const announced = announcementOf(story.product, feature);
  report.findings.push(
    told.graded({
      kind: 'status',
      where: 'status',
      expected: `${feature}, which ${target.name} is asked for${announced === undefined ? '' : ` (${announced})`}`,
      came: `${status}, so it is not offered`,
      basis: 'standard',
    }),
  );
  return { broken: told.closed({ ...report, reason: `${feature} is not offered; the rest of this was not told` }) };
}

async function statusOf(
  told: Telling,
  built: ReturnType<Telling['build']>,
  operation: string,
  report: StepReport,
): Promise<number | undefined> {
  try {
    return (await told.send(built, operation, report)).status;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return undefined; // the story itself tells that there is no server
  }
}
