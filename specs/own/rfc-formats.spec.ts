import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { strictAjv } from '../../src/ajv.ts';
import { acceptedBy } from '../../src/assertion.ts';

const ajv = strictAjv({});
const is = (format: string, text: string): boolean => ajv.validate({ type: 'string', format }, text);
const two = (most: number, least = 0): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((one) => String(one).padStart(2, '0'));
const text = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> => fc.tuple(...parts).map((all) => all.join(''));
const among = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const letters = (from: string, minLength = 0): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...from), minLength, maxLength: 8 });

const date = fc
  .date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));
const fraction = fc
  .option(letters('0123456789', 1), { nil: undefined })
  .map((one) => (one === undefined ? '' : `.${one}`));
const zone = fc.oneof(among('Z', 'z'), text(among('+', '-'), two(23), among(':'), two(59)));
const clock = text(two(23), among(':'), two(59), among(':'), two(59), fraction);

test('every date and time of RFC 3339, 5.6 is one', () => {
  fc.assert(
    fc.property(date, among('T', 't'), clock, zone, (day, t, time, offset) => {
      expect([is('date', day), is('time', time + offset)]).toEqual([true, true]);
      expect(is('date-time', day + t + time + offset)).toBe(true);
    }),
  );
});

test('a leap second is one where it is the last of a day in UTC', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 }),
      fc.integer({ min: 1, max: 1438 }),
      (offset, other) => {
        const at = (minute: number): string => {
          const local = (minute + offset + 2880) % 1440;
          const parts = [local, Math.abs(offset)].map((one) =>
            [Math.floor(one / 60), one % 60].map((part) => String(part).padStart(2, '0')).join(':'),
          );
          return `2016-12-31T${parts[0] ?? ''}:60${offset < 0 ? '-' : '+'}${parts[1] ?? ''}`;
        };
        expect([is('date-time', at(1439)), is('date-time', at(other))]).toEqual([true, false]);
      },
    ),
  );
});

test('what careless clocks print is no time of RFC 3339', () => {
  const careless: [string, (day: string, time: string, offset: string) => string][] = [
    ['an offset without a colon', (day, time) => `${day}T${time}+0000`],
    ['an offset of hours', (day, time) => `${day}T${time}+01`],
    ['no offset', (day, time) => `${day}T${time}`],
    ['a blank in the middle', (day, time, offset) => `${day} ${time}${offset}`],
    ['a blank before the offset', (day, time, offset) => `${day}T${time} ${offset}`],
    ['a blank around', (day, time, offset) => ` ${day}T${time}${offset}`],
    ['a line end', (day, time, offset) => `${day}T${time}${offset}\n`],
    ['a name of a zone', (day, time) => `${day}T${time}UTC`],
    ['a zone in brackets', (day, time, offset) => `${day}T${time}${offset}[Europe/Paris]`],
    ['an offset beyond a day', (day, time) => `${day}T${time}+24:00`],
    ['an offset of sixty minutes', (day, time) => `${day}T${time}+00:60`],
    ['no seconds', (day, time, offset) => `${day}T${time.slice(0, 5)}${offset}`],
    ['a comma', (day, time, offset) => `${day}T${time.slice(0, 8)},5${offset}`],
    ['a point without a fraction', (day, time, offset) => `${day}T${time.slice(0, 8)}.${offset}`],
    ['no dashes', (day, time, offset) => `${day.replaceAll('-', '')}T${time}${offset}`],
    ['an hour 24', (day, time, offset) => `${day}T24${time.slice(2)}${offset}`],
    ['a second 61', (day, _, offset) => `${day}T23:59:61${offset}`],
    ['a day 0', (day, time, offset) => `${day.slice(0, 8)}00T${time}${offset}`],
    ['a day 32', (day, time, offset) => `${day.slice(0, 8)}32T${time}${offset}`],
    ['a month 13', (day, time, offset) => `${day.slice(0, 5)}13-01T${time}${offset}`],
    ['a longer year', (day, time, offset) => `+00${day}T${time}${offset}`],
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...careless),
      date,
      clock,
      zone,
      ([, write], day, time, offset) => !is('date-time', write(day, time, offset)),
    ),
  );
  for (const wrong of ['2022-08-31T12:00:01.123+0000', '2022-08-31T12:00:01.123+01'])
    expect(is('date-time', wrong)).toBe(false);
  const days = ['2023-02-29', '1900-02-29', '2022-04-31', '2022-06-31'];
  expect([...days, '2024-02-29', '2000-02-29'].map((day) => is('date', day))).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(['12:00:00+0000', '12:00:00+01', '12:00:00'].filter((time) => is('time', time))).toEqual([]);
});

const PCHAR = "abzAZ09-._~!$&'()*+,;=:@";
const escape = text(
  among('%'),
  letters('0123456789abcdefABCDEF').map((one) => one.padEnd(2, '0').slice(0, 2)),
);
const part = text(letters(PCHAR), fc.oneof(among(''), escape), letters(PCHAR));
const host = among(
  'a.example',
  '127.0.0.1',
  '[::1]',
  '[2001:db8::7]',
  '[::ffff:192.0.2.1]',
  '[v1.fe80::a]',
  'caf%C3%A9.example',
  'a_b',
  '',
);
const authority = text(among('', 'u@', 'u:p%40:@'), host, among('', ':', ':8443'));
const path = fc.array(part).map((all) => all.map((one) => `/${one}`).join(''));
const rest = text(
  fc.oneof(among(''), text(among('?'), part, among('', '/?'))),
  fc.oneof(among(''), text(among('#'), part, among('', '/?'))),
);
const scheme = among('https', 'HTTP', 'com.example.app', 'a+b-c.1');
const uri = fc.oneof(text(scheme, among('://'), authority, path, rest), text(scheme, among(':'), part, path, rest));

test('every reference of RFC 3986 is one, and those with a scheme are URIs', () => {
  fc.assert(
    fc.property(uri, (one) => {
      expect([is('uri', one), is('uri-reference', one)], one).toEqual([true, true]);
    }),
  );
  const relative = fc.oneof(
    text(among('//'), authority, path, rest),
    text(
      path.filter((one) => !one.startsWith('//')),
      rest,
    ),
    text(
      part.filter((one) => !one.includes(':')),
      rest,
    ),
    text(among('./'), part, rest),
  );
  fc.assert(fc.property(relative, (one) => is('uri-reference', one) && !is('uri', one)));
  // Both read the same of an address that browsers understand too.
  fc.assert(fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (one) => is('uri', one)));
});

test('what is no character of a reference, or stands where it may not, makes none', () => {
  const wrong = among(
    ' ',
    '"',
    '<',
    '>',
    '\\',
    '^',
    '`',
    '{',
    '}',
    '|',
    'é',
    '€',
    '\u0000',
    '\n',
    '%',
    '%4',
    '%zz',
    '[',
    ']',
  );
  fc.assert(
    fc.property(
      uri.filter((one) => !one.includes('#')),
      wrong,
      (one, bad) =>
        [`${one}/${bad}`, `${one}?${bad}`, `${one}#${bad}`, `/${bad}/${one}`].every(
          (whole) => !is('uri-reference', whole) && !is('uri', whole),
        ),
    ),
  );
  fc.assert(fc.property(uri, among('#a', '#'), (one, more) => !is('uri-reference', `${one}#a${more}`)));
  const hosts = ['[::1', '::1]', '[::1%25eth0]', '[1]', '[g::]', '[v.a]', 'a b', 'a[0]', 'u@v@h', 'a:b', 'a:8443:'];
  expect(hosts.filter((one) => is('uri', `https://${one}/`))).toEqual([]);
  expect(['1a:b', 'a b', ':a', '%:a'].filter((one) => is('uri-reference', one))).toEqual([]);
});

test('of a schema that a server gives, its own reading of formats counts', () => {
  expect(acceptedBy({ type: 'string', format: 'date-time' }, '2022-08-31T12:00:01+0000')).toBe(true);
});
