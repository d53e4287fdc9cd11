import { expect, test } from '@playwright/test';
import { contractOf } from '../../src/contract.ts';
import { stories } from '../../src/sequence.ts';

/** Operations of the contracts that no sequence sends, each with the reason. It may only get shorter. */
const NEVER_SENT: Record<string, string> = {};

/** Every operation of a product's contracts, and those that its sequences and set-ups send. */
function operationsOf(product: string): { named: Set<string>; sent: Set<string> } {
  const all = stories(product);
  const versions = new Set(all.flatMap((story) => Object.keys(story.versions)));
  const named = [...versions].flatMap((version) => [...contractOf(product, version).operations.keys()]);
  const sent = all.flatMap(({ sequence }) => sequence.steps.map(({ operation }) => operation));
  return { named: new Set(named), sent: new Set(sent) };
}

for (const product of ['pingidm', 'pingone'])
  test(`every operation that the contracts of ${product} name is sent by a sequence`, () => {
    const { named, sent } = operationsOf(product);
    const unsent = [...named].filter((operation) => !sent.has(operation));
    const excused = Object.keys(NEVER_SENT).filter((operation) => named.has(operation));
    expect(unsent.filter((operation) => !(operation in NEVER_SENT))).toEqual([]);
    expect(
      excused.filter((operation) => sent.has(operation)),
      'excused, and sent by now',
    ).toEqual([]);
  });
