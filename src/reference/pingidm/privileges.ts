import { notFound, Refusal } from './refusal.ts';
import { ADMIN_ROLE } from './roles.ts';
import type { Handler, Request, World } from './world.ts';

/**
 * What the caller may do with managed users: an administrator everything, anybody else nothing.
 * @throws Refusal 404 for a user who does not exist, 501 for other actions
 * Chosen: who holds a privilege, since no roles are kept here. Source: rest-api-reference, privileges; delegated administration
 */
export const privileges: Handler = (world, request, match) => {
  const { operation, action, resource } = request;
  if (resource === 'privilege') {
    if (operation !== 'action' || action !== 'listPrivileges') throw new Refusal(501, 'Not Implemented');
    return { status: 200, body: listed(world, request) };
  }
  if (operation !== 'read') throw new Refusal(501, 'Not Implemented');
  const id = match[1];
  if (id !== undefined && !world.users.has(id)) throw notFound(resource);
  return { status: 200, body: held(world, request) };
};

function listed(world: World, request: Request): unknown {
  const all = [{ privilegePath: 'managed/user', title: 'User', icon: 'fa-user' }];
  const mine = administers(world, request) ? all : [];
  if (world.fault('privileges-of-an-object')) return { result: mine };
  return world.fault('privileges-without-path') ? mine.map(({ title, icon }) => ({ title, icon })) : mine;
}

function held(world: World, request: Request): Record<string, unknown> {
  const { schema, fault } = world;
  const allowed = administers(world, request) !== fault('privileges-say-the-opposite');
  const names = Object.keys(schema);
  const on = (properties: string[]): Record<string, unknown> =>
    fault('privileges-as-flags') ? { allowed: String(allowed) } : { allowed, properties: allowed ? properties : [] };
  return {
    VIEW: on(names.filter((name) => schema[name]?.viewable === true || fault('privilege-views-everything'))),
    CREATE: on(names),
    UPDATE: on(names),
    ...(fault('privilege-left-out') ? {} : { DELETE: { allowed } }),
    ACTION: { allowed, actions: [] },
  };
}

function administers({ fault }: World, { account }: Request): boolean {
  return account.roles.includes(ADMIN_ROLE) || fault('privileges-for-everybody');
}
