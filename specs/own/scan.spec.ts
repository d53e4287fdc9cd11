import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { scan } from '../../src/scan.ts';
import { counterexample } from './support/property.ts';

const repeated = (text: string): string | undefined => scan(Buffer.from(text)).repeated;

test('long names that share a beginning are not the same, and the same long name twice is', () => {
  const [a, b] = ['a', 'b'].map((end) => `"${'x'.repeat(120)}${end}"`);
  expect(repeated(`{${a}:1,${b}:2}`)).toBeUndefined();
  expect(repeated(`{${a}:1,${a}:2}`)).toBe(`${'x'.repeat(100)}…`);
});

test('names are the same however they are spelt', () => {
  expect(repeated('{"a":1,"\\u0061":2}')).toBe('a');
  expect(repeated('{"é":1,"\\u00e9":2}')).toBe('é');
  expect(repeated('{"/":1,"\\/":2}')).toBe('/');
  expect(repeated('{"a\\"b":1,"a\\u0022b":2}')).toBe('a"b');
  expect(repeated(`{"${'x'.repeat(200)}":1,"${'\\u0078'.repeat(200)}":2}`)).toContain('xxx');
});

test('names of other objects, values, and names that look alike are not the same', () => {
  for (const text of [
    '{"a":{"a":1},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":1,"A":2}',
    '{"é":1,"e\u0301":2}',
    '{"\\\\u0061":1,"a":2}',
    '{"\\ud800":1,"\\ud801":2}',
  ])
    expect(repeated(text), text).toBeUndefined();
});

test('a member is told as repeated exactly when it is, whatever it is called and however it is spelt', () => {
  const unit = fc.constantFrom('a', 'b', '"', '\\', '/', 'é', '\u0000', ':', '{', ',', '☃', '\ud83d\ude00');
  const name = fc.oneof(fc.string({ unit, maxLength: 3 }), fc.string({ unit, minLength: 90, maxLength: 130 }));
  const told = fc.property(fc.array(fc.tuple(name, fc.boolean()), { maxLength: 8 }), (names) => {
    const spelt = names.map(([one, escaped]) => {
      const codes = one.split('').map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`);
      return escaped ? `"${codes.join('')}"` : JSON.stringify(one);
    });
    const text = `{${spelt.map((one) => `${one}: {"a":1}`).join()}}`;
    JSON.parse(text);
    return (repeated(text) !== undefined) === new Set(names.map(([one]) => one)).size < names.length;
  });
  expect(counterexample(told)).toBeUndefined();
});

test('ten megabytes of names are read in time, and little is remembered of them', () => {
  const started = performance.now();
  const before = process.memoryUsage().rss;
  const shapes = [
    (index: number): string => `"n${index}":0,`,
    (index: number): string => `"${'x'.repeat(500)}${index}":0,`,
    (index: number): string => `"\\u006e${index}":0,`,
    (): string => '"a":{',
  ];
  for (const shape of shapes) {
    const parts: string[] = [];
    for (let size = 0, index = 0; size < 10_000_000; index++) size += parts[parts.push(shape(index)) - 1]?.length ?? 0;
    scan(Buffer.from(`{${parts.join('')}`));
  }
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(600_000_000);
});
