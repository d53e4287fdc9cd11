import { expect, test } from '@playwright/test';
import { failures } from '../../src/assertion.ts';
import type { Recorded } from '../../src/expression.ts';
import { fails, gradeOf, type Finding } from '../../src/finding.ts';
import type { Json } from '../../src/json.ts';
import { judge } from '../../src/judge.ts';
import type { Schema } from '../../src/printed.ts';
import type { Statement } from '../../src/sequence.ts';
import { came, findings, found, question, scopeOf } from './support/judging.ts';
import { written, type Written } from './support/written.ts';

const book = { id: 'b1', title: 'Emma' };
const recorded = (body: Json): Map<string, Recorded> =>
  new Map([['earlier', { request: { headers: {} }, response: { status: 200, headers: {}, body } }]]);
const says = (statement: Omit<Written<Statement>, 'says'>): Written<Statement>[] => [
  { says: 'something holds', ...statement },
];

test('an answer as it is printed has no findings', () => {
  expect(found({ expected: { status: 200, body: book } }, came(200, book))).toEqual([]);
});

test('members in another order, a charset and header names in upper case are no findings', () => {
  const answer = came(200, { title: 'Emma', id: 'b1' }, [['CONTENT-TYPE', 'Application/JSON; charset=utf-8']]);
  expect(found({ expected: { status: 200, body: book } }, answer)).toEqual([]);
});

test('another status is found, and nothing else is held against an answer of another class', () => {
  expect(found({ expected: { status: 200, body: book } }, came(404, { code: 404 }))).toEqual(['status status']);
});

test('each claim on a status is judged on its own basis', () => {
  const status = [
    { is: '4XX', basis: 'standard' as const },
    { is: 404, basis: 'assumed' as const },
  ];
  const [finding, ...more] = findings({ expected: { status } }, came(410, { code: 410 }));
  expect(finding).toMatchObject({ kind: 'status', expected: '404', came: '410', basis: 'assumed' });
  expect(more).toEqual([]);
});

test('a status that the contract does not list is undocumented', () => {
  expect(found({}, came(202, book))).toEqual(['undocumented status']);
});

test('another media type is found, and none too', () => {
  expect(found({}, came(200, book, [['Content-Type', 'text/plain']]))).toEqual(['media type media type']);
  expect(found({}, { ...came(200, book), headers: [] })).toEqual(['media type media type']);
});

test('an empty body is found', () => {
  expect(found({ expected: { status: 200 } }, came(200))).toEqual(['body body']);
});

test('a body where the contract has none is undocumented', () => {
  expect(found({ operation: 'deleteBook' }, came(204, book))).toEqual(['undocumented body']);
});

test("a proxy's HTML is found, and named", () => {
  const html = came(200, Buffer.from('<!DOCTYPE html><title>Log in</title>'), [['Content-Type', 'text/html']]);
  const [type, body] = findings({}, html);
  expect(type).toMatchObject({ kind: 'media type', came: 'text/html' });
  expect(body?.came).toContain('HTML');
});

test('JSON that is cut short, or not UTF-8, is found', () => {
  const typed: [string, string][] = [['Content-Type', 'application/json']];
  expect(found({}, came(200, Buffer.from('{"id":"b1"'), typed))).toEqual(['body body']);
  expect(found({}, came(200, Buffer.from([0x22, 0xff, 0x22]), typed))).toEqual(['body body']);
});

test('what the contract forbids is found, on the basis that the contract gives', () => {
  const wrong = findings({}, came(200, { id: 5, title: 'Emma', price: -1 }));
  const told = wrong.map((one) => `${one.kind} ${one.where} ${one.basis}: ${one.came}`).sort();
  expect(told).toEqual(['contract /id documented: 5', 'contract /price recorded: -1']);
});

test('a member that the contract does not name is undocumented, at any depth', () => {
  const answer = came(200, { ...book, isbn: '1', author: { name: 'Jane', age: 41 } });
  expect(found({}, answer).sort()).toEqual(['undocumented /author/age', 'undocumented /isbn']);
});

test('a member that a part of the contract does not name makes no other member of that part undocumented', () => {
  const answer = came(200, { ...book, price: 1, discount: { percent: 5, reason: 'old' }, isbn: '1' });
  expect(found({}, answer).sort()).toEqual(['undocumented /discount/reason', 'undocumented /isbn']);
});

test('a violation makes no other member undocumented', () => {
  const answer = came(200, { ...book, price: -1, currency: 'EUR', isbn: '1', author: { name: 5, born: 1775 } });
  expect(found({}, answer).sort()).toEqual(['contract /author/name', 'contract /price', 'undocumented /isbn']);
});

test('a violation in a part that is chosen by another member makes no member undocumented', () => {
  const answer = came(200, { ...book, sale: { by: 'Anna', until: '', to: { price: 1 } }, isbn: '1' });
  expect(found({}, answer).sort()).toEqual(['contract /sale/until', 'undocumented /isbn']);
});

const full = { id: 'b1', title: 'Emma', price: 5, author: null, tags: ['a', 'b'] };
for (const [what, answer, where] of [
  ['another value', { ...full, title: 'emma' }, '/title'],
  ['another type', { ...full, price: '5' }, '/price'],
  ['a value in place of null', { ...full, author: 1 }, '/author'],
  ['a missing member', { id: 'b1', price: 5, author: null, tags: ['a', 'b'] }, '/title'],
  ['a shorter array', { ...full, tags: ['a'] }, '/tags/1'],
  ['a longer array', { ...full, tags: ['a', 'b', 'c'] }, '/tags'],
  ['an array in another order', { ...full, tags: ['b', 'a'] }, '/tags/0'],
  ['an object in place of an array', { ...full, tags: {} }, '/tags'],
] as [string, Json, string][])
  test(`${what} is found`, () => {
    expect(found({ expected: { status: 200, body: full } }, came(200, answer))).toContain(`printed value ${where}`);
  });

test('a member added to a printed {} or [] is undocumented', () => {
  const printed = { ...book, extra: {}, tags: [] };
  expect(found({ expected: { body: printed } }, came(200, { ...printed, extra: { a: 1 }, tags: ['x'] }))).toEqual([
    'undocumented /extra/a',
    'undocumented /tags/0',
  ]);
});

test('a number printed from a shorter float is the same within 1e-6, and a printed integer only as it is', () => {
  const priced = (price: number): Json => ({ ...book, price });
  expect(found({ expected: { body: priced(42.857143) } }, came(200, priced(42.857142857)))).toEqual([]);
  expect(found({ expected: { body: priced(42.857143) } }, came(200, priced(42.85715)))).not.toEqual([]);
  expect(found({ expected: { body: priced(42) } }, came(200, priced(42.0000001)))).not.toEqual([]);
});

test('an excuse frees a value, and its schema still binds it', () => {
  const excuses = new Map([['/price', { because: 'prices change', schema: { type: 'number', maximum: 9 } }]]);
  const asked = { excuses, expected: { body: { ...book, price: 5 } } };
  expect(found(asked, came(200, { ...book, price: 7 }))).toEqual([]);
  expect(found(asked, came(200, { ...book, price: 10 }))).toEqual(['printed value /price']);
  expect(found(asked, came(200, book))).toEqual(['printed value /price']);
});

test('an excuse without a schema keeps the printed type', () => {
  const asked = { excuses: new Map([['/title', { because: 'titles change' }]]), expected: { body: book } };
  expect(found(asked, came(200, { id: 'b1', title: 'Persuasion' }))).toEqual([]);
  expect(found(asked, came(200, { id: 'b1', title: 7 }))).toContain('printed value /title');
});

test('a name that has two values is found, and the scope keeps the first', () => {
  const names = { b1: 'book.id', 'http://shop': 'links' };
  const expected = { body: { id: 'b1', title: 'Emma', href: 'http://shop/books/b1' } };
  const answer = came(200, { id: 'x9', title: 'Emma', href: 'https://other/books/x8' });
  const judged = judge(question({ names, expected }), answer);
  expect(judged.findings.map(({ kind, where }) => `${kind} ${where}`)).toEqual(['unification /href']);
  expect(judged.scope.get('book.id')?.value).toBe('x9');
});

test('a later answer is held to the names of an earlier one', () => {
  const asked = { names: { b1: 'book.id' }, scope: scopeOf({ 'book.id': 'x9' }), expected: { body: book } };
  expect(found(asked, came(200, { ...book, id: 'x9' }))).toEqual([]);
  expect(found(asked, came(200, { ...book, id: 'x8' }))).toEqual(['unification /id']);
});

for (const [what, statement, body] of [
  [
    'a schema',
    { schema: { properties: { title: { const: '$earlier.response.body#/title' } } } },
    { ...book, title: 'Ema' },
  ],
  ['a held value', { holds: [{ value: '$earlier.response.body' }] }, { id: 'b1', title: 'Ema' }],
  [
    'a list that is a set',
    { items: { at: '/list', by: '/id', are: ['$earlier.response.body'] } },
    { ...book, list: [] },
  ],
] as [string, Omit<Written<Statement>, 'says'>, Json][])
  test(`${what} that does not hold is found as state`, () => {
    const kinds = findings({ recorded: recorded(book), statements: says(statement) }, came(200, body)).filter(
      ({ kind }) => kind === 'state',
    );
    expect(kinds.map(({ expected }) => expected)).toEqual([expect.stringContaining('(something holds)')]);
  });

test('a list is a set: order does not count, a double, a stranger and a changed item do', () => {
  const statements = says({
    items: { at: '/extra/list', by: '/id', are: ['$earlier.response.body#/a', '$earlier.response.body#/b'] },
  });
  const [a, b] = [
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
  ];
  const listed = (...list: Json[]): string[] =>
    found({ recorded: recorded({ a, b }), statements }, came(200, { ...book, extra: { list } }));
  expect(listed(b, a)).toEqual([]);
  expect(listed(a, b, b)).toEqual(['state /extra/list']);
  expect(listed(a, b, { id: 'c' })).toEqual(['state /extra/list/2']);
  expect(listed(b, { id: 'a', n: 5 })).toEqual(['state /extra/list/1/n']);
});

test('a statement on a value that no earlier step gave is not testable', () => {
  const statements = says({ schema: { properties: { title: { const: '$never.response.body#/title' } } } });
  const judged = judge(question({ statements }), came(200, book));
  expect(judged.findings).toMatchObject([{ kind: 'not testable' }]);
  expect(judged.statements).toMatchObject([{ outcome: 'not testable' }]);
});

test('a statement whose condition does not hold says nothing', () => {
  const when = { value: '$earlier.response.body#/title', matches: { const: 'Emma' } };
  const statements = says({ when, schema: false });
  expect(judge(question({ statements, recorded: recorded({}) }), came(200, book)).statements).toMatchObject([
    { outcome: 'not applicable' },
  ]);
  expect(found({ statements, recorded: recorded(book) }, came(200, book))).toEqual(['state ']);
});

test('a header that is missing or other than said is found, and its value is not shown', () => {
  const statements = says({ headers: { 'Set-Cookie': { type: 'string', pattern: '^session=' } } });
  expect(found({ statements }, came(200, book, [['set-cookie', 'session=1']]))).toEqual([]);
  expect(findings({ statements }, came(200, book))).toMatchObject([{ where: 'header Set-Cookie', came: 'absent' }]);
  const other = findings({ statements }, came(200, book, [['set-cookie', 'key=value-not-shown']]));
  expect(other).toMatchObject([{ kind: 'header' }]);
  expect(JSON.stringify(other)).not.toContain('value-not-shown');
});

test('what a lossy copy does not show is assumed, with all below it', () => {
  const expected = { body: { ...book, author: { name: 'Jane' } } };
  const wrong = findings(
    { expected, lost: ['/author'] },
    came(200, { id: 'b1', title: 'Ema', author: { name: 'June' } }),
  );
  expect(wrong.map(({ where, basis }) => `${where} ${basis}`)).toEqual(['/title documented', '/author/name assumed']);
});

test('judging is pure: the same question and answer give the same findings', () => {
  const asked = question({ expected: { status: 200, body: book }, names: { b1: 'book.id' } });
  const answer = came(200, { id: 7, title: 'x', isbn: '' });
  const before = structuredClone(answer.body.toString());
  expect(judge(asked, answer)).toEqual(judge(asked, answer));
  expect(answer.body.toString()).toBe(before);
  expect(asked.scope.size).toBe(0);
});

test('documented and standard findings fail; recorded and assumed ones when strict; undocumented ones when asked for', () => {
  const grade = (finding: Partial<Finding>, strict: boolean, undocumented: 'report' | 'fail' = 'report'): boolean =>
    fails(gradeOf({ kind: 'status', basis: 'documented', ...finding } as Finding, { strict, undocumented }));
  expect([grade({}, false), grade({ basis: 'standard' }, false)]).toEqual([true, true]);
  expect([grade({ basis: 'recorded' }, false), grade({ basis: 'assumed' }, true)]).toEqual([false, true]);
  expect([grade({ kind: 'undocumented' }, true), grade({ kind: 'undocumented' }, false, 'fail')]).toEqual([
    false,
    true,
  ]);
  expect(grade({ kind: 'not testable', basis: 'assumed' }, false)).toBe(true);
});

test('a schema may refer to what it defines itself', () => {
  const schema = { $defs: { clear: { type: 'string', not: { const: 'secret' } } }, items: { $ref: '#/$defs/clear' } };
  expect(failures(written<Schema>(schema), ['plain', 'secret']).map(({ pointer }) => pointer)).toEqual(['/1']);
});
