import { expect, test } from '@playwright/test';
import { fails } from '../../src/finding.ts';
import { tellForeign } from './support/worlds.ts';

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
