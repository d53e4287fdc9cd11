import { expect, test } from '@playwright/test';
import type { Recorded } from '../../src/expression.ts';
import type { Json } from '../../src/json.ts';
import { came, findings } from './support/judging.ts';

/** What a list that has one created item is found to lack, with the basis of each finding. */
function listed(sent: Json, created: Json, item: Json, operation?: string): string[] {
  const step: Recorded = {
    ...(operation === undefined ? {} : { operation }),
    request: { headers: {}, body: sent },
    response: { status: 201, headers: { 'content-type': 'application/json' }, body: created },
  };
  const answer = came(200, { id: 'b1', title: 'Emma', extra: { list: [item] } });
  const are = ['$made.response.body'];
  const statement = { says: 'it is listed', basis: 'standard' as const, items: { at: '/extra/list', by: '/id', are } };
  return findings({ recorded: new Map([['made', step]]), statements: [statement] }, answer)
    .filter(({ kind }) => kind === 'state')
    .map(({ where, basis }) => `${basis} ${where}`);
}

test('that a list shows what the client did not send is assumed, and what it sent is held', () => {
  const created = { id: 'a', name: 'x', size: { inner: 1, outer: 2 }, condition: { on: true } };
  const sent = { name: 'x', size: { inner: 1 } };
  expect(listed(sent, created, created)).toEqual([]);
  expect(listed(sent, created, { id: 'a', name: 'x', size: created.size })).toEqual([
    'assumed /extra/list/0/condition/on',
  ]);
  expect(listed(sent, created, { ...created, size: { inner: 1 } })).toEqual(['assumed /extra/list/0/size/outer']);
  expect(listed(sent, created, { ...created, size: { outer: 2 } })).toEqual(['standard /extra/list/0/size/inner']);
  expect(listed(sent, created, { id: 'a', size: created.size, condition: created.condition })).toEqual([
    'standard /extra/list/0/name',
  ]);
});

test('a member that the contract does not name where an item is from is not held, however open the list is, unless it was sent', () => {
  const created = { id: 'a', title: 'Emma', author: { name: 'Jane', seen: 1 }, served: 5, note: 'mine' };
  const sent = { title: 'Emma', note: 'mine' };
  const later = { ...created, author: { name: 'Jane', seen: 2 }, served: 15 };
  expect(listed(sent, created, later, 'createBook')).toEqual([]);
  expect(listed(sent, created, { ...later, title: 'Ada', note: 'yours' }, 'createBook')).toEqual([
    'standard /extra/list/0/title',
    'standard /extra/list/0/note',
  ]);
  expect(listed(sent, created, { ...later, author: { name: 'Jo' } }, 'createBook')).toEqual([
    'standard /extra/list/0/author/name',
  ]);
});

test('what a list shows otherwise than the item was answered is no assumption, sent or not', () => {
  const created = { id: 'a', name: 'x', condition: 'always' };
  expect(listed({ name: 'x' }, created, { ...created, condition: 'never' })).toEqual([
    'standard /extra/list/0/condition',
  ]);
});

test('a printed value that is excused at a weaker basis is missed at that basis', () => {
  const excuses = new Map([['/title', { because: 'one source only', basis: 'assumed' as const }]]);
  const expected = { body: { id: 'b1', title: 'Emma' } };
  expect(
    findings({ expected, excuses }, came(200, { id: 'b1' })).map(({ where, basis }) => [where, basis]),
  ).toContainEqual(['/title', 'assumed']);
});

test('what a list has shown before anything was created may stand in it, and no other stranger', () => {
  const before: Recorded = {
    request: { headers: {} },
    response: { status: 200, headers: {}, body: { list: [{ id: 'old' }] } },
  };
  const strangers = (...list: Json[]): string[] => {
    const items = { at: '/extra/list', by: '/id', are: [], others: '$before.response.body#/list' };
    const answer = came(200, { id: 'b1', title: 'Emma', extra: { list } });
    const statements = [{ says: 'nothing else is listed', basis: 'standard' as const, items }];
    return findings({ recorded: new Map([['before', before]]), statements }, answer)
      .filter(({ kind }) => kind === 'state')
      .map(({ where }) => where);
  };
  expect(strangers({ id: 'old', changed: true })).toEqual([]);
  expect(strangers()).toEqual([]);
  expect(strangers({ id: 'old' }, { id: 'new' })).toEqual(['/extra/list/1']);
});
