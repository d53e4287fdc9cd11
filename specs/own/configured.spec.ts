import { expect, test } from '@playwright/test';
import { disagreements } from '../../src/agreement.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { offShare, shareOf, type Counting } from '../../src/share.ts';
import { shortcomings, tellForeign, type Told } from './support/worlds.ts';
import { written } from './support/written.ts';

test.describe.configure({ mode: 'parallel' });

const tell = (
  options: { variants?: string[]; faults?: string[] },
  variables: Record<string, string> = {},
): Promise<Told[]> =>
  tellForeign('pingidm', options, (story) => story.id === 'pingidm/progressive-profile', true, { variables });

const graded = (told: Told[], id: string): string[] => [
  ...new Set(
    told
      .flatMap(({ reports }) => reports.filter((report) => report.id === id))
      .flatMap(({ findings }) => findings.filter(({ kind }) => kind !== 'undocumented').map(({ grade }) => grade)),
  ),
];

test.describe("A server of somebody's is held to its own configuration, where an administrator may read it", () => {
  for (const [fault, step, variants] of [
    ['form-without-its-texts', 'read'],
    ['form-without-its-button', 'read'],
    ['form-with-other-texts', 'read'],
    ['form-asks-for-another-attribute', 'read'],
    ['form-asks-for-more', 'read'],
    ['completeness-full-after-form', 'completeness'],
    ['completeness-counts-non-editable', 'completenessBefore'],
    ['role-meanwhile-missing', 'login', ['idm-role-meanwhile']],
  ] as [string, string, string[]?][])
    test(`${fault} is a violation`, async () => {
      expect(graded(await tell({ faults: [fault], variants: variants ?? [] }), step)).toContain('violation');
    });

  for (const [fault, step] of [
    ['form-describes-an-attribute-otherwise', 'read'],
    ['full-role-is-another', 'loginAgain'],
    ['login-query-is-another', 'login'],
    ['completeness-rounded', 'completeness'],
    ['completeness-counts-hidden', 'completeness'],
  ] as const)
    test(`${fault} is a notice: no page says it`, async () => {
      expect(graded(await tell({ faults: [fault] }), step)).toEqual(['notice']);
    });

  test('without an administrator it is excused', async () => {
    const unread = { PINGIDM_ADMIN_USERNAME: '', PINGIDM_ADMIN_PASSWORD: '' };
    expect(graded(await tell({ faults: ['form-without-its-texts'] }, unread), 'read')).toEqual([]);
  });

  for (const variant of [
    'idm-configuration-unreadable',
    'idm-configuration-of-another-shape',
    'idm-form-without-texts',
    'idm-several-forms',
    'idm-several-attributes',
    'idm-attribute-not-counted',
    'idm-more-attributes-counted',
    'idm-users-rich',
    'idm-other-full-role',
    'idm-other-authentication-module',
  ])
    test(`it conforms, however it is configured (${variant})`, async () => {
      const told = await tell({ variants: [variant] });
      expect(shortcomings(told)).toEqual([]);
      expect(told[0]?.reports.flatMap(({ findings }) => findings)).toEqual([]);
    });
});

for (const fault of ['encoded-password-taken-literally', 'encoded-name-taken-literally'])
  test(`credentials that were accepted once are right in whatever form they are sent (${fault})`, async () => {
    const told = await tellForeign('pingidm', { faults: [fault] }, (story) => story.id === 'pingidm/session', true);
    expect(graded(told, 'byEncodedHeaders')).toContain('violation');
  });

const claim = { at: '/asked', by: '/name', members: ['/required'] };
const places = (other: Json, asked: Json, more: object = {}): string[] =>
  disagreements({ ...claim, ...more }, other, { asked }, 'documented').map(({ where }) => where);

test.describe('Lists agree', () => {
  const configured = [{ name: 'a', required: true }, { name: 'b' }];

  test('with what both have, in any order, and with what one leaves out', () => {
    expect(
      places(configured, [
        { name: 'b', required: false },
        { name: 'a', required: true, value: 1 },
      ]),
    ).toEqual([]);
    expect(places(configured, [{ name: 'a' }])).toEqual([]);
  });

  test('but not with another item, another value, or no list', () => {
    expect(places(configured, [{ name: 'c' }])).toEqual(['/asked/0/name']);
    expect(places(configured, [{ name: 'a', required: false }])).toEqual(['/asked/0/required']);
    expect(places(configured, {})).toEqual(['/asked']);
    expect(places(configured, [{ name: 5 }, null])).toEqual(['/asked/0/name', '/asked/1/name']);
  });

  test('and have every item where they are complete', () => {
    expect(places(configured, [{ name: 'a' }], { complete: true })).toEqual(['/asked']);
  });

  test('with the members of an object, by name', () => {
    const properties = { a: { type: 'string' }, b: { type: 'number' } };
    const more = { under: '/schema', members: ['/type'] };
    expect(places(properties, [{ name: 'a', schema: { type: 'string' } }], more)).toEqual([]);
    expect(places(properties, [{ name: 'b', schema: { type: 'string' } }], more)).toEqual(['/asked/0/schema/type']);
    expect(places(properties, [{ name: 'toString' }], more)).toEqual(['/asked/0/name']);
  });
});

const counts = { required: ['counts'], properties: { counts: { const: true } } };
const counting = written<Counting>({ counted: [counts], hidden: { required: ['hidden'] } });
const property = (type: string, more: object = {}): JsonObject => ({ type, counts: true, ...more });
const wrong = (
  properties: JsonObject,
  values: JsonObject,
  value: Json,
  by: Counting = counting,
): string | undefined => {
  const bounds = shareOf(properties, values, by);
  return bounds && offShare(value, bounds, 100, 0.5);
};

test.describe('A share', () => {
  const four = { a: property('string'), b: property('string'), c: property('number'), d: property('boolean') };

  test('is that of the properties that have a value', () => {
    expect(wrong(four, { a: 'x', c: 0 }, 50)).toBeUndefined();
    expect(wrong(four, { a: 'x', c: 0 }, 50.4)).toBeUndefined();
    expect(wrong(four, { a: 'x', c: 0 }, 100)).toBe('50');
    expect(wrong({ ...four, e: { type: 'string' } }, { a: 'x', c: 0, e: 'y' }, 50)).toBeUndefined();
  });

  test('is open as far as values are empty or not shown', () => {
    expect(wrong(four, { a: '', b: 'x', d: false }, 25)).toBeUndefined();
    expect(wrong(four, { a: '', b: 'x', d: false }, 75)).toBeUndefined();
    expect(wrong(four, { a: '', b: 'x', d: false }, 80)).toBe('from 25 to 75');
    expect(wrong({ a: property('string', { hidden: true }), b: property('string') }, {}, 50)).toBeUndefined();
  });

  test('is neither none nor all where it lies between, if something counts for nobody knows how much', () => {
    const open = { ...four, e: property('object') };
    for (const value of [1, 50, 99.9]) expect(wrong(open, { a: 'x' }, value)).toBeUndefined();
    expect(wrong(open, { a: 'x' }, 100)).toBe('less than all');
    expect(wrong(open, { a: 'x' }, 0)).toBe('more than none');
  });

  test('is what any reading of what counts makes it', () => {
    const readings = { ...counting, ...written<Counting>({ counted: [counts, { required: ['type'] }] }) };
    const more = { ...four, e: { type: 'string' } };
    expect(wrong(more, { a: 'x', c: 1 }, 40, readings)).toBeUndefined();
    expect(wrong(more, { a: 'x', c: 1 }, 50, readings)).toBeUndefined();
    expect(wrong(more, { a: 'x', c: 1 }, 60, readings)).toBe('from 40 to 50');
  });

  test('is nothing where nothing counts, or what tells it is no number', () => {
    expect(shareOf({ a: { type: 'string' } }, { a: 'x' }, counting)).toBeUndefined();
    expect(wrong(four, { a: 'x' }, 'many')).toBeUndefined();
  });
});
