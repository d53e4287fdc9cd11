import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { Redactor } from '../../src/redact.ts';
import { counterexample } from './support/property.ts';

const secrets = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~ !\'()*+/=&%"\\é\n'), minLength: 8, maxLength: 24 });
const words = fc.stringMatching(/^[a-zA-Z0-9]{8,11}$/);

/** The forms in which a secret may stand in what is sent or comes back. */
const FORMS: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'URL-encoded': encodeURIComponent,
  'in a form': (secret) => new URLSearchParams({ p: secret }).toString().slice(2),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
};

for (const [form, encode] of Object.entries(FORMS))
  test(`a secret is hidden ${form}`, () => {
    const hidden = fc.property(secrets, (secret) => {
      const redactor = new Redactor();
      redactor.add(secret);
      return !redactor.text(`{"a":"${encode(secret)}"}`).includes(encode(secret));
    });
    expect(counterexample(hidden)).toBeUndefined();
  });

for (const [form, arbitrary] of [
  ['a secret', secrets],
  ['a short secret of letters and digits', words],
] as const)
  test(`${form} is hidden in Base64 at every alignment, form-encoded or not`, () => {
    const hidden = fc.property(arbitrary, fc.constantFrom('', 'u', 'us', 'use'), (secret, user) => {
      const redactor = new Redactor();
      redactor.add(secret);
      return [secret, encodeURIComponent(secret)].every((part) => {
        const basic = Buffer.from(`${user}:${part}:end`).toString('base64');
        const shown = redactor.text(`x ${basic} y`).replace(/^x | y$/g, '');
        // What is left of the Base64 on either side gives nothing of the secret but its edges.
        const left = shown.split('•••').map((one) => Buffer.from(one, 'base64').toString());
        return shown.includes('•••') && !left.some((text) => text.includes(part.slice(2, -2)));
      });
    });
    expect(counterexample(hidden)).toBeUndefined();
  });

test('credentials are hidden by the name of their header, whatever their value', () => {
  const headers: [string, string][] = [
    ['authorization', 'Bearer abc.def'],
    ['AUTHORIZATION', 'Basic YTpi'],
    ['Set-Cookie', 'session=abc; Path=/; HttpOnly'],
    ['Cookie', 'a=1; b=2'],
    ['X-Any-Password', 'p'],
    ['X-User', 'anna'],
  ];
  expect(headers.map(([name, value]) => new Redactor().header(name, value))).toEqual([
    'Bearer •••',
    'Basic •••',
    'session=•••; Path=/; HttpOnly',
    expect.not.stringMatching(/[12]/),
    '•••',
    'anna',
  ]);
});

test('members whose name says secret are hidden at any depth, and others are not', () => {
  const body = {
    access_token: 'a',
    list: [{ client_secret: 'b', password: 'c', name: 'd', token_type: 'Bearer' }],
    count: 1,
  };
  expect(new Redactor().json(body)).toEqual({
    access_token: '•••',
    list: [{ client_secret: '•••', password: '•••', name: 'd', token_type: 'Bearer' }],
    count: 1,
  });
});

test('a secret that is a member name or stands in a text of a body is hidden', () => {
  const redactor = new Redactor();
  const secret = ['not', 'for', 'you'].join('-');
  redactor.add(secret);
  expect(JSON.stringify(redactor.json({ [secret]: [`it is ${secret}.`] }))).not.toContain(secret);
});

test('a short secret that is also a word is hidden where it stands alone, and spares the words it stands in', () => {
  const redactor = new Redactor();
  redactor.add('anonymous');
  expect(redactor.text('anonymous "anonymous" anonymously')).toBe('••• "•••" anonymously');
});

test('a link to a secret is no secret, nor is what a schema says of one', () => {
  const redactor = new Redactor();
  const href = 'https://api.example/things/1/secret';
  const body = { _links: { secret: { href } }, secret: 'Pw-0123456789', properties: { password: { type: 'string' } } };
  redactor.learn({ headers: [], body: Buffer.from(JSON.stringify(body)) });
  expect(redactor.json(body)).toEqual({ ...body, secret: '•••' });
  expect(redactor.text(`GET ${href} with Pw-0123456789`)).toBe(`GET ${href} with •••`);
});
