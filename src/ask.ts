import { applies } from './statement.ts';
import { build, draftOf, type Draft } from './request.ts';
import type { Step } from './sequence.ts';
import type { Telling } from './telling.ts';
import type { Came } from './transport.ts';

const READING = ['GET', 'POST'];

/**
 * Sends one step of a story by itself, after those that its names come from, such as a token; nothing is judged.
 * @throws TransportError when no answer came
 */
export async function ask(telling: Telling, step: Step): Promise<Came | undefined> {
  const draft = draftOf(step.request, step.errata);
  await provide(telling, draft);
  const built = telling.build(draft, undefined);
  if (built.missing.length > 0) return undefined;
  return await telling.exchange(built.sent);
}

/** Gets values for the names of a request that have none yet: from the steps that print them, before the story itself creates anything. */
export async function provide(telling: Telling, draft: Draft, within: Step[] = []): Promise<void> {
  const { steps } = telling.sequence;
  // What sets the server up creates things before the story has got a token of its own.
  const creating = steps.findIndex((step, index) => index >= telling.stage.story.setUp && step.undo !== undefined);
  const harmless = (creating < 0 ? steps : steps.slice(0, creating)).filter(
    (step) => step.undo === undefined && READING.includes(step.request.method) && !within.includes(step),
  );
  for (const name of build(draft, telling.question(), undefined).missing) {
    const step = harmless.find(
      (one) =>
        telling.names.mentionedIn(one.answer.body).includes(name) &&
        (!one.when || applies(one.when, telling.question())),
    );
    if (!step) continue;
    await provide(telling, draftOf(step.request, step.errata), [...within, step]);
    const came = await ask(telling, step);
    if (!came || came.status >= 300) continue;
    telling.scope = telling.judge(step, step.answer, [], came).scope;
  }
}
