import { dueProcesses } from './processes.ts';
import type { User } from './users.ts';
import type { Account, World } from './world.ts';

export const ADMIN_ROLE = 'internal/role/openidm-admin';
export const AUTHORIZED_ROLE = 'internal/role/openidm-authorized';
/** The full role of a server that is configured with another one. */
export const OTHER_FULL_ROLE = 'internal/role/employee';

/** An account of the product itself: the administrator, or the anonymous one. Source: auth-guide, authorization and roles. */
export function staticAccount(name: string): Account {
  return name === 'openidm-admin'
    ? { name, roles: [AUTHORIZED_ROLE, ADMIN_ROLE] }
    : { name, roles: ['internal/role/openidm-reg'] };
}

/**
 * A managed user's account. The full role is withheld while a process is due.
 * Chosen: roles are worked out per request, so they come back as soon as the last form is completed.
 * Source: self-service-reference, profile-rest-flow and pp-authprofile-json
 */
export function userAccount(world: World, user: User): Account {
  const { fault, profile, variant } = world;
  const held = variant('idm-other-roles-held') ? ['internal/role/7d1b', 'managed/role/employee'] : [];
  const name = String(user.attributes['userName']);
  const left = dueProcesses(world, user).length;
  const listed = profile.profileEnhancementProcesses.length;
  const due = left > 0 && !(fault('role-granted-after-first-process') && left < listed);
  const named = profile.authenticationRole === undefined ? [] : [profile.authenticationRole];
  const meanwhile = fault('role-meanwhile-missing') ? [] : named;
  if (due && !fault('role-granted-early')) return { name, user, roles: [...held, ...meanwhile] };
  if (!due && fault('role-never-granted')) return { name, user, roles: held };
  const full = fault('full-role-is-another') ? 'internal/role/openidm-reg' : profile.authorizationRole;
  return { name, user, roles: [...held, ...(fault('role-meanwhile-kept') ? named : []), full] };
}
