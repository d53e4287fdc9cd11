import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { judgeFields, mediaType, readMediaType } from '../../src/fields.ts';
import { came, findings, found } from './support/judging.ts';

const book = { id: 'b1', title: 'Emma' };
const said = { expected: { status: 200, body: book } };
const typed = (...types: string[]): [string, string][] => types.map((type) => ['Content-Type', type]);

/** What a Content-Type of these values is found to be, of a JSON body. */
const foundOf = (...types: string[]): string[] => found(said, came(200, book, typed(...types)));

const TOKEN = [..."abzAZ09!#$%&'*+-.^_`|~"];
const token = fc.string({ unit: fc.constantFrom(...TOKEN), minLength: 1, maxLength: 6 });
const quoted = fc
  .string({ unit: fc.constantFrom(...' \t;,=/"\\aé'), maxLength: 6 })
  .map((one) => `"${one.replace(/["\\]/g, (bad) => `\\${bad}`)}"`);
const blanks = fc.constantFrom('', ' ', '\t', '  ');
const parameters = fc.uniqueArray(fc.tuple(token, fc.oneof(token, quoted)), {
  selector: ([name]) => name.toLowerCase(),
  maxLength: 4,
});
const written = fc
  .tuple(parameters, fc.array(fc.tuple(blanks, blanks), { minLength: 5, maxLength: 5 }), fc.boolean())
  .map(([all, around, empty]) => {
    const semicolon = (at: number): string => around[at % 5]?.join(';') ?? ';';
    const each = all.map(([name, value], at) => `${semicolon(at)}${name === 'charset' ? 'x' : name}=${value}`);
    return each.join(empty ? semicolon(4) : '') + (empty ? semicolon(3) : '');
  });
const json = fc.constantFrom('application/json', 'Application/JSON', 'APPLICATION/JSON');

test('every Content-Type that RFC 9110 allows is no finding', () => {
  fc.assert(
    fc.property(json, written, (type, more) => {
      const headers = typed(type + more);
      expect(mediaType(headers)).toBe('application/json');
      const broken = judgeFields({ headers, body: Buffer.from('{}') }).filter(({ basis }) => basis !== 'assumed');
      expect(broken, type + more).toEqual([]);
    }),
  );
  for (const type of [
    'application/json',
    'Application/JSON; charset="utf-8"',
    'application/json ; charset=UTF-8',
    'application/json;',
    'application/json;;charset=utf-8; ;',
    'application/json;charset=utf8',
    'application/json;charset=us-ascii',
  ])
    expect(foundOf(type), type).toEqual([]);
});

test('parameters are read, names in any case, values without quotes', () => {
  expect(readMediaType('Text/X ;CharSet="a\\"b" ; ; q=1;')).toEqual({
    type: 'text/x',
    parameters: [
      ['charset', 'a"b'],
      ['q', '1'],
    ],
  });
});

test('a Content-Type that is none is found, and its body is judged all the same', () => {
  const wrong = fc.constantFrom(
    'charset',
    'charset=',
    '=utf-8',
    'charset =utf-8',
    'charset= utf-8',
    'charset="utf-8',
    'charset=utf-8"',
    'charset=utf-8,',
    'charset=utf 8',
    "char'set=(x)",
    'charset=utf-8;Charset=UTF-8',
    'charset:utf-8',
  );
  fc.assert(
    fc.property(json, wrong, fc.constantFrom('', ' ; y="1;2"'), (type, bad, more) => {
      expect(foundOf(`${type};${bad}${more}`), bad).toEqual(['header header content-type']);
    }),
  );
  for (const type of ['application/json; charset', 'application/json;charset=utf-8;charset=utf-16; ;x'])
    expect(findings(said, came(200, book, typed(type)))[0], type).toMatchObject({
      where: 'header content-type',
      basis: 'standard',
    });
  for (const type of ['', 'json', 'application/', '/json', 'application /json', 'application/json, text/html'])
    expect(foundOf(type), type).toContain('header header content-type');
});

test('a field that is no list is found where it comes twice, whatever came first', () => {
  const twice = typed('application/json', 'text/html');
  expect(
    [foundOf('application/json', 'text/html'), foundOf('text/html', 'application/json')].map((one) => one.at(-1)),
  ).toEqual(['header header content-type', 'header header content-type']);
  expect(mediaType(twice)).toBe('text/html');
  for (const name of ['Location', 'ETAG', 'Retry-After', 'Content-Length', 'last-modified']) {
    const headers: [string, string][] = [...typed('application/json'), [name, 'a'], [name.toLowerCase(), 'b']];
    expect(found(said, came(200, book, headers)), name).toEqual([`header header ${name.toLowerCase()}`]);
  }
  const lists: [string, string][] = ['Set-Cookie', 'Vary', 'Cache-Control', 'Via', 'Link'].flatMap((name) => [
    [name, 'a=1'],
    [name, 'b=2'],
  ]);
  expect(found(said, came(200, book, [...typed('application/json'), ...lists]))).toEqual([]);
});

test('a charset that says something else than the bytes is a notice, of JSON alone', () => {
  const of = (type: string, body: string): object[] =>
    judgeFields({ headers: typed(type), body: Buffer.from(body) }).map(({ where, basis }) => ({ where, basis }));
  const notice = [{ where: 'header content-type', basis: 'assumed' }];
  expect(of('application/json;charset=utf-16', '{}')).toEqual(notice);
  expect(of('application/hal+json;charset=nothing', '{}')).toEqual(notice);
  expect(of('application/json;charset=ISO-8859-1', '"é"')).toEqual(notice);
  expect(of('application/json;charset=ISO-8859-1', '"e"')).toEqual([]);
  expect(of('text/html;charset=ISO-8859-1', 'é')).toEqual([]);
});
