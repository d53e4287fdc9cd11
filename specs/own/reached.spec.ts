import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { safely } from '../../src/journal/safely.ts';
import { standsIn } from '../../src/leak.ts';
import { Redactor } from '../../src/redact.ts';
import { tellInto, untold } from '../../src/report/told.ts';
import { heldByBasis, neverReached, type StoryResult } from '../../src/result.ts';
import { storyOf } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { Transport } from '../../src/transport.ts';
import { watched } from './support/killed.ts';

/** What a story comes to whose server has gone before it begins. */
async function toNobody(id: string): Promise<StoryResult> {
  const world = await watched('pingidm');
  const target = await openTarget('pingidm', { ...world.environment, ALLOW_WRITES: 'true' });
  await world.close();
  const transport = new Transport(target);
  const folder = mkdtempSync(path.join(tmpdir(), 'reached-'));
  const story = storyOf(id);
  const result = untold(story, '7.5', target);
  try {
    await safely(
      story,
      target,
      transport,
      'pingidm',
      (one, journal) => tellInto(result, one, target, transport, new Redactor(), journal),
      folder,
    );
  } finally {
    await transport.close();
    rmSync(folder, { recursive: true });
  }
  return result;
}

for (const id of ['pingidm/policy', 'pingidm/managed-users', 'pingidm/session'])
  test(`where nothing ever answers nothing holds, no clean-up either: ${id}`, async () => {
    const result = await toNobody(id);
    expect(result.steps.filter(({ outcome }) => outcome === 'held').map((step) => step.id)).toEqual([]);
    expect(Object.values(heldByBasis([result]))).toEqual([0, 0, 0, 0]);
    expect(neverReached([result])).toBe(true);
  });

test('a server that has answered anything was reached, whatever came of it', async () => {
  const result = await toNobody('pingidm/policy');
  const [step] = result.steps;
  expect(neverReached([{ ...result, shapes: { a: { status: 200, media: null, headers: [], members: {} } } }])).toBe(
    false,
  );
  for (const outcome of ['held', 'tolerated', 'broken'] as const)
    expect(neverReached([{ ...result, steps: [...result.steps, { ...(step as object), outcome } as never] }])).toBe(
      false,
    );
});

test('a password that is a word counts where it is all of a value, any other wherever it stands', () => {
  const body = JSON.stringify({ userName: 'conformance-1 for a conformance', conformance: 1, of: ['S3cret and more'] });
  expect(standsIn('conformance', body)).toBe(false);
  expect(standsIn('conformance', JSON.stringify({ of: [{ password: 'conformance' }] }))).toBe(true);
  expect(standsIn('conformance', 'your password is conformance')).toBe(true);
  expect(standsIn('S3cret', body)).toBe(true);
  expect(standsIn('S3cre', body)).toBe(false);
});
