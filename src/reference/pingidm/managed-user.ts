import type { Answer } from '../http.ts';
import { reauthenticated } from './authentication.ts';
import { filterOf } from './filter.ts';
import { patched } from './patch.ts';
import { enforce } from './policy.ts';
import { forbidden, notFound, Refusal } from './refusal.ts';
import { ADMIN_ROLE } from './roles.ts';
import { jsonBody } from './self-service.ts';
import { objectOrUndefined } from './stage.ts';
import { objectRevision, person, type User } from './users.ts';
import { otherUser, type Handler, type Request, type World } from './world.ts';

type Attributes = Record<string, unknown>;

/**
 * One managed user: read, created under an identifier of the client's, replaced, patched and deleted.
 * @returns `_id`, `_rev` and the attributes, never the password
 * @throws Refusal 404 for an identifier that nobody has, 412 for another revision, 403 by policy or without reauthentication
 * Source: rest-api-reference, managed users; crest; auth-guide, password changes
 */
export const managedUser: Handler = (world, request, match) => {
  const { resource, operation } = request;
  const id = match[1] ?? '';
  const user = world.users.get(id);
  if (operation === 'update') return put(world, request, id, user);
  if (user === undefined) throw notFound(resource);
  if (operation === 'read') return answered(world, request, user);
  if (patches(request)) return patch(world, request, user);
  if (operation !== 'delete') throw new Refusal(501, 'Not Implemented');
  revisionMatches(world, request, user);
  const answer = answered(world, request, user);
  if (!world.fault('delete-lost')) world.users.delete(user.id);
  return answer;
};

/**
 * Managed users: finding them by a filter on one attribute, and creating one.
 * @throws Refusal 400 for a filter of another form, 403 by policy
 * Source: rest-api-reference, queries and managed users
 */
export const managedUsers: Handler = (world, request) => {
  const { operation, action, call } = request;
  const { fault } = world;
  if (operation === 'create' || (operation === 'action' && action === 'create')) {
    const { _id, ...attributes } = given(world, request);
    const wanted = typeof _id === 'string' && _id !== '' ? _id : undefined;
    if (wanted !== undefined && world.users.has(wanted)) throw new Refusal(412, 'The identifier is taken');
    return created(world, request, attributes, wanted);
  }
  if (operation === 'action') throw new Refusal(501, `Unknown action ${action}`);
  if (operation !== 'query') throw new Refusal(501, 'Not Implemented');
  const matches = filterOf(call.query.get('_queryFilter') ?? '');
  const result = [...world.users.values()]
    .filter((user) => fault('query-not-filtered') || matches({ _id: user.id, ...user.attributes }))
    .filter(() => !fault('query-finds-nothing'))
    .map((user) => shown(world, user, call.query.get('_fields')));
  return {
    status: 200,
    body: {
      result,
      resultCount: result.length + (fault('query-count-wrong') ? 1 : 0),
      pagedResultsCookie: null,
      totalPagedResultsPolicy: 'NONE',
      totalPagedResults: -1,
      remainingPagedResults: -1,
    },
  };
};

/** A patch may come as an action as well. Source: the default access rules. */
function patches({ operation, action }: Request): boolean {
  return operation === 'patch' || (operation === 'action' && action === 'patch');
}

/** The user's own object under self-service: patched, and nothing else. */
export const ownUser: Handler = (world, request, match) => {
  const { fault } = world;
  if (!patches(request) && !(request.operation === 'read' && fault('own-object-readable')))
    throw new Refusal(501, 'Not Implemented');
  const user = world.users.get(match[1] ?? '');
  const byAction = request.operation === 'action';
  if (user && fault(byAction ? 'own-object-patch-by-action-lost' : 'own-object-patch-lost'))
    return answered(world, request, user);
  return managedUser(world, request, match);
};

function put(world: World, request: Request, id: string, user: User | undefined): Answer {
  const { 'if-none-match': none, 'if-match': wanted } = request.call.headers;
  // Chosen: nothing but * makes sense there.
  if (none !== undefined && none !== '*') throw new Refusal(400, 'If-None-Match must be *');
  const { _id, _rev, ...attributes } = given(world, request);
  if (none !== undefined && user && !world.fault('create-twice')) throw new Refusal(412, 'The object exists');
  if (user === undefined) {
    if (wanted !== undefined) throw notFound(request.resource);
    return created(world, request, attributes, id);
  }
  revisionMatches(world, request, user);
  const { password, ...rest } = attributes;
  // Chosen: attributes that the caller may not change stay when they are left out, and so does the status.
  const kept = Object.entries(user.attributes).filter(
    ([name]) => name === 'accountStatus' || (!administers(request) && world.schema[name]?.userEditable === false),
  );
  const base = world.fault('update-merges') ? user.attributes : Object.fromEntries(kept);
  change(world, request, user, { ...base, ...rest }, password);
  return answered(world, request, user);
}

function patch(world: World, request: Request, user: User): Answer {
  const operations = jsonBody(world, request.call);
  if (!Array.isArray(operations)) throw new Refusal(400, 'The body is not a JSON array of patch operations');
  revisionMatches(world, request, user);
  const { password, ...rest } = patched(world.fault, operations, user.attributes, (half) => {
    user.attributes = half;
  });
  const owner = world.fault('patch-of-another-user') ? otherUser(world, user) : user;
  if (!world.fault('patch-lost') || password !== undefined) change(world, request, owner, rest, password);
  return answered(world, request, user);
}

/** Stores the attributes and the password, when the policies and the rules for the caller allow them. */
function change(world: World, request: Request, user: User, sent: Attributes, password: unknown): void {
  const { fault, schema } = world;
  const { lastSeen } = user.attributes; // what the server notes by itself stays, whatever is sent
  const attributes = lastSeen === undefined ? sent : { ...sent, lastSeen };
  const names = new Set([...Object.keys(attributes), ...Object.keys(user.attributes)]);
  const changes = [...names].filter(
    (name) => JSON.stringify(attributes[name] ?? null) !== JSON.stringify(user.attributes[name] ?? null),
  );
  const newPassword = password !== undefined && password !== user.password;
  if (!administers(request)) {
    const forbiddenOnes = changes.filter((name) => schema[name]?.userEditable !== true);
    if (forbiddenOnes.length > 0 && !fault('read-only-attribute-written')) throw forbidden();
    if ((newPassword || fault('reauthentication-for-every-change')) && !trusted(world, request)) throw forbidden();
  }
  enforce(world, { ...attributes, ...(password === undefined ? {} : { password }) }, user);
  if (fault('update-lost') && request.operation === 'update') return;
  user.attributes = attributes;
  if (!newPassword) return;
  user.oldPassword = user.password;
  if (!fault('new-password-does-not-work')) user.password = text(password);
}

/** Whether a user has given the password again. An administrator need not. Source: auth-guide, password changes. */
function trusted(world: World, request: Request): boolean {
  const { fault } = world;
  if (fault('password-change-without-reauthentication')) return true;
  const given = request.call.headers['x-openidm-reauth-password'];
  return reauthenticated(world, request) || (given !== undefined && fault('password-change-with-any-password'));
}

function administers({ account }: Request): boolean {
  return account.roles.includes(ADMIN_ROLE);
}

function revisionMatches(world: World, { call }: Request, user: User): void {
  const wanted = call.headers['if-match']?.replace(/^W\//, '').replaceAll('"', '');
  if (wanted === undefined || wanted === '*' || wanted === shown(world, user, null)['_rev']) return;
  if (!world.fault('update-of-an-old-revision')) throw new Refusal(412, 'The object is another revision by now');
}

function given(world: World, { call }: Request): Attributes {
  const body = objectOrUndefined(jsonBody(world, call));
  if (body === undefined) throw new Refusal(400, 'The object is missing');
  return body;
}

function created(world: World, request: Request, content: Attributes, id: string | undefined): Answer {
  const { fault } = world;
  enforce(world, content);
  const { password, _id, _rev, ...attributes } = content;
  const user = person(typeof password === 'string' ? password : undefined, 0, attributes);
  if (id !== undefined && !fault('create-id-of-its-own')) user.id = id;
  user.meta.createDate = world.now();
  if (!fault('create-lost')) world.users.set(user.id, user);
  const { headers, body } = answered(world, request, user);
  const location = fault('create-without-location')
    ? {}
    : { Location: `${request.call.origin}/openidm/managed/user/${encodeURIComponent(user.id)}` };
  return {
    status: fault('create-answered-200') ? 200 : 201,
    headers: { ...headers, ...location },
    body: { ...(body as Attributes), ...(fault('create-shows-password') ? { password } : {}) },
  };
}

function answered(world: World, { call }: Request, user: User): Answer {
  const body = shown(world, user, call.query.get('_fields'));
  return { status: 200, headers: { ETag: `"${String(body['_rev'])}"` }, body };
}

function shown(world: World, user: User, fields: string | null): Attributes {
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
  return {
    _id,
    _rev: objectRevision(attributes),
    ...Object.fromEntries(visible),
    ...(metadata || fault('metadata-unasked') ? { _meta: metadataOf(world, owner) } : {}),
  };
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
