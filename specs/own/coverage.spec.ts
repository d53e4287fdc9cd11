import { expect, test } from '@playwright/test';
import {
  coverageOfReference,
  differences,
  readNeverSeen,
  rewritten,
  type Coverage,
} from '../../src/never-seen-file.ts';

const HINT = '(npm run never-seen writes fixtures/never-seen.yaml anew; it only ever gets smaller)';
const SLOW = 120_000;

let coverage: Coverage[] = [];

test.beforeAll(async () => {
  test.setTimeout(SLOW);
  coverage = await coverageOfReference();
});

test('fixtures/never-seen.yaml lists what the reference target never shows', () => {
  const { added, stale } = differences(readNeverSeen(), coverage);
  expect(added, `never seen, and not in the file: a sequence or the reference target lost it ${HINT}`).toEqual([]);
  expect(stale, `in the file, and no longer never seen ${HINT}`).toEqual([]);
});

test('everything that is seen is something that the contract names', () => {
  for (const { entries, seen } of coverage) expect([...seen].filter((entry) => !entries.has(entry))).toEqual([]);
});

test('the reasons stay when the file is written anew', () => {
  const file = readNeverSeen();
  expect(rewritten(file, coverage)).toEqual(file);
});

test('an entry that is new is named, and a stale one with the nearest', () => {
  const [one] = coverage;
  const listed = one?.never ?? [];
  const [first = '', ...others] = listed;
  const misspelt = { [one?.product ?? '']: [{ entries: [`${first.slice(0, -1)}`, ...others] }] };
  const found = differences(misspelt, one ? [one] : []);
  const here = `${one?.product ?? ''} ${one?.version ?? ''}: `;
  expect(found.added).toEqual([here + first]);
  expect(found.stale).toEqual([
    expect.stringContaining(`${here}${first.slice(0, -1)} is not in the contract (did you mean`),
  ]);
});

test('what stands below a listed entry is meant with it', () => {
  const [one] = coverage;
  const operation = one?.never[0]?.split(' ')[0] ?? '';
  const found = differences({ [one?.product ?? '']: [{ entries: [operation] }] }, one ? [one] : []);
  expect(found.added.filter((entry) => entry.includes(`: ${operation} `))).toEqual([]);
});
