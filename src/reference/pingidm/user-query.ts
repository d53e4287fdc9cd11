import type { Answer } from '../http.ts';
import { own } from '../own.ts';
import { filterOf } from './filter.ts';
import { Refusal } from './refusal.ts';
import { shown } from './user-answer.ts';
import type { User } from './users.ts';
import type { Request, World } from './world.ts';

/**
 * The users that a filter fits, in the order and of the page that are asked for.
 * @throws Refusal 400 for a filter, a size or an offset that is none
 * Source: crest, query; rest-api-reference, queries
 */
export function queried(world: World, { call: { query } }: Request): Answer {
  const { fault } = world;
  const matches = filterOf(query.get('_queryFilter') ?? '', fault);
  const found = [...world.users.values()]
    .filter((user) => fault('query-not-filtered') || matches(searchable(world, user)))
    .filter(() => !fault('query-finds-nothing'));
  const { from, page, cookie } = pageOf(world, query, inOrder(world, query.get('_sortKeys'), found));
  const fields = fault('query-fields-not-chosen') ? null : query.get('_fields');
  const result = page.map((user) => ({
    ...shown(world, user, fields),
    ...(fault('query-shows-password') ? { password: user.password } : {}),
  }));
  const policy = query.get('_totalPagedResultsPolicy') ?? 'NONE';
  const counted = fault('query-counts-all-pages') ? found.length - from : result.length;
  return {
    status: 200,
    body: {
      result,
      resultCount: counted + (fault('query-count-wrong') ? 1 : 0),
      pagedResultsCookie: cookie,
      totalPagedResultsPolicy: policy === 'NONE' ? 'NONE' : 'EXACT',
      totalPagedResults: policy === 'NONE' ? -1 : found.length + (fault('query-total-wrong') ? 1 : 0),
      remainingPagedResults: -1,
    },
  };
}

function searchable({ fault }: World, user: User): Record<string, unknown> {
  return { _id: user.id, ...user.attributes, ...(fault('query-finds-by-password') ? { password: user.password } : {}) };
}

/** Chosen: users without the attribute come last. */
function inOrder({ fault }: World, keys: string | null, users: User[]): User[] {
  const wanted = (keys ?? '').split(',').filter((key) => key !== '');
  if (fault('query-not-sorted')) return users;
  const by = wanted.map((key) => ({
    name: key.replace(/^[+-]?\/?/, ''),
    sign: key.startsWith('-') && !fault('query-sorted-upwards-only') ? -1 : 1,
  }));
  const text = (user: User, name: string): string => JSON.stringify(own(user.attributes, name) ?? '\uffff');
  const compared = (one: User, other: User): number => {
    for (const { name, sign } of by) {
      const [left, right] = [text(one, name), text(other, name)];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  };
  return [...users].sort(compared);
}

/** One page: what a cookie leads to, or what begins at an offset. Chosen: the cookie is the offset. */
function pageOf(
  { fault }: World,
  query: URLSearchParams,
  users: User[],
): { from: number; page: User[]; cookie: string | null } {
  const number = (name: string): number => {
    const text = query.get(name) ?? '0';
    if (!/^\d{1,9}$/.test(text)) throw new Refusal(400, `${name} is not a number of results`);
    return Number(text);
  };
  const size = number('_pageSize');
  const cookie = query.get('_pagedResultsCookie') ?? '';
  const led = fault('query-cookie-ignored') ? 0 : Number(Buffer.from(cookie, 'base64url').toString());
  if (!Number.isInteger(led) || led < 0) throw new Refusal(400, 'Invalid paged results cookie');
  const from = cookie === '' ? (fault('query-offset-ignored') ? 0 : number('_pagedResultsOffset')) : led;
  const long = size === 0 || fault('query-page-too-long');
  const page = users.slice(from, long ? undefined : from + size);
  const more = !long && (from + size < users.length || fault('query-cookie-for-ever'));
  return { from, page, cookie: more ? Buffer.from(String(from + size)).toString('base64url') : null };
}
