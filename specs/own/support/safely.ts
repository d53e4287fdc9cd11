import { contractOf } from '../../../src/contract.ts';
import type { Environment } from '../../../src/environment.ts';
import { safely } from '../../../src/journal/safely.ts';
import { whySkipped } from '../../../src/permission.ts';
import { Redactor } from '../../../src/redact.ts';
import { storyOf } from '../../../src/sequence.ts';
import { tell } from '../../../src/story.ts';
import { openTarget } from '../../../src/target.ts';
import type { StepReport } from '../../../src/telling.ts';
import { Transport } from '../../../src/transport.ts';

/** Tells a story to a server that outlives the run, as a run does. @returns what each step came to, or why it was not told */
export async function tellSafely(
  id: string,
  targetId: string,
  environment: Environment,
  folder: string,
): Promise<StepReport[] | string> {
  const target = await openTarget(targetId, environment);
  const transport = new Transport({ timeout: target.timeout });
  try {
    const story = storyOf(id);
    const [version = ''] = Object.keys(story.versions);
    const skipped = await whySkipped({ ...story, sequence: { ...story.sequence, requires: [] } }, target, transport);
    if (skipped) return skipped.reason;
    const stage = {
      version,
      target,
      contract: contractOf(story.product, version),
      transport,
      redactor: new Redactor(),
    };
    return await safely(
      story,
      target,
      transport,
      targetId,
      (told, journal) => tell({ ...stage, story: told, ...(journal ? { journal } : {}) }),
      folder,
    );
  } finally {
    await transport.close();
  }
}

/** What did not hold, in words. */
export function broken(reports: StepReport[] | string): string[] {
  if (typeof reports === 'string') return [reports];
  return reports
    .filter(
      ({ outcome, reason, kind }) => !['held', 'not applicable'].includes(outcome) || (kind === 'clean-up' && reason),
    )
    .map(({ id, outcome, reason, findings }) => {
      return `${id}: ${outcome} ${reason ?? ''} ${findings.map(({ where, expected, came }) => `${where}: ${expected}, but ${came}`).join('; ')}`;
    });
}
