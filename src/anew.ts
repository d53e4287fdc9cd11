import { draftOf } from './request.ts';
import type { Step } from './sequence.ts';
import type { StepReport, Telling } from './telling.ts';

/**
 * Sends steps again and does something with what they give; then the sequence goes on with what it had.
 * @param ids of the steps, in their order; one that is answered with an error gives nothing
 * @param report where their exchanges are recorded
 */
export async function anew<Result>(
  telling: Telling,
  ids: string[],
  report: StepReport,
  work: () => Promise<Result>,
): Promise<Result> {
  const kept = { scope: telling.scope, recorded: [...telling.recorded], cookies: [...telling.cookies] };
  try {
    telling.know(
      new Map([...kept.scope].filter(([, { places }]) => !ids.some((id) => places[0]?.startsWith(`${id} `)))),
    );
    for (const step of telling.sequence.steps) if (ids.includes(step.id)) await again(telling, step, report);
    return await work();
  } finally {
    telling.know(kept.scope);
    restore(telling.recorded, kept.recorded);
    restore(telling.cookies, kept.cookies);
  }
}

async function again(telling: Telling, step: Step, report: StepReport): Promise<void> {
  const built = telling.build(draftOf(step.request, step.errata), step.session);
  if (built.missing.length > 0) return;
  const came = await telling.send(built, step.operation, report, step.id);
  telling.know(telling.judge(step, step.answer, [], came).scope);
}

function restore<Value>(map: Map<string, Value>, entries: [string, Value][]): void {
  map.clear();
  for (const [name, value] of entries) map.set(name, value);
}
