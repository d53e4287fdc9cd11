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
  'in JSON inside JSON': (secret) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  'URL-encoded in small letters': (secret) => encodeURIComponent(secret).toLowerCase(),
  'URL-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in capitals': (secret) => secret.toUpperCase(),
  'in HTML': (secret) =>
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
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
  expect(new Redactor().headers(headers).map(([, value]) => value)).toEqual([
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

test('a secret that was cut short is hidden as far as it goes', () => {
  const secret = 'Tr0ub4dor&3/"quoted"';
  const redactor = new Redactor([secret]);
  for (let length = 4; length < secret.length; length++) {
    const cut = `it was ${JSON.stringify(secret).slice(1, 1 + length)}… (90 characters)`;
    expect(redactor.text(cut)).toBe('it was •••… (90 characters)');
  }
  const token = Array.from({ length: 90 }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join('');
  expect(new Redactor([token]).text(`no such token: ${token.slice(0, 60)} (cut)`)).toBe('no such token: ••• (cut)');
});

test('what has the name of a secret in a message is hidden wherever else it turns up', () => {
  const redactor = new Redactor();
  redactor.learn({
    path: '/resume?code=4711-query',
    headers: [
      ['Authorization', `Basic ${Buffer.from('anna:basic%2F4711').toString('base64')}`],
      ['X-Auth-Token', 'header-4711'],
      ['Set-Cookie', 'session=cookie-4711; Path=/'],
      ['Location', 'http://localhost/callback?code=location-4711&state=1'],
    ],
    body: Buffer.from(
      '{"token":"token-4711","password":{"value":"new-4711"},"code":"INVALID_DATA","answer":"Teal 4711"}',
    ),
  });
  redactor.learn({ headers: [], body: Buffer.from('grant_type=authorization_code&code=form-4711') });
  const said = ['4711-query', 'basic/4711', 'header-4711', 'cookie-4711', 'location-4711', 'token-4711', 'new-4711'];
  for (const one of [...said, 'Teal 4711', 'form-4711']) expect(redactor.text(`no ${one}!`)).toBe('no •••!');
  expect(redactor.json({ code: 'INVALID_DATA', error: { code: '400' } })).toEqual({
    code: 'INVALID_DATA',
    error: { code: '400' },
  });
  expect(redactor.json({ authorizeResponse: { code: 'another-4712' } })).toEqual({
    authorizeResponse: { code: '•••' },
  });
});

test('a word that stands for a wrong secret is not hidden in sentences', () => {
  const redactor = new Redactor();
  redactor.learn({ headers: [], body: Buffer.from('{"token":"invalid","password":"wrong"}') });
  expect(redactor.text('an invalid token is refused')).toBe('an invalid token is refused');
});
