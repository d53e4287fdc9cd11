import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { expect, test as base } from '@playwright/test';
import { acceptedBy, failures } from '../../src/assertion.ts';
import { evidenceOf } from '../../src/evidence.ts';
import { fillForm } from '../../src/fill.ts';
import { brief, leaves, type Json } from '../../src/json.ts';
import { printable } from '../../src/printable.ts';
import { escaped } from '../../src/report/markdown.ts';
import { Redactor } from '../../src/redact.ts';
import { encoded } from '../../src/percent.ts';
import { shapeOf } from '../../src/report/shape.ts';
import { Transport, type Came, type Sent } from '../../src/transport.ts';
import { readYaml } from '../../src/yaml.ts';
import { filesUnder } from './support/files.ts';
import { COMMANDS, HOSTILE, hostileServer, originOf } from './support/hostile.ts';
import { findings } from './support/judging.ts';

const kinds = Object.keys(HOSTILE);

const test = base.extend<object, { hostile: Server }>({
  hostile: [
    async ({}, use) => {
      const server = await hostileServer((path) => HOSTILE[kinds[Number(path.slice(1))] ?? '']?.[1] ?? '');
      await use(server);
      server.close();
    },
    { scope: 'worker' },
  ],
});

/** What an engine does with an answer: everything that is said of it. */
function told(sent: Sent, came: Came): string {
  const redactor = new Redactor();
  redactor.learn(came);
  const evidence = evidenceOf({ operation: 'readBook', at: 0, sent, came }, redactor);
  expect(JSON.stringify(evidence).length).toBeLessThan(12_000_000);
  shapeOf(came);
  const printed = { id: '1', title: 'a book', tags: ['a'] };
  const found = findings({ expected: { status: 200, body: printed } }, came);
  expect(found.length).toBeLessThan(300);
  return JSON.stringify(found);
}

const NEVER_END = Object.entries(HOSTILE).flatMap(([what, [says]]) =>
  says.test('no whole answer within') ? [what] : [],
);

/** A time-out takes as long as it is set to. */
const timeoutFor = (what: string): number => (NEVER_END.includes(what) ? 0.5 : 20);

for (const [index, [what, [says]]] of Object.entries(HOSTILE).entries())
  test(`an answer with ${what} is told, and does no harm`, async ({ hostile }) => {
    const transport = new Transport({ timeout: timeoutFor(what) });
    const sent = { method: 'POST', origin: originOf(hostile), path: `/${index}`, headers: [] };
    const before = process.memoryUsage().rss;
    try {
      expect(
        await transport.send(sent).then(
          (came) => told(sent, came),
          (error: Error) => {
            expect(error.name).toBe('TransportError');
            expect(error.message).not.toContain('\n');
            return error.message;
          },
        ),
      ).toMatch(says);
    } finally {
      await transport.close();
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

test('credentials follow no link to another host', async () => {
  let reached = 0;
  const other = createServer((_, response) => {
    reached++;
    response.end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const transport = new Transport({ timeout: 1, addresses: { shop: 'http://127.0.0.1:1/shop' } });
  const sent = { method: 'GET', path: '/', headers: [['Authorization', 'Bearer x']] as [string, string][] };
  for (const origin of [`http://127.0.0.1:${port}`, `http://127.0.0.1:1@127.0.0.1:${port}`, ''])
    await expect(transport.send({ ...sent, origin })).rejects.toMatchObject({ reason: 'not sent' });
  await expect(transport.send({ ...sent, origin: 'http://127.0.0.1:1' })).rejects.toMatchObject({
    reason: 'unreachable',
  });
  expect(reached).toBe(0);
  await transport.close();
  other.close();
});

test('what an answer gives for a header and HTTP does not allow there is not sent', async ({ hostile }) => {
  const transport = new Transport({ timeout: 1 });
  const sent = { method: 'GET', origin: originOf(hostile), path: '/' };
  for (const value of ['a\r\nX-Injected: 1', 'a\u0000b', 'snow \u2603'])
    await expect(transport.send({ ...sent, headers: [['Authorization', value]] })).rejects.toMatchObject({
      reason: 'not sent',
    });
  await transport.close();
});

for (const [what, schema] of Object.entries({
  'a pattern that never comes to an end': { type: 'string', pattern: '^((((a*)*)*)*)*b$' },
  'a pattern in a member’s name': { patternProperties: { '^((((a*)*)*)*)*b$': false } },
  'references that double a hundred times': {
    $ref: '#/$defs/d0',
    $defs: {
      d100: true,
      ...Object.fromEntries(
        Array.from({ length: 100 }, (_, at): [string, Json] => {
          const next = { $ref: `#/$defs/d${at + 1}` };
          return [`d${at}`, { allOf: [next, next] }];
        }),
      ),
    },
  },
  'a reference to itself': { $ref: '#' },
  'a pattern that is none': { pattern: '((' },
}))
  test(`a form whose schema has ${what} accepts nothing, in time`, () => {
    const started = performance.now();
    expect(acceptedBy(schema, 'a'.repeat(60))).toBe(what.includes('name'));
    acceptedBy(schema, { ['a'.repeat(60)]: 1 });
    expect(performance.now() - started).toBeLessThan(5000);
  });

test('a form with a member that every object inherits is filled with that member', () => {
  const item = { name: '__proto__', required: true, schema: true };
  const fill = {
    form: 'read',
    list: '/list',
    name: '/name',
    schema: '/schema',
    required: '/required',
    to: '',
    value: 'any',
    values: 'ANY',
  };
  const filled = fillForm(fill, { list: [item] }, { x: { polluted: true } }, {});
  expect('members' in filled && Object.keys(filled.members)).toEqual(['__proto__']);
});

test('what a server says is shown as text of one line, whatever it is', () => {
  expect(printable(COMMANDS + brief('\u009b'))).toMatch(/^[\x20-\x7e]*$/);
  expect(printable('grüße ☃ 👩‍🚀')).toBe('grüße ☃ 👩‍🚀');
  expect(encoded('a\ud800b')).toBe('a%EF%BF%BDb');
});

/** Every pattern that answers are held to, with where it stands. */
function patterns(): [string, string][] {
  return [...filesUnder('contracts', '.yaml'), ...filesUnder('fixtures', '.yaml')].flatMap((file) =>
    leaves(readYaml(file).value).flatMap(({ pointer, value }): [string, string][] =>
      pointer.endsWith('/pattern') && typeof value === 'string' ? [[value, `${file}#${pointer}`]] : [],
    ),
  );
}

test('no pattern of ours takes long, whatever it is held against', () => {
  const own = new Map(patterns());
  expect(own.size).toBeGreaterThan(10);
  const units = ['a', 'A', '0', '-', '/', '.', ' ', 'a-', 'a.', '/a', '%20', '0-', 'a@', ':', '_'];
  const slow = [...own].flatMap(([pattern, where]) =>
    units.flatMap((unit) => {
      const started = performance.now();
      new RegExp(pattern.replaceAll(/\{\{\w+\}\}/g, 'x'), 'u').test(`${unit.repeat(20_000)}\u0000`);
      return performance.now() - started > 300 ? [`${where} ${pattern} ${unit}`] : [];
    }),
  );
  expect(slow).toEqual([]);
});

test('members that are called like functions are compared, and are none', () => {
  const twisted = [
    { toString: 'a', valueOf: 1 },
    { toString: 'b', valueOf: 1 },
  ];
  expect(failures({ uniqueItems: true }, twisted)).toEqual([]);
  expect(failures({ uniqueItems: true }, [twisted[0], twisted[0]] as Json)).toHaveLength(1);
  expect(failures({ const: { valueOf: 2 } }, { valueOf: 1 })).toHaveLength(1);
});

test('half of a character in a secret is no reason to fail, nor to show the rest', () => {
  const redactor = new Redactor(['half-\ud800-of-it-9']);
  expect(redactor.text('it is half-\ud800-of-it-9.')).toBe('it is •••.');
});

test('a name or a mail address that comes back in other letters is hidden as well', () => {
  expect(new Redactor(['Babs.Jensen@Example.com']).text('BABS.JENSEN@EXAMPLE.COM, babs.jensen@example.com')).toBe(
    '•••, •••',
  );
});

test('text of a server makes no cell, link or picture of its own in Markdown', () => {
  expect(escaped('a\\|b ![x](https://evil.example)')).toBe('a\\\\\\|b !\\[x\\](https://evil.example)');
});
