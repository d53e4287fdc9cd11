import { filterOf } from './filter.ts';
import { notFound, Refusal } from './refusal.ts';
import { objectRevision, type User } from './users.ts';
import { otherUser, type Handler, type World } from './world.ts';

/**
 * Reads one managed user.
 * @returns `_id`, `_rev` and the attributes, never the password
 * @throws Refusal 404 for an identifier that nobody has
 * Source: rest-api-reference, managed users
 */
export const managedUser: Handler = (world, { resource, operation }, match) => {
  if (operation !== 'read') throw new Refusal(501, 'Not Implemented');
  const user = world.users.get(match[1] ?? '');
  if (user === undefined) throw notFound(resource);
  const body = shown(world, user);
  return { status: 200, headers: { ETag: `"${body._rev}"` }, body };
};

/**
 * Finds managed users by a filter on one attribute.
 * @throws Refusal 400 for a filter of another form
 * Source: rest-api-reference, queries
 */
export const managedUsers: Handler = (world, { operation, call }) => {
  if (operation !== 'query') throw new Refusal(501, 'Not Implemented');
  const matches = filterOf(call.query.get('_queryFilter') ?? '');
  const result = [...world.users.values()]
    .filter((user) => matches({ _id: user.id, ...user.attributes }))
    .map((user) => shown(world, user));
  return {
    status: 200,
    body: {
      result,
      resultCount: result.length,
      pagedResultsCookie: null,
      totalPagedResultsPolicy: 'NONE',
      totalPagedResults: -1,
      remainingPagedResults: -1,
    },
  };
};

function shown(world: World, user: User) {
  const { fault } = world;
  const owner = fault('managed-user-of-another-user') ? otherUser(world, user) : user;
  const attributes = {
    ...(fault('managed-user-stale') ? owner.original : owner.attributes),
    ...(fault('managed-user-shows-password') ? { password: owner.password } : {}),
  };
  const _id = fault('managed-user-id-wrong') ? otherUser(world, user).id : user.id;
  return { _id, _rev: objectRevision(attributes), ...attributes };
}
