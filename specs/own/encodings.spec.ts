import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { evidenceOf } from '../../src/evidence.ts';
import { Redactor } from '../../src/redact.ts';
import { shown } from '../../src/shown.ts';
import { counterexample } from './support/property.ts';

const ALPHABET = 'abcXYZ019-_.~ !\'()*+/=&%"\\éÿ€<>;#:';
const secrets = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 8, maxLength: 24 });

const hex = (one: string, length: number): string => one.charCodeAt(0).toString(16).padStart(length, '0');
const each = (text: string, change: (one: string, index: number) => string): string =>
  [...text].map((one, index) => change(one, index)).join('');
const NAMED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  é: '&eacute',
};

/** What a server may make of a text before it says it, each an opinion of its own on how the encoding goes. */
const ENCODINGS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  encodeURIComponent: encodeURIComponent,
  encodeURI: encodeURI,
  'a form': (text) => new URLSearchParams({ p: text }).toString().slice(2),
  'every other character percent-encoded': (text) =>
    each(text, (one, index) =>
      index % 2 ? encodeURIComponent(one) : Buffer.from(one).toString('hex').replace(/../g, '%$&'),
    ),
  'percent-encoded Latin-1': (text) => each(text, (one) => (one > '\u00ff' ? one : `%${hex(one, 2)}`)),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON of PHP': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  '\\u escapes': (text) => each(text, (one) => `\\u${hex(one, 4)}`),
  '\\u escapes in capitals, here and there': (text) =>
    each(text.replaceAll('\\', '\\\\'), (one, index) =>
      index % 3 || one === '\\' ? one : `\\u${hex(one, 4).toUpperCase()}`,
    ),
  HTML: (text) => each(text, (one) => NAMED[one] ?? one),
  'decimal references': (text) => each(text, (one) => `&#${one.charCodeAt(0)};`),
  'hexadecimal references': (text) => each(text, (one) => `&#X${hex(one, 5)};`),
  'references of punctuation': (text) => each(text, (one) => (/\w/.test(one) ? one : `&#${one.charCodeAt(0)};`)),
  capitals: (text) => text.toUpperCase(),
  Base64: (text) => Buffer.from(`u:${text}`).toString('base64'),
  'Base64 after one': (text) => Buffer.from(`x${text}.`).toString('base64'),
  'Base64 of the URL': (text) => Buffer.from(text).toString('base64url'),
  'Base64 in lines': (text) => Buffer.from(`some words ahead ${text}`).toString('base64').replace(/.{16}/g, '$&\r\n'),
  'Base64 of Latin-1': (text) => Buffer.from(text.replaceAll('€', '?'), 'latin1').toString('base64'),
  'Base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'UTF-8 read as Latin-1': (text) => Buffer.from(text).toString('latin1'),
};

const NAMES = Object.keys(ENCODINGS);

/** What anybody could read out of a text who tries every decoding on it: not the code that hides, an opinion of its own. */
function readings(text: string, depth = 3): string[] {
  if (depth === 0) return [text];
  const attempts = [
    (one: string): string => decodeURIComponent(one.replaceAll('+', ' ')),
    (one: string): string => one.replace(/%(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    (one: string): string =>
      one
        .replace(/\\u(....)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        .replace(/\\(.)/g, '$1'),
    (one: string): string =>
      one
        .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
        .replace(
          /&(amp|lt|gt|quot|apos|eacute);?/g,
          (all) => Object.entries(NAMED).find(([, name]) => all.startsWith(name.replace(';', '')))?.[0] ?? all,
        ),
  ];
  const bases = [...text.matchAll(/[\w+/\r\n-]{8,}/g)].flatMap(([run]) => {
    const bytes = Buffer.from(run.replace(/\s/g, ''), 'base64');
    return [bytes.toString(), bytes.toString('latin1'), bytes.toString('utf16le')];
  });
  const read = attempts.flatMap((attempt) => {
    try {
      return [attempt(text)];
    } catch {
      return [];
    }
  });
  const next = [...new Set([...read, ...bases])].filter((one) => one !== text && one.length > 4);
  return [text, ...next.flatMap((one) => readings(one, depth - 1))];
}

/** Whether so much of a secret can still be read that it is no accident. */
function isRead(texts: string[], secret: string): boolean {
  const wanted = secret.replaceAll('€', '?').toLowerCase().replaceAll('+', ' ');
  return texts.some((text) => text.replaceAll('€', '?').toLowerCase().replaceAll('+', ' ').includes(wanted));
}

test('the readings find a secret in each encoding', () => {
  const secret = 'a-b_c.019/é"x';
  const { 'UTF-8 read as Latin-1': _, ...read } = ENCODINGS;
  for (const [name, encode] of Object.entries(read))
    expect(isRead(readings(`{"a":"${encode(secret)}"}`), secret), name).toBe(true);
});

/** A secret that may be a word of ours is left in the prose of a sentence, and in a pointer. */
const isWord = (secret: string): boolean => /^\p{L}+$/u.test(secret);

/** Everything that is made of live text, with a text in it. */
function outputs(live: string, secret: string): string[] {
  const redactor = new Redactor([secret]);
  const forms = isWord(secret) ? (['text', 'body'] as const) : (['text', 'sentence', 'place', 'body'] as const);
  const message = { headers: [['X-Echo', live]] as [string, string][], body: Buffer.from(live) };
  const came = { ...message, status: 200, ms: 1 };
  const sent = { method: 'GET', origin: 'http://127.0.0.1', path: `/${live}`, ...message };
  return [
    ...forms.map((form) => shown(live, form, redactor)),
    redactor.text(live),
    JSON.stringify(redactor.json({ a: [live], [live]: 1 })),
    JSON.stringify(evidenceOf({ operation: 'read', at: 0, sent, came }, redactor)),
  ];
}

/** What disproves that a secret is hidden however it is encoded. */
function survivor(chains: fc.Arbitrary<string[]>, runs: number): string | undefined {
  const hidden = fc.property(secrets, chains, fc.constantFrom('', 'x ', '{"a":"', '?q='), (secret, chain, lead) => {
    const spoken = chain.reduce((text, name) => ENCODINGS[name]?.(text) ?? text, secret);
    return !outputs(`${lead}${spoken}" and more`, secret).some((text) => isRead(readings(text, chain.length), secret));
  });
  return counterexample(hidden, runs);
}

for (const name of NAMES)
  test(`no secret comes out in ${name}`, () => {
    expect(survivor(fc.constant([name]), 100)).toBeUndefined();
  });

test('no secret comes out in two encodings', () => {
  expect(survivor(fc.array(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 2 }), 400)).toBeUndefined();
});

test('no secret comes out in three encodings', () => {
  expect(survivor(fc.array(fc.constantFrom(...NAMES), { minLength: 3, maxLength: 3 }), 100)).toBeUndefined();
});

test('a text that has nothing to do with a secret is never altered', () => {
  const words = fc.string({ unit: fc.constantFrom(...'abc%&\\+/=#;:" u0041dx\n'), maxLength: 60 });
  const kept = fc.property(words, fc.stringMatching(/^[qQwWzZ7-9]{8,20}$/), (text, secret) => {
    const redactor = new Redactor([secret]);
    return redactor.text(text) === text && redactor.sentence(text) === text && redactor.place(text) === text;
  });
  expect(counterexample(kept)).toBeUndefined();
});

test('what is cut off in the middle of a secret shows nothing of it, in any encoding', () => {
  const names = NAMES.filter((name) => !/capitals|UTF-16/.test(name));
  const cut = fc.property(secrets, fc.constantFrom(...names), fc.nat(60), (secret, name, length) => {
    const redactor = new Redactor([secret]);
    const spoken = (ENCODINGS[name]?.(secret) ?? '').slice(0, length);
    const out = [redactor.text(`"x ${spoken}… (300 characters)`), redactor.text(`"x ${spoken}`, false)];
    return !out.some(
      (text) => isRead(readings(text, 2), secret.slice(0, 6)) && isRead(readings(spoken, 2), secret.slice(0, 6)),
    );
  });
  expect(counterexample(cut)).toBeUndefined();
});
