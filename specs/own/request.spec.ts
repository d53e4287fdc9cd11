import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { Names, type NameTable } from '../../src/names.ts';
import { build, curl, draftOf, setHeader, type Built } from '../../src/request.ts';
import type { Erratum, PrintedRequest } from '../../src/sequence.ts';
import { scopeOf } from './support/judging.ts';
import { counterexample } from './support/property.ts';
import { written, type Written } from './support/written.ts';
import type { Evidence } from '../../src/evidence.ts';

const printed = written<PrintedRequest>({
  method: 'POST',
  url: 'http://shop/v1/books?x=1',
  headers: { Accept: 'a' },
  body: { title: 'Emma' },
});
const table: NameTable = { 'http://shop': 'address', CLIENT: 'client.id', SECRET: 'client.secret' };

function built(draft: Partial<Written<PrintedRequest>>, values: Record<string, string> = {}, cookies?: string): Built {
  const scope = scopeOf({ address: 'https://here:1/base', ...values });
  const request = written<PrintedRequest>({ method: 'GET', url: 'http://shop/v1', ...draft });
  return build(draftOf(request), { names: new Names(table), scope, recorded: new Map() }, cookies);
}

test('what is sent is what is printed, but for its errata', () => {
  const because = 'it is an example';
  expect(draftOf(printed)).toEqual(printed);
  expect(
    draftOf(
      printed,
      written<Erratum[]>([
        { part: 'method', printed: 'POST', sent: 'PUT', because },
        { part: 'path', printed: '/v1/books', sent: '/v2/$&', because },
        { part: 'header accept', printed: 'a', sent: 'b', because },
        { part: 'header X-New', printed: 'absent', sent: 'n', because },
        { part: 'header Cookie', printed: 'absent', because },
        { part: 'body', printed: { title: 'Emma' }, sent: { title: null }, because },
      ]),
    ),
  ).toEqual({
    method: 'PUT',
    url: 'http://shop/v2/$&?x=1',
    headers: { accept: 'b', 'X-New': 'n' },
    body: { title: null },
  });
  expect(printed).toHaveProperty('headers.Accept', 'a');
});

test('a header replaces the one of that name in any case, and null removes it', () => {
  const headers = { 'X-User': 'a', 'x-user': 'b', Other: 'c' };
  setHeader(headers, 'X-USER', 'd');
  expect(headers).toEqual({ Other: 'c', 'X-USER': 'd' });
  setHeader(headers, 'other', null);
  expect(headers).toEqual({ 'X-USER': 'd' });
});

test('the path is sent as it is written, behind the prefix of the address', () => {
  const { sent } = built({ url: 'http://shop/a/../b//%7e?q=a b&_x=é#/' });
  expect(sent).toMatchObject({ origin: 'https://here:1', path: '/base/a/../b//%7e?q=a b&_x=é#/' });
  expect(built({ url: 'http://shop' }, { address: 'https://here' }).sent.path).toBe('/');
});

test('cookies are sent where a session has some, and JSON is asked for unless something else is', () => {
  expect(built({}, {}, 'a=1; b=2').sent.headers).toEqual([
    ['Cookie', 'a=1; b=2'],
    ['Accept', 'application/json'],
  ]);
  expect(built({ headers: { accept: '*/*' } }, {}, '').sent.headers).toEqual([['accept', '*/*']]);
});

test('a body is JSON, a form where the Content-Type says so, or bytes as they are', () => {
  const bytes = (draft: Partial<Written<PrintedRequest>>): string | undefined => built(draft).sent.body?.toString();
  const form = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };
  expect(bytes({ body: { a: 'ä', n: null } })).toBe('{"a":"ä","n":null}');
  expect(bytes({ body: { a: 'x y&z=ä+', b: '' }, headers: form })).toBe('a=x+y%26z%3D%C3%A4%2B&b=');
  expect(bytes({ raw: '{"a":' })).toBe('{"a":');
  expect(bytes({})).toBeUndefined();
});

test('names and expressions that have no value are told, each once', () => {
  const draft = { headers: { 'X-User': 'CLIENT' }, body: ['CLIENT', 'SECRET', '$read.response.body#/id'] };
  expect(built(draft).missing.sort()).toEqual(['$read.response.body#/id', 'client.id', 'client.secret']);
});

const decode = (text: string): string => new URLSearchParams(`v=${text}`).get('v') ?? '';

test('base64(id:secret) is HTTP Basic, with form-encoded parts where a form is sent, whatever characters they have', () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ0 :()%+&=/é~"\'$\\'), minLength: 1, maxLength: 9 });
  const back = fc.property(text, text, (id, secret) => {
    const credentials = (type: string): string => {
      const headers = { Authorization: 'Basic base64(CLIENT:SECRET)', 'content-type': type };
      const { sent } = built({ headers }, { 'client.id': id, 'client.secret': secret });
      const [, text = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(sent.headers[0]?.[1] ?? '') ?? [];
      return Buffer.from(text, 'base64').toString();
    };
    const parts = credentials('application/x-www-form-urlencoded').split(':').map(decode);
    return credentials('application/json') === `${id}:${secret}` && parts.join('\n') === `${id}\n${secret}`;
  });
  expect(counterexample(back)).toBeUndefined();
});

test("after UTF-8'' a name is percent-encoded, and nowhere else in a header", () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ0 :%+"\'\\'), minLength: 1, maxLength: 9 });
  const back = fc.property(text, (secret) => {
    const { sent } = built({ headers: { A: "UTF-8''SECRET", B: 'SECRET' } }, { 'client.secret': secret });
    const [encoded = '', plain] = sent.headers.map(([, value]) => value);
    return plain === secret && decodeURIComponent(encoded.replace("UTF-8''", '')) === secret && !encoded.includes(' ');
  });
  expect(counterexample(back)).toBeUndefined();
});

test('a curl command carries every argument through a shell as it is', () => {
  const text = fc.string({ unit: fc.constantFrom(...'a \'"$`\\!\n{}é&;'), maxLength: 9 });
  const back = fc.property(text, text, fc.option(text, { nil: undefined }), (path, value, body) => {
    const request = { method: 'POST', url: `http://h/${path}`, headers: [`X-Header: ${value}`] };
    const expected = ['curl', '-i', '-X', 'POST', `http://h/${path}`, '-H', `X-Header: ${value}`];
    return (
      JSON.stringify(
        words(curl({ ...request, ...(body === undefined ? {} : { text: body }) } as Evidence['request'])),
      ) === JSON.stringify(body === undefined ? expected : [...expected, '--data-binary', body])
    );
  });
  expect(counterexample(back)).toBeUndefined();
});

/** What a POSIX shell makes of a command: words, single quotes, backslashes. */
function words(command: string): string[] {
  const found = command.match(/(?:'[^']*'|\\[^\n]|[^\s'\\])+/g) ?? [];
  return found.map((word) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ''),
  );
}
