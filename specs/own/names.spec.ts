import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { unify } from '../../src/compare.ts';
import type { Finding } from '../../src/finding.ts';
import type { Json } from '../../src/json.ts';
import { Names, type NameTable, type Scope } from '../../src/names.ts';
import { printed, printedText } from '../../src/printed.ts';
import { counterexample, ids } from './support/property.ts';
import { scopeOf } from './support/judging.ts';

const table: NameTable = {
  'http://shop/v1': 'links',
  '{{shelfID}}': 'shelf.id',
  'shelf-1': 'shelf.id',
  'book-1': 'book.id',
  'book-2': 'book.id:other',
  anna: { is: 'user.name', ignoring: 'case', because: 'user names have no case' },
  words: { 'header x-user': 'words.user', 'header x-password': 'words.password' },
};
const read = (
  text: Json,
  came: Json,
  given: Scope = new Map(),
): { findings: Finding[]; values: Record<string, string> } => {
  const scope = new Map(given);
  return {
    findings: unify(scope, printed(text), came, new Names(table), new Map(), 'step', 'documented'),
    values: Object.fromEntries([...scope].map(([name, { value }]) => [name, value])),
  };
};

test('a whole leaf binds before a leaf that holds the name inside', () => {
  const { findings, values } = read(
    { href: 'http://shop/v1/books/book-1', id: 'book-1' },
    { href: 'http://shop/v1/books/other', id: 'right' },
  );
  expect(values).toMatchObject({ 'book.id': 'right' });
  expect(findings).toMatchObject([{ kind: 'unification', where: '/href' }]);
});

test('inside a string an id reaches to the next / ? # or the end, and need not be a UUID', () => {
  for (const [tail, id] of [
    ['', 'a.b:c'],
    ['/x', 'ü~1'],
    ['?q=1', '42'],
    ['#top', '-_'],
  ] as const) {
    const { findings, values } = read(`/books/book-1${tail}`, `/books/${id}${tail}`);
    expect({ findings, id: values['book.id'] }).toEqual({ findings: [], id });
  }
  expect(read('/books/book-1', '/books/a/b').findings).toMatchObject([{ kind: 'printed value' }]);
});

test('links have scheme, host and prefix of their own, the same everywhere', () => {
  const links = ['http://shop/v1/books', 'http://shop/v1/shelves'];
  expect(read(links, ['https://a.example:8443/x/y/v2/books', 'https://a.example:8443/x/y/v2/shelves'])).toEqual({
    findings: [],
    values: { links: 'https://a.example:8443/x/y/v2' },
  });
  expect(read(links, ['https://a/v1/books', 'https://b/v1/shelves']).findings).toMatchObject([{ where: '/1' }]);
});

test('several literals stand for one name', () => {
  expect(read(['{{shelfID}}', 'shelf-1'], ['s', 's'])).toEqual({ findings: [], values: { 'shelf.id': 's' } });
  expect(read(['{{shelfID}}', 'shelf-1'], ['s', 't']).findings).toMatchObject([{ kind: 'unification', where: '/1' }]);
});

test('a literal counts only where no letter, digit, _ or - touches it', () => {
  const names = new Names(table);
  expect(names.mentions(printedText('book-12'))).toBe(false);
  expect(names.mentions(printedText('my-book-1'))).toBe(false);
  expect(names.mentions(printedText('(book-1)'))).toBe(true);
});

test('a literal stands for a name of its own in each header, and for none elsewhere', () => {
  const names = new Names(table);
  const scope = scopeOf({ 'words.user': 'u', 'words.password': 'p' });
  expect(names.fill(printedText('words'), scope, 'X-User').text).toBe('u');
  expect(names.fill(printedText('words'), scope, 'x-password').text).toBe('p');
  expect(names.fill(printedText('words'), scope).text).toBe('words');
  expect(read('words', 'other')).toEqual({ findings: [], values: {} });
});

test('a name that ignores case takes a value in other letter case, and no other value', () => {
  const scope = scopeOf({ 'user.name': 'Olga' });
  expect(read('anna', 'OLGA', scope).findings).toEqual([]);
  expect(read('anna', 'Olgb', scope).findings).toMatchObject([{ kind: 'unification' }]);
});

test('an empty value is no value for a name', () => {
  expect(read('book-1', '').findings).toMatchObject([{ kind: 'unification' }]);
});

test('a conflict names the value and every place where it was seen, and no place that showed another', () => {
  const books = { a: 'book-1', b: 'book-1', c: 'book-1', d: 'book-1' };
  const { findings } = read(books, { a: 'x', b: 'x', c: 'y', d: 'z' });
  expect(findings.map(({ where }) => where)).toEqual(['/c', '/d']);
  for (const { expected } of findings) expect(expected).toBe('book.id = "x", as in step /a, step /b');
  expect(findings.map(({ came }) => came)).toEqual(['"y"', '"z"']);
});

test('a name without a value is reported, and its literal stays', () => {
  expect(new Names(table).fill(printedText('/shelves/shelf-1/book-1'), scopeOf({ 'book.id': 'b' }))).toEqual({
    text: '/shelves/shelf-1/b',
    missing: ['shelf.id'],
  });
});

test('what is filled in is read back', () => {
  const names = new Names(table);
  const text = printedText('http://shop/v1/shelves/{{shelfID}}/books/book-1?next=book-2#anna');
  const back = fc.property(ids, ids, ids, fc.webUrl({ withFragments: false }), (shelf, book, other, links) => {
    const values = { 'shelf.id': shelf, 'book.id': book, 'book.id:other': other, 'user.name': 'o', links };
    const sent = names.fill(text, scopeOf(values)).text;
    const seen = names.read(names.parts(text), sent, 'here', scopeOf({ links })) ?? [];
    return seen.length === 5 && seen.every(({ name, value }) => values[name as keyof typeof values] === value);
  });
  expect(counterexample(back)).toBeUndefined();
});

test('two ids of one kind differ, and ids of two kinds need not', () => {
  const apart = fc.property(ids, ids, (one, two) => {
    const same = read(['book-1', 'book-2'], [one, two]).findings;
    return one === two ? same.length === 1 && same[0]?.kind === 'unification' : same.length === 0;
  });
  expect(counterexample(apart)).toBeUndefined();
  expect(read(['book-1', 'book-2'], ['b', 'b']).findings[0]?.expected).toContain('step /0');
  expect(read(['book-1', 'shelf-1'], ['b', 'b']).findings).toEqual([]);
});

test('the order of members does not change what is bound or found', () => {
  const entries = Object.entries({
    id: 'book-1',
    href: 'http://shop/v1/shelves/shelf-1/books/book-1',
    next: 'http://shop/v1/books/book-2',
    shelf: 'shelf-1',
  });
  const order = fc.property(fc.shuffledSubarray(entries, { minLength: 4 }), ids, ids, (shuffled, book, shelf) => {
    const values = { 'book.id': book, 'shelf.id': shelf, 'book.id:other': `${book}2`, links: 'https://l/p' };
    const fill = (text: string): string => new Names(table).fill(printedText(text), scopeOf(values)).text;
    const came = Object.fromEntries(entries.map(([name, text]) => [name, fill(text)]));
    const { findings, values: bound } = read(Object.fromEntries(shuffled), came);
    return findings.length === 0 && bound['book.id'] === book && bound['shelf.id'] === shelf;
  });
  expect(counterexample(order)).toBeUndefined();
});

test('a value at the end of a query ends where another parameter begins', () => {
  for (const more of ['', '&iss=https%3A%2F%2Fshop', '&a=1&b=2'])
    expect(read('http://shop/v1?code=book-1', `http://shop/v1?code=x9${more}`)).toMatchObject({
      findings: [],
      values: { 'book.id': 'x9' },
    });
});
