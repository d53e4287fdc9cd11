import { expect, test } from '@playwright/test';
import { provide } from '../../src/ask.ts';
import { contractOf } from '../../src/contract.ts';
import { Redactor } from '../../src/redact.ts';
import { draftOf } from '../../src/request.ts';
import { stories, type Story } from '../../src/sequence.ts';
import { equipped } from '../../src/set-ups.ts';
import { openTarget } from '../../src/target.ts';
import { Telling } from '../../src/telling.ts';
import { Transport } from '../../src/transport.ts';
import { undoRequest } from '../../src/undo.ts';
import { watched } from './support/killed.ts';

/** What the journal gives again, or an answer: it is no secret. */
const NOTED = 'noted';

/** The names without a value by which what a killed run has left would be undone, by step. */
async function missing(story: Story, environment: Record<string, string>): Promise<Record<string, string[]>> {
  const target = await openTarget(story.product, environment);
  const transport = new Transport(target);
  const whole = equipped(story, target);
  const version = Object.keys(story.versions)[0] ?? '';
  const stage = { story: whole, version, target, contract: contractOf(story.product, version), transport };
  const { steps, refusals = [], secret = [] } = whole.sequence;
  const found: Record<string, string[]> = {};
  for (const { id, undo } of [...steps, ...refusals]) {
    if (undo === undefined || undo.optional) continue;
    const telling = new Telling({ ...stage, redactor: new Redactor() });
    await provide(telling, draftOf({ method: 'GET', url: undo.url, headers: undo.headers }));
    const left = { undo, scope: telling.scope, markers: [], fresh: [], id: NOTED };
    const names = undoRequest(telling, left).missing.filter((name) => secret.includes(name));
    if (names.length > 0) found[id] = names;
  }
  await transport.close();
  return found;
}

test('after a kill each credential that undoes something is got again, also where set-ups came before it', async () => {
  const world = await watched('pingone');
  const all: [string, Record<string, string[]>][] = [];
  for (const story of stories('pingone'))
    all.push([story.id, await missing(story, { ...world.environment, ALLOW_WRITES: 'true' })]);
  await world.close();
  expect(stories('pingone').some(({ sequence }) => (sequence.given ?? []).length > 0)).toBe(true);
  expect(all.filter(([, names]) => Object.keys(names).length > 0)).toEqual([]);
});
