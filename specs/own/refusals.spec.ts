import { expect, test } from '@playwright/test';
import { Names } from '../../src/names.ts';
import { Live } from '../../src/printed.ts';
import { deriveRefusals } from '../../src/refusals.ts';
import { build, draftOf } from '../../src/request.ts';
import type { Refusal, Step } from '../../src/sequence.ts';
import { COMMANDS } from './support/hostile.ts';
import { SHOP, shopContract } from './support/judging.ts';
import { written, type Written } from './support/written.ts';
import { derivedIds, TOLD } from './support/stories.ts';

const body = { title: 'Emma', kind: 'Novel', pages: 474, signed: false, tags: ['old'] };
const create = {
  id: 'create',
  operation: 'createBook',
  request: {
    method: 'POST',
    url: 'http://shop/books',
    headers: { Authorization: 'Basic YTpi', 'Content-Type': 'application/json' },
    body,
  },
};
const read = {
  id: 'read',
  operation: 'readBook',
  request: { method: 'GET', url: 'http://shop/books/1a', headers: { 'X-User': 'u', 'X-Password': 'p' } },
};

function derive(said: Written<Pick<Step, 'id' | 'operation' | 'request'>>): Refusal[] {
  const contract = shopContract();
  const step = written<Step>(said as Written<Step>);
  const known = { names: new Names({}), scope: new Map(), recorded: new Map() };
  const built = build(draftOf(step.request), known, 'session=1');
  return deriveRefusals(step, contract.operation(step.operation), contract, built);
}

test('a member that a server has named makes no title that a terminal or a CI obeys', () => {
  const named = { ...create.request, body: { ...body, [`::add-mask::e\n##[error]${COMMANDS}`]: 'a'.repeat(3000) } };
  const told = derive({ ...create, request: named }).flatMap(({ id, says }) => [id, says]);
  expect(told.join('')).toContain('add-mask');
  for (const text of told) {
    expect(text).toMatch(/^[\x20-\x7e…]*$/);
    expect(text).not.toMatch(/::[a-z-]+.*::|##\[|##vso\[/);
    expect(text.length).toBeLessThan(600);
  }
});

test(`what ${SHOP} makes a request is refused in every other form, under ids that stay`, () => {
  expect(derive(create).map(({ id }) => id.replace('create~', ''))).toEqual([
    'without:credentials',
    'wrong:authorization',
    'other-scheme:authorization',
    'without:/title',
    'null:/title',
    'a number:/title',
    'an empty string:/title',
    'lower case:/title',
    'without:/kind',
    'null:/kind',
    'a number:/kind',
    'an empty string:/kind',
    'an unknown value:/kind',
    'lower case:/kind',
    'null:/pages',
    'a string:/pages',
    'zero:/pages',
    'a negative number:/pages',
    'a fraction:/pages',
    'null:/signed',
    'a string:/signed',
    'a number:/signed',
    'null:/tags',
    'an empty item:/tags',
    'an object:/tags',
    'a string:/tags',
    'null:/tags/0',
    'a number:/tags/0',
    'an empty string:/tags/0',
    'malformed:body',
    'array:body',
    'empty:body',
    'text/plain:body',
  ]);
});

test('a credential is left out and altered, and an id is replaced by an unknown one', () => {
  const refusals = derive(read);
  expect(refusals.map(({ id }) => id)).toEqual([
    'read~without:credentials',
    'read~wrong:x-user',
    'read~wrong:x-password',
    'read~unknown:id',
  ]);
  expect(refusals[0]).toMatchObject({ headers: { 'X-User': null, 'X-Password': null }, session: null });
  const url = refusals[3]?.url;
  expect(url instanceof Live && url.value).toMatch(/^http:\/\/shop\/books\/(?!1a)\w\w$/);
});

test('a password with colons is altered at its end, not at a colon', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const headers = { ...create.request.headers, Authorization: basic('u:a:b: é%+"') };
  const wrong = derive({ ...create, request: { ...create.request, headers } }).find(({ id }) => id.includes('~wrong:'));
  const sent = wrong?.headers?.['Authorization'];
  expect(sent instanceof Live && sent.value).toBe(basic('u:a:b: é%+"-not'));
});

test('every altered body breaks the contract, and the sent one is left as it is', () => {
  const contract = shopContract();
  const schema = contract.requestSchema(contract.operation('createBook'));
  const before = JSON.stringify(create);
  const kept = derive(create).filter(
    ({ body }) => body instanceof Live && schema && contract.validate(schema, body.value).length === 0,
  );
  expect(kept).toEqual([]);
  expect(JSON.stringify(create)).toBe(before);
});

test('derived refusals are the same in every run, and say sentences', () => {
  expect(derive(create)).toEqual(derive(create));
  for (const { says } of [...derive(create), ...derive(read)]) expect(says).toMatch(/^\w+ refuses [^.]+[^.\s]$/);
});

for (const { story, contract, title } of TOLD)
  test(`${title} derives refusals under ids that are unique and stay`, () => {
    const ids = derivedIds(story, contract);
    expect(new Set(ids).size).toBe(ids.length);
    expect(derivedIds(story, contract)).toEqual(ids);
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]*~[^:]+:\S+$/.test(id))).toEqual([]);
  });
