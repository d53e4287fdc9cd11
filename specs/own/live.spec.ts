import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import fc from 'fast-check';
import { failures } from '../../src/assertion.ts';
import { exact } from '../../src/exact.ts';
import type { Recorded } from '../../src/expression.ts';
import { fillForm } from '../../src/fill.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { judge } from '../../src/judge.ts';
import { Names } from '../../src/names.ts';
import { Live, printed, printedText, withTemplate, type Schema } from '../../src/printed.ts';
import { build, draftOf, NO_ID } from '../../src/request.ts';
import { stories, type PrintedRequest } from '../../src/sequence.ts';
import { came, question, scopeOf } from './support/judging.ts';
import { seen, watched, type Passed } from './support/killed.ts';
import { counterexample } from './support/property.ts';
import { broken, tellSafely } from './support/safely.ts';
import { written } from './support/written.ts';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'live-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

/** Everything that is read as more than text where a page prints it: literals, expressions, parameters, keywords, patterns. */
const LITERALS = [...new Set(stories().flatMap(({ sequence }) => Object.keys(sequence.names)))];
const FORMS = [
  ...['$read.response.body', '$read.response.body#/id', '$read.request.header.x', '$data', '$ref', '{id}', '{{id}}'],
  ...['{unique}', 'base64(a:b)', "UTF-8''", '$&', '$1', "$'", '(.*?)', '[^/]+', '^x|y$', '\\', '4XX', 'const', 'enum'],
  ...['__proto__', 'constructor', '#/x', '~1', '%7Bid%7D', '•••', '…'],
];
const words = fc.constantFrom(...LITERALS, ...FORMS);
/** A text in which such words stand, alone or between others. */
const hostile = fc.oneof(
  words,
  fc.tuple(fc.string({ maxLength: 4 }), words, fc.string({ maxLength: 4 })).map((parts) => parts.join('')),
);
const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    hostile,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(hostile, tie('value')), { maxLength: 3 }).map((members) => Object.fromEntries(members)),
  ),
})).value;

const table = Object.fromEntries(LITERALS.map((literal, index) => [literal, `literal.${index}`]));
const names = new Names({
  ...table,
  'http://shop': 'address',
  VALUE: 'value',
  '{{id}}': 'thing.id',
  USER: 'u',
  PASS: 'p',
});
const known = (values: Record<string, string>, read?: Json): Parameters<typeof build>[1] => ({
  names,
  scope: scopeOf({ address: 'http://here:1', ...values }),
  recorded: new Map<string, Recorded>(
    read === undefined
      ? []
      : [
          [
            'read',
            {
              request: { headers: {} },
              response: { status: 200, headers: {}, body: read, text: JSON.stringify(read) },
            },
          ],
        ],
  ),
});
const request = (said: object): PrintedRequest =>
  written<PrintedRequest>({ method: 'PUT', url: 'http://shop/a', ...said });

test.describe('What a server or a setting gives is put in as it stands', () => {
  test('in a body, by name, by expression, and as the body itself', () => {
    const back = fc.property(hostile, value, (text, read) => {
      const body = { name: 'VALUE', whole: '$read.response.body', list: ['VALUE'] };
      const sent =
        build(draftOf(request({ body })), known({ value: text }, read), undefined).sent.body?.toString() ?? '';
      const whole = build(draftOf(request({ body: '$read.response.body' })), known({}, read), undefined).sent.body;
      return (
        sent === JSON.stringify({ name: text, whole: read, list: [text] }) && whole?.toString() === JSON.stringify(read)
      );
    });
    expect(counterexample(back)).toBeUndefined();
  });

  test('in a header, and in HTTP Basic, whose password may have colons (RFC 7617, 2)', () => {
    const back = fc.property(hostile, hostile, (text, password) => {
      const headers = { 'X-Value': 'VALUE', Authorization: 'Basic base64(USER:PASS)' };
      const { sent } = build(draftOf(request({ headers })), known({ value: text, u: 'me', p: password }), undefined);
      const [, basic = ''] = sent.headers[1]?.[1].split(' ') ?? [];
      return sent.headers[0]?.[1] === text && Buffer.from(basic, 'base64').toString() === `me:${password}`;
    });
    expect(counterexample(back)).toBeUndefined();
  });

  test('in a path as one segment, and in a query as one value', () => {
    const back = fc.property(hostile, (id) => {
      const draft = {
        ...draftOf(request({ url: 'http://shop/things/{{id}}/{thing}?q=VALUE' })),
        parameters: { thing: id },
      };
      const { sent, missing } = build(draft, known({ 'thing.id': id, value: id }), undefined);
      if (NO_ID.includes(id)) return missing.length > 0;
      const [route = '', query = ''] = sent.path.split('?');
      const segments = route.split('/').map(decodeURIComponent);
      const text = Buffer.from(id).toString();
      return (
        JSON.stringify(segments) === JSON.stringify(['', 'things', text, text]) &&
        decodeURIComponent(query.slice(2)) === text
      );
    });
    expect(counterexample(back)).toBeUndefined();
    for (const id of NO_ID)
      expect(
        build(draftOf(request({ url: 'http://shop/things/{{id}}' })), known({ 'thing.id': id }), undefined).missing,
      ).toEqual(['thing.id']);
  });

  test('in a schema: in each word that compares, with whatever came', () => {
    const back = fc.property(value, value, (expected, other) => {
      const compare = (schema: object): boolean =>
        failures(written<Schema>(schema as never), other, known({}, expected)).length === 0;
      const same = JSON.stringify(expected) === JSON.stringify(other);
      const own = failures(written<Schema>({ const: '$read.response.body' }), expected, known({}, expected));
      return (
        own.length === 0 && (same || Object.is(expected, other) || compare({ not: { const: '$read.response.body' } }))
      );
    });
    expect(counterexample(back)).toBeUndefined();
    const data: Json = { $data: '/values/0' };
    expect(failures(written<Schema>({ enum: '$read.response.body' }), 'x', known({}, data))).not.toEqual([]);
    expect(failures(written<Schema>({ const: '$read.response.body' }), data, known({}, data))).toEqual([]);
    expect(failures(written<Schema>({ minimum: '$read.response.body' }), 1, known({}, data))).not.toEqual([]);
  });

  test('in a pattern, where names stand for themselves', () => {
    const back = fc.property(hostile, (text) => {
      const schema = written<Schema>({ pattern: '^<VALUE>$' });
      return failures(schema, `<${text}>`, known({ value: text })).length === 0;
    });
    expect(counterexample(back)).toBeUndefined();
  });

  test('in a form that is filled, and in a request that is changed', () => {
    const fill = {
      to: '/in',
      form: 'read',
      list: '/asks',
      name: '/name',
      required: '/required',
      schema: '/schema',
      value: 'v',
      values: 'V',
    };
    const back = fc.property(hostile, value, (name, given) => {
      const form: Json = { asks: [{ name, required: true }] };
      const filled = fillForm(fill, form, {}, Object.fromEntries<Json>([[name, given]]));
      if ('problem' in filled) return name === '__proto__';
      const body = withTemplate(printed({ in: {}, token: 'VALUE' }), '/in', filled.members);
      const { sent } = build(
        { ...draftOf(request({})), body, url: new Live(`http://h/${encodeURIComponent(name)}`) },
        known({ value: 't' }),
        undefined,
      );
      return sent.body?.toString() === JSON.stringify({ in: Object.fromEntries([[name, given]]), token: 't' });
    });
    expect(counterexample(back)).toBeUndefined();
  });

  test('in a link that the contract makes of it', () => {
    const back = fc.property(hostile, (id) => {
      const parts = [
        printedText('http://shop/things/'),
        new Live(encodeURIComponent(Buffer.from(id).toString())),
      ].flatMap((piece) => (piece instanceof Live ? [piece] : names.parts(piece)));
      const link = `https://other/v2/things/${encodeURIComponent(Buffer.from(id).toString())}`;
      return names.read(parts, link, 'here', new Map())?.[0]?.value === 'https://other/v2';
    });
    expect(counterexample(back)).toBeUndefined();
  });

  test('an answer with any of it, read back as it was sent, has no findings but of what is undocumented', () => {
    const back = fc.property(hostile, (title) => {
      const asked = question({
        names: { ...table, TITLE: 'title' },
        scope: scopeOf({ title }),
        expected: { status: 200, body: { id: 'b1', title: 'TITLE' } },
        statements: [{ says: 'it is kept', schema: { properties: { title: { const: 'TITLE' } } } }],
      });
      return judge(asked, came(200, { id: 'b1', title })).findings.every(({ kind }) => kind === 'undocumented');
    });
    expect(counterexample(back)).toBeUndefined();
  });
});

test('numbers are compared by all their digits, however they are written', () => {
  expect(exact('[1.0, 1e400, -0.50, 9223372036854775807, "1.0"]')).toEqual(
    exact('[1, 10e399, -5e-1, 9223372036854775807, "1.0"]'),
  );
  for (const [one, other] of [
    ['9223372036854775807', '9223372036854776000'],
    ['1e400', 'null'],
    ['1', '"1"'],
    ['0.1', '0.10000000000000001'],
  ] as const)
    expect(exact(one)).not.toEqual(exact(other));
});

const PROFILE = '/openidm/config/selfservice/profile';
/** A configuration with everything in it that a sequence could take for its own words, and numbers that are not JavaScript's. */
const stored = (own: string): string =>
  own.replace(
    /^\{/,
    '{ "uiConfig": { "helpUrl": "https://localhost:8443/#/help", "contact": "ask psmith", "link": "see selfservice/probe",' +
      ' "expression": "$read.response.body", "$data": "/values/0", "parameter": "{id}", "name": "{{name}}" },' +
      ' "large": 9223372036854775807, "larger": 1e400, "written": 1.0, ',
  );

/** A server that keeps a configuration in the bytes in which it was sent. @param kept what it makes of them when it stores them */
function keeping(kept: (text: string) => string): {
  change: (passed: Passed) => Buffer;
  bytes: () => string;
  first: () => string;
} {
  let bytes: string | undefined;
  let first = '';
  return {
    change: ({ method, url, sent, status, body }) => {
      if (url.split('?')[0] !== PROFILE || status >= 300) return body;
      if (method === 'PUT') bytes = kept(sent.toString());
      bytes ??= first = stored(body.toString());
      return Buffer.from(bytes.includes('"_id"') ? bytes : bytes.replace('{', '{"_id":"selfservice/profile",'));
    },
    bytes: () => bytes ?? '',
    first: () => first,
  };
}

test('a configuration is put back byte for byte', async ({ folder }) => {
  const server = keeping((text) => text);
  const world = await watched('pingidm', server.change);
  expect(broken(await tellSafely('pingidm/configuration', 'pingidm', world.environment, folder))).toEqual([]);
  expect(server.first()).toContain('9223372036854775807');
  expect(server.bytes()).toBe(server.first());
  await world.close();
});

test('a configuration that cannot be put back as it was is a violation', async ({ folder }) => {
  const server = keeping((text) => text.replace('775807', '776000'));
  const world = await watched('pingidm', server.change);
  const reports = await tellSafely('pingidm/configuration', 'pingidm', world.environment, folder);
  expect(broken(reports).join('\n')).toMatch(/~clean-up: broken .* was put back, and does not read as before/);
  await world.close();
});

function idOf(body: Buffer): string {
  return (JSON.parse(body.toString()) as { _id: string })._id;
}

test('a clean-up deletes nothing that the run has not created, whatever id an answer gave', async ({ folder }) => {
  for (const id of ['psmith', 'the id of another', '..', '.', '']) {
    let another = '';
    const world = await watched('pingidm', ({ method, url, status, body }) => {
      if (method === 'GET' && url.includes('/managed/user/') && another === '') another = idOf(body) ?? '';
      if (method !== 'POST' || status !== 201 || !url.includes('/managed/user?_action=create')) return body;
      const own = JSON.parse(body.toString()) as JsonObject;
      return JSON.stringify(own['userName']).startsWith('"conformance')
        ? Buffer.from(JSON.stringify({ ...own, _id: id === 'the id of another' ? another : id }))
        : body;
    });
    const before = await seen('pingidm', world);
    const reports = await tellSafely('pingidm/own-object', 'pingidm', world.environment, folder);
    expect(broken(reports), id).not.toEqual([]);
    expect(await seen('pingidm', world), id).toEqual(before);
    expect(
      readdirSync(folder).filter((file) => file.endsWith('.jsonl')),
      id,
    ).toEqual([]);
    await world.close();
  }
});
