import { randomUUID } from 'node:crypto';
import type { Answer } from '../http.ts';
import { objectRevision, type User } from './users.ts';
import { otherUser, type Request, type World } from './world.ts';

type Attributes = Record<string, unknown>;

/** One user as the answer to a request. */
export function answered(world: World, { call }: Request, user: User): Answer {
  const body = shown(world, user, call.query.get('_fields'));
  return { status: 200, headers: { ETag: `"${String(body['_rev'])}"` }, body };
}

/**
 * What is shown of a user: `_id`, `_rev` and the attributes that are asked for, never the password.
 * @param fields names separated by commas; null for all
 */
export function shown(world: World, user: User, fields: string | null): Attributes {
  const { fault } = world;
  const owner = fault('managed-user-of-another-user') ? otherUser(world, user) : user;
  const attributes = {
    ...(fault('managed-user-stale') ? owner.original : owner.attributes),
    ...(fault('managed-user-shows-password') ? { password: owner.password } : {}),
  };
  const _id = fault('managed-user-id-wrong') ? otherUser(world, user).id : user.id;
  const asked = fields === null || fault('fields-not-chosen') ? ['*'] : fields.split(',').map((one) => one.trim());
  const metadata = asked.some((field) => /^\/?_meta(\/\*)?$/.test(field)) && !fault('metadata-never-shown');
  // What is neither shown nor asked for by name, such as answers to security questions, stays inside.
  const visible = Object.entries(attributes).filter(
    ([name]) => (asked.includes('*') || asked.includes(name) || asked.includes(`/${name}`)) && name !== 'kbaInfo',
  );
  const byName = asked.includes('password') && fault('password-shown-when-asked-for');
  return {
    _id,
    _rev: revisionOf(world, user, attributes),
    ...Object.fromEntries(visible),
    ...(byName ? { password: owner.password } : {}),
    ...(metadata || fault('metadata-unasked') ? { _meta: metadataOf(world, owner) } : {}),
  };
}

function revisionOf({ fault }: World, user: User, attributes: Attributes): string {
  if (fault('revision-moves')) return objectRevision(randomUUID());
  return objectRevision(fault('revision-stays') ? user.original : attributes);
}

/** What is known about a user outside the object. Chosen: its form. Source: self-service-reference, pp-managed-json. */
function metadataOf({ fault }: World, { meta }: User): Attributes {
  const { loginCount, stagesCompleted, createDate, termsAccepted } = meta;
  return {
    ...(createDate === undefined ? {} : { createDate: new Date(createDate).toISOString() }),
    loginCount: fault('metadata-login-count-wrong') ? 0 : loginCount,
    stagesCompleted: fault('metadata-stages-missing') ? [] : Object.keys(stagesCompleted),
    ...(termsAccepted === undefined ? {} : { termsAccepted }),
  };
}
