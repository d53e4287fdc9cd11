import { expect, test } from '@playwright/test';
import { contractOf } from '../../src/contract.ts';
import { validateEnvironment } from '../../src/environment.ts';
import { fails } from '../../src/finding.ts';
import { Leftovers } from '../../src/leftovers.ts';
import { Redactor } from '../../src/redact.ts';
import { start } from '../../src/reference/index.ts';
import { draftOf } from '../../src/request.ts';
import { stories } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { Telling } from '../../src/telling.ts';
import { Transport } from '../../src/transport.ts';
import { shortcomings, tellForeign } from './support/worlds.ts';

test.describe.configure({ timeout: 120_000 });

/** What a server with one fault is told as somebody else's: the findings that fail, and those that only give notice. */
async function found(fault: string, sequence: string): Promise<{ failing: string[]; notices: string[] }> {
  const told = await tellForeign('pingidm', { faults: [fault] }, ({ id }) => id === `pingidm/${sequence}`, true);
  expect(told).toHaveLength(1);
  const all = told.flatMap(({ reports }) =>
    reports.flatMap((report) => report.findings.map(({ grade }) => ({ id: report.id, grade }))),
  );
  const ids = (failing: boolean): string[] =>
    all.filter(({ grade }) => grade !== 'undocumented' && fails(grade) === failing).map(({ id }) => id);
  return { failing: ids(true), notices: ids(false) };
}

for (const [sequence, refusals] of [
  ['own-object', ['role-of-an-administrator', 'not-editable', 'not-editable-beside']],
  ['password-change', ['read-only-attribute']],
] as const)
  test(`a server whose users may change what only administrators may is told so once, and judged to the end: ${sequence}`, async () => {
    const { failing, notices } = await found('read-only-attribute-written', sequence);
    expect(failing).toEqual([]);
    expect([...new Set(notices)]).toEqual(refusals);
  });

test('a password that was changed against the rules is put back, so that the rest is judged by the right one', async () => {
  const { failing } = await found('password-change-with-any-password', 'password-change');
  expect([...new Set(failing)]).toEqual([
    'change-with-a-wrong-password',
    'change-with-an-empty-password',
    'change-with-the-new-password',
  ]);
});

test('a form that asks again is nothing that was created, whatever identifier it has: the new user stays until the end', async () => {
  const variants = ['idm-asks-again-with-error'];
  const told = await tellForeign('pingidm', { variants }, ({ id }) => id === 'pingidm/registration', true);
  expect(shortcomings(told)).toEqual([]);
  const held = told.flatMap(({ reports }) => reports.filter(({ outcome }) => outcome === 'held').map(({ id }) => id));
  expect(held).toEqual(expect.arrayContaining(['name-taken', 'delete', 'loginAfter']));
});

/**
 * The statuses of a creation whose answered id leads nowhere, and of the same creation once it was taken away.
 * @param beside whether the sequence creates the same
 */
async function createdTwice(beside: boolean): Promise<number[]> {
  const story = stories('pingidm').find(({ id }) => id === 'pingidm/configuration');
  const step = story?.sequence.steps.find(({ id }) => id === 'create');
  if (!story || !step) throw new Error('there is no such step');
  const [version = ''] = Object.keys(story.versions);
  const world = await start({ product: 'pingidm', version });
  const given = Object.entries(world.variables).filter(([, value]) => value !== '');
  const target = await openTarget('pingidm', validateEnvironment(Object.fromEntries(given)));
  const transport = new Transport({ timeout: 30 });
  const contract = contractOf('pingidm', version);
  const telling = new Telling({ story, version, target, contract, transport, redactor: new Redactor() });
  const leftovers = new Leftovers(telling);
  const built = telling.build(draftOf(step.request, step.errata), step.session);
  try {
    if (beside) leftovers.expect(step, step.undo, built);
    const begun = leftovers.expect(step, step.undo, built);
    if (!begun) throw new Error('nothing is undone');
    const first = await telling.exchange(built.sent);
    leftovers.settle(begun, { ...first, body: Buffer.from('{"_id":"nowhere"}') });
    await leftovers.takeAway(begun);
    await leftovers.cleanUp();
    const second = await telling.exchange(built.sent);
    return [first.status, second.status];
  } finally {
    await transport.close();
    await target.close();
    await world.close();
  }
}

for (const [beside, where] of [
  [false, 'alone'],
  [true, 'beside what the sequence creates'],
] as const)
  test(`what was created against the rules is gone in the end, though its id leads nowhere: ${where}`, async () => {
    // The name is free again.
    expect(await createdTwice(beside)).toEqual([201, 201]);
  });
