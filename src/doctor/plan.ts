import { deriveRefusals } from '../refusals.ts';
import { contractOf } from '../contract.ts';
import { whyUntold } from '../permission.ts';
import { build, draftOf } from '../request.ts';
import { stories, type Story } from '../sequence.ts';
import { line, ours, shown, type Shown } from '../shown.ts';
import type { Target } from '../target.ts';
import { Telling } from '../telling.ts';
import { Redactor } from '../redact.ts';
import { Transport } from '../transport.ts';

/** What a run would send to a target, and what it would write, line by line; nothing is sent. */
export async function planOf(target: Target): Promise<Shown[]> {
  const transport = new Transport(target);
  try {
    return target.serves.flatMap(({ product, version }) =>
      stories(product)
        .filter((story) => version in story.versions)
        .flatMap((story) => planOfStory(story, version, target, transport)),
    );
  } finally {
    await transport.close();
  }
}

function planOfStory(story: Story, version: string, target: Target, transport: Transport): Shown[] {
  const { title, steps, refusals = [], derives } = story.sequence;
  const name = ours(`- ${title} (${story.product} ${version})`);
  const untold = whyUntold(story, target);
  if (untold !== undefined)
    return [line`${name}: not told, for ${shown(untold.reason, 'sentence', new Redactor(target.hidden))}`];
  const contract = contractOf(story.product, version);
  const redactor = new Redactor(target.hidden);
  const telling = new Telling({ story, version, target, contract, transport, redactor });
  const seen = new Set<string>();
  let count = refusals.length;
  const requests = steps.map((step) => {
    const draft = draftOf(step.request, step.errata);
    const built = build(draft, telling.question(), undefined);
    if (derives !== false && step.derives !== false && !seen.has(step.operation))
      count += deriveRefusals(step, contract.operation(step.operation), contract, built).length;
    seen.add(step.operation);
    const effect = step.undo ? '  [creates or changes; undone at the end]' : '';
    return line`    ${ours(draft.method.padEnd(6))} ${shown(built.sent.path, 'text', redactor)}${ours(effect)}`;
  });
  return [
    line`${name}${ours(story.sequence.writes ? ': writes' : '')}`,
    ...requests,
    line`    and up to ${count} requests that must be refused`,
  ];
}
