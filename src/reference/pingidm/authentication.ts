import type { Answer } from '../http.ts';
import { decoded, passwordOf } from './credentials.ts';
import { dueProcesses } from './processes.ts';
import { Refusal } from './refusal.ts';
import { userAccount } from './roles.ts';
import { endSession } from './sessions.ts';
import { tracks } from './settings.ts';
import type { User } from './users.ts';
import { otherUser, type Handler, type Request, type World } from './world.ts';

/**
 * The authentication endpoint: the actions login and logout.
 * @throws Refusal 400 without an action, 501 for an unknown one
 * Source: self-service-reference, profile-rest-flow; auth-guide
 */
export const authentication: Handler = (world, request) => {
  const { operation, action, call } = request;
  // No social identity provider is configured.
  if (operation === 'read') return { status: 200, body: world.fault('providers-missing') ? {} : { providers: [] } };
  if (operation === 'create') throw new Refusal(400, 'The action is missing');
  if (operation !== 'action') throw new Refusal(501, 'Not Implemented');
  if (action === 'login') return login(world, request);
  if (action === 'reauthenticate') return reauthentication(world, request);
  if (action === 'logout')
    return { status: 200, headers: { 'Set-Cookie': endSession(world, call) }, body: { success: true } };
  throw new Refusal(501, `Unknown action ${action}`);
};

/**
 * Whether the password given again is the caller's own.
 * @throws Refusal 403 when it is not, or when there is none. Source: the ancestor's authentication service
 */
export function reauthenticated({ fault }: World, { call, account }: Request): boolean {
  const given = decoded(call.headers['x-openidm-reauth-password']);
  const real = account.user?.password ?? passwordOf(account.name);
  if (given === undefined || given === '') return fault('reauthentication-without-password');
  if (real === undefined) return false;
  const other = given.toLowerCase() === real.toLowerCase() && fault('reauthentication-in-any-case');
  const part = real.startsWith(given) && fault('reauthentication-takes-a-part');
  return given === real || other || part || fault('reauthentication-takes-any-password');
}

function reauthentication(world: World, request: Request): Answer {
  if (!reauthenticated(world, request) || world.fault('reauthentication-refuses-everybody'))
    throw new Refusal(403, 'Reauthentication failed');
  return { status: 200, body: { reauthenticated: true } };
}

/** Counts a login, and remembers when it was. */
export function countLogin(world: World, user: User): void {
  if (tracks(world, 'loginCount')) user.meta.loginCount += 1;
  if (user.meta.lastLogin !== undefined) user.meta.loginBefore = user.meta.lastLogin;
  user.meta.lastLogin = world.now();
}

function login(world: World, request: Request): Answer {
  const { user } = request.account;
  if (user === undefined) return { status: 200, body: loginDocument(world, request) };
  // Chosen: a login counts before the conditions are evaluated, and only one that sends credentials.
  if (request.by === 'credentials' || world.fault('session-login-counted')) countLogin(world, user);
  if (world.fault('write-undone-by-login')) user.attributes = { ...user.original };
  world.lastLogin = user;
  return {
    status: 200,
    body: loginDocument(world, { ...request, account: { ...request.account, ...userAccount(world, user) } }),
  };
}

/**
 * Tells who the caller is and what is left to do.
 * @returns the body that login and info/login share
 * Source: self-service-reference, profile-rest-flow; auth-guide, authorization-and-roles
 */
export function loginDocument(world: World, { account, call, action }: Request): Record<string, unknown> {
  const { fault } = world;
  const { name, roles, user, runBy } = account;
  // Chosen: outside the login action the document says that this call is no login.
  const common = { authLogin: action === 'login', roles, ipAddress: call.remoteAddress };
  if (user === undefined) {
    const authorization = { component: 'internal/user', ...common, id: name, moduleId: 'STATIC_USER' };
    return { _id: 'login', authorization, authenticationId: name };
  }
  const due = fault('process-not-listed') ? [] : dueProcesses(world, user);
  const listed = fault('process-listed-by-bare-name') ? due.map((path) => path.replace('selfservice/', '')) : due;
  const flag = due.length > 0 && !fault('process-flag-missing') ? { processesRequired: true } : {};
  const stranger = otherUser(world, user);
  const authorization = {
    userRolesProperty: 'authzRoles',
    ...flag,
    component: fault('login-component-wrong') ? 'internal/user' : 'managed/user',
    authLogin: common.authLogin,
    authenticationIdProperty: 'username',
    roles,
    ipAddress: common.ipAddress,
    protectedAttributeList: ['password'],
    ...(due.length > 0 ? { requiredProfileProcesses: listed } : {}),
    id: loginId(world, user),
    moduleId: 'MANAGED_USER',
    queryId: fault('login-query-is-another') ? 'query-all' : 'credential-query',
    ...(runBy === undefined || fault('run-as-not-told') ? {} : actingAs(runBy)),
  };
  const authenticationId = fault('login-authentication-id-wrong') ? stranger.attributes['userName'] : name;
  return { _id: 'login', authorization, authenticationId };
}

/** What a login tells besides when an administrator runs as somebody. Source: recorded from a node that does. */
function actingAs(adminUser: string): Record<string, string> {
  return {
    adminUser,
    authenticationId: adminUser,
    moduleId: 'INTERNAL_USER',
    queryId: 'credential-internaluser-query',
  };
}

function loginId(world: World, user: User): unknown {
  if (world.fault('login-id-is-user-name')) return user.attributes['userName'];
  return world.fault('login-id-of-another-user') ? otherUser(world, user).id : user.id;
}
