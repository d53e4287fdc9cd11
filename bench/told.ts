import { contractOf } from '../src/contract.ts';
import type { Question } from '../src/judge.ts';
import { Redactor } from '../src/redact.ts';
import type { Story } from '../src/sequence.ts';
import { tell } from '../src/story.ts';
import type { StepReport } from '../src/telling.ts';
import { openTarget, type Target } from '../src/target.ts';
import { Transport, type Came, type Sent } from '../src/transport.ts';

/** A sequence in one of its versions. */
export interface Told {
  story: Story;
  version: string;
}

/** One request as it was sent, also of those that no report shows, and its answer. */
export interface Exchanged {
  sent: Sent;
  came: Came;
}

/** What an answer was judged by. */
export interface Seen {
  question: Question;
  came: Came;
}

export const TIMEOUT = 30;

class Recording extends Transport {
  readonly exchanged: Exchanged[] = [];

  override async send(sent: Sent): Promise<Came> {
    const came = await super.send(sent);
    this.exchanged.push({ sent, came });
    return came;
  }
}

/** A fresh world of our own. */
export async function world({ story, version }: Told): Promise<Target> {
  return openTarget('reference', {}, { product: story.product, version });
}

/** Tells a sequence to a fresh world. Only the telling is timed, not the world's beginning and end. */
export async function telling(
  told: Told,
  seen?: Seen[],
): Promise<{ ms: number; reports: StepReport[]; exchanged: Exchanged[]; target: Target }> {
  const target = await world(told);
  const transport = new Recording({ timeout: TIMEOUT });
  const { story, version } = told;
  const contract = contractOf(story.product, version);
  const listener = seen ? { judged: (question: Question, came: Came) => void seen.push({ question, came }) } : {};
  try {
    const started = performance.now();
    const reports = await tell({ story, version, target, contract, transport, redactor: new Redactor(), listener });
    const ms = performance.now() - started;
    const broken = reports.find((report) => report.outcome === 'broken' || report.outcome === 'not testable');
    if (broken) throw new Error(`${story.id} (${version}): ${broken.id} does not hold, so nothing can be measured`);
    return { ms, reports, exchanged: transport.exchanged, target };
  } finally {
    await transport.close();
    await target.close();
  }
}
