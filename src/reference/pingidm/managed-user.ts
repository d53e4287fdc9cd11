import type { Answer } from '../http.ts';
import { own } from '../own.ts';
import { reauthenticated } from './authentication.ts';
import { answeredWith } from './accounts/questions.ts';
import { patched } from './patch.ts';
import { enforce } from './policy.ts';
import { forbidden, notFound, Refusal } from './refusal.ts';
import { ADMIN_ROLE } from './roles.ts';
import { jsonBody } from './self-service.ts';
import { objectOrUndefined } from './stage.ts';
import { stored } from './stored.ts';
import { answered, shown } from './user-answer.ts';
import { queried } from './user-query.ts';
import { person, type User } from './users.ts';
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
  const former = world.deleted.get(id);
  if (operation === 'delete' && user === undefined && former && world.fault('delete-answers-twice'))
    return answered(world, request, former);
  if (user === undefined) throw notFound(resource);
  if (operation === 'read') return answered(world, request, user);
  if (patches(request)) return patch(world, request, user);
  if (operation !== 'delete') throw new Refusal(501, 'Not Implemented');
  if (!world.fault('delete-of-an-old-revision')) revisionMatches(world, request, user);
  return remove(world, request, user);
};

function remove(world: World, request: Request, user: User): Answer {
  const { fault, users, deleted } = world;
  const answer = answered(world, request, user);
  const all = [...users.keys()];
  const neighbour = all[all.indexOf(user.id) + 1];
  const lost = fault('delete-lost') || (fault('own-deletion-lost') && !administers(request));
  if (!lost) users.delete(user.id);
  if (neighbour !== undefined && fault('delete-takes-a-neighbour')) users.delete(neighbour);
  deleted.set(user.id, user);
  return answer;
}

/**
 * Managed users: finding them by a filter, and creating one.
 * @throws Refusal 400 for a filter of another form, 403 by policy
 * Source: rest-api-reference, queries and managed users
 */
export const managedUsers: Handler = (world, request) => {
  const { operation, action } = request;
  if (operation === 'create' || (operation === 'action' && action === 'create')) {
    const { _id, ...attributes } = given(world, request);
    const wanted = typeof _id === 'string' && _id !== '' ? _id : undefined;
    if (wanted !== undefined && world.users.has(wanted) && !world.fault('create-takes-over'))
      throw new Refusal(412, 'The identifier is taken');
    return created(world, request, attributes, wanted);
  }
  if (operation === 'action') throw new Refusal(501, `Unknown action ${action}`);
  if (operation !== 'query') throw new Refusal(501, 'Not Implemented');
  return queried(world, request);
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
    if (wanted !== undefined && !world.fault('update-brings-back')) throw notFound(request.resource);
    return created(world, request, attributes, id);
  }
  revisionMatches(world, request, user);
  const { password, ...rest } = attributes;
  // Chosen: attributes that the caller may not change stay when they are left out, and so does the status.
  const kept = Object.entries(user.attributes).filter(
    ([name]) => name === 'accountStatus' || (!administers(request) && own(world.schema, name)?.userEditable === false),
  );
  const base = world.fault('update-merges') ? user.attributes : Object.fromEntries(kept);
  const named = world.fault('update-takes-the-id') ? world.users.get(text(_id)) : undefined;
  change(world, request, named ?? user, { ...base, ...stored(world.fault, 'update', rest) }, password);
  return answered(world, request, named ?? user);
}

function patch(world: World, request: Request, user: User): Answer {
  const operations = jsonBody(world, request.call);
  if (!Array.isArray(operations)) throw new Refusal(400, 'The body is not a JSON array of patch operations');
  if (!world.fault('patch-of-an-old-revision')) revisionMatches(world, request, user);
  const { password, _id, ...rest } = patched(world.fault, operations, user.attributes, (half) => {
    user.attributes = half;
  });
  if (typeof _id === 'string') user.id = _id; // a mistake
  const owner = world.fault('patch-of-another-user') ? otherUser(world, user) : user;
  if (!world.fault('patch-lost') || password !== undefined)
    change(world, request, owner, stored(world.fault, 'patch', rest), password);
  return answered(world, request, user);
}

/** Answers to security questions are stored as the processes store them. */
function withHashedAnswers(attributes: Attributes): Attributes {
  const { kbaInfo } = attributes;
  return Array.isArray(kbaInfo) ? { ...attributes, kbaInfo: kbaInfo.map(answeredWith) } : attributes;
}

/** Stores the attributes and the password, when the policies and the rules for the caller allow them. */
function change(world: World, request: Request, user: User, sent: Attributes, password: unknown): void {
  const { fault, schema } = world;
  const { lastSeen } = user.attributes; // what the server notes by itself stays, whatever is sent
  const attributes = withHashedAnswers(lastSeen === undefined ? sent : { ...sent, lastSeen });
  const names = new Set([...Object.keys(attributes), ...Object.keys(user.attributes)]);
  const changes = [...names].filter(
    (name) => JSON.stringify(own(attributes, name) ?? null) !== JSON.stringify(own(user.attributes, name) ?? null),
  );
  const newPassword = password !== undefined && password !== user.password;
  const nobody = request.account.user === undefined && fault('update-for-anonymous');
  if (!administers(request) && !nobody) {
    const forbiddenOnes = changes.filter(
      (name) => own(schema, name)?.userEditable !== true && !(name === 'authzRoles' && fault('role-taken')),
    );
    if (forbiddenOnes.length > 0 && !fault('read-only-attribute-written')) throw forbidden();
    if ((newPassword || fault('reauthentication-for-every-change')) && !trusted(world, request)) throw forbidden();
  }
  enforce(world, { ...attributes, ...(password === undefined ? {} : { password }) }, user);
  if (fault('update-lost') && request.operation === 'update') return;
  user.attributes = attributes;
  if (!newPassword) return;
  user.oldPassword = user.password;
  const lost = administers(request) && fault('password-of-the-administrator-lost');
  if (!lost && !fault('new-password-does-not-work')) user.password = text(password);
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
  const user = person(typeof password === 'string' ? password : undefined, 0, stored(fault, 'create', attributes));
  const namesake = [...world.deleted.values()].find((one) => one.attributes['userName'] === attributes['userName']);
  if (namesake && fault('deleted-comes-back')) user.meta = { ...namesake.meta };
  // Chosen: whoever administers may create an account that is not active.
  const { accountStatus } = attributes;
  if (administers(request) && typeof accountStatus === 'string') user.attributes['accountStatus'] = accountStatus;
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
