import { forbidden } from './refusal.ts';
import { ADMIN_ROLE, AUTHORIZED_ROLE, OTHER_FULL_ROLE } from './roles.ts';
import type { Operation, Request, World } from './world.ts';

interface Rule {
  resource: RegExp;
  /** The role it is open to; every authenticated account when absent. */
  role?: string;
  operations: Operation[];
  actions?: string[];
  ownObjectOnly?: true;
}

// The product's default access rules, as far as this server goes. The administrator needs none.
const RULES: Rule[] = [
  { resource: /^info\//, operations: ['read'] },
  { resource: /^info\/features$/, operations: ['query'] },
  { resource: /^authentication$/, operations: ['read', 'action'], actions: ['login', 'logout'] },
  {
    resource: /^selfservice\/(profile|registration|socialUserClaim|reset|username|termsAndConditions|kbaUpdate)$/,
    operations: ['read', 'action'],
    actions: ['submitRequirements'],
  },
  // The operator's own processes, with a rule like the others.
  {
    resource: /^selfservice\/(registrationInSteps|resetByQuestions)$/,
    operations: ['read', 'action'],
    actions: ['submitRequirements'],
  },
  { resource: /^authentication$/, role: AUTHORIZED_ROLE, operations: ['action'], actions: ['reauthenticate'] },
  { resource: /^selfservice\/kba$/, role: AUTHORIZED_ROLE, operations: ['read'] },
  {
    resource: /^selfservice\/user\/[^/]+$/,
    role: AUTHORIZED_ROLE,
    operations: ['patch', 'action'],
    actions: ['patch'],
    ownObjectOnly: true,
  },
  { resource: /^config\/selfservice\/kbaConfig$/, operations: ['read'] },
  {
    resource: /^policy\/selfservice\/(registration|reset)$/,
    operations: ['read', 'action'],
    actions: ['validateObject'],
  },
  {
    resource: /^managed\/user\/[^/]+$/,
    role: AUTHORIZED_ROLE,
    operations: ['read', 'update', 'patch', 'delete', 'action'],
    actions: ['patch'],
    ownObjectOnly: true,
  },
  { resource: /^privilege$/, operations: ['action'], actions: ['listPrivileges'] },
  // Chosen: as the rule for the list goes, but for those who are somebody.
  { resource: /^privilege\/./, role: AUTHORIZED_ROLE, operations: ['read'] },
  { resource: /^schema\//, role: AUTHORIZED_ROLE, operations: ['read'] },
  { resource: /^consent$/, role: AUTHORIZED_ROLE, operations: ['action', 'query'], actions: ['getConsentMappings'] },
];

/**
 * Refuses what no rule allows.
 * @throws Refusal 403, also for resources and actions that do not exist: only an administrator learns that
 * Source: the default access configuration; profile completeness has no rule of its own, so it is the administrator's
 */
export function authorize(world: World, request: Request): void {
  const { roles } = request.account;
  if (roles.includes(ADMIN_ROLE)) return;
  const refused = refusedByMistake(world, request);
  if (refused || (!RULES.some((rule) => permits(world, rule, request)) && !permittedByMistake(world, request)))
    throw forbidden();
}

function permits({ variant }: World, rule: Rule, { resource, operation, action, account }: Request): boolean {
  if (!rule.resource.test(resource) || !rule.operations.includes(operation)) return false;
  if (operation === 'action' && !rule.actions?.includes(action)) return false;
  if (rule.ownObjectOnly && !/^(managed|selfservice)\/user$/.test(resource.replace(`/${account.user?.id ?? ''}`, '')))
    return false;
  // Whoever names another full role gives it the same access.
  const open = [rule.role, ...(variant('idm-other-full-role') ? [OTHER_FULL_ROLE] : [])];
  return rule.role === undefined || account.roles.some((role) => open.includes(role));
}

function refusedByMistake({ fault }: World, { resource, operation, account }: Request): boolean {
  const ownRead = operation === 'read' && resource === `managed/user/${account.user?.id ?? ''}`;
  if (account.user) return ownRead && fault('own-object-refused');
  return (
    (resource === 'info/features' && fault('features-only-for-administrators')) ||
    (resource === 'info/uiconfig' && fault('ui-only-for-administrators')) ||
    (resource.startsWith('policy/selfservice/') && operation === 'read' && fault('process-policies-refused')) ||
    (resource === 'privilege' && fault('privileges-only-for-administrators')) ||
    (resource === 'config/selfservice/kbaConfig' && fault('questions-configuration-refused'))
  );
}

function permittedByMistake({ fault }: World, { resource, operation, account }: Request): boolean {
  const user = account.user !== undefined;
  if (resource.startsWith('config/')) {
    const managed = resource === 'config/managed' && operation === 'read';
    if (managed && fault(user ? 'managed-configuration-for-users' : 'managed-configuration-for-anonymous')) return true;
    if (operation === 'update')
      return fault(user ? 'configuration-written-by-users' : 'configuration-written-by-anonymous');
    if (operation === 'delete')
      return fault(user ? 'configuration-taken-away-by-users' : 'configuration-taken-away-by-anonymous');
    return operation === 'read' && fault(user ? 'configuration-for-users' : 'configuration-for-anonymous');
  }
  if (resource === 'selfservice/kba') return fault('questions-for-anonymous');
  if (resource.startsWith('schema/')) return fault('schema-for-anonymous');
  if (resource === 'consent') return fault('consent-for-anonymous');
  if (resource.startsWith('privilege/')) return fault('privileges-for-anonymous');
  if (resource.startsWith('selfservice/user/'))
    return user && fault(operation === 'read' ? 'own-object-readable' : 'own-object-of-everybody');
  if (resource.startsWith('policy/')) {
    if (user) return fault('validation-for-users');
    return fault(operation === 'read' ? 'policies-for-anonymous' : 'validation-for-anonymous');
  }
  if (resource === 'managed/user') {
    if (operation === 'query') return fault(user ? 'query-for-users' : 'query-for-anonymous');
    return fault(user ? 'create-for-users' : 'create-for-anonymous');
  }
  if (resource.startsWith('managed/user/') && (operation === 'update' || operation === 'patch'))
    return fault(user ? 'write-to-other-users-objects' : `${operation}-for-anonymous`);
  if (resource.startsWith('managed/user/') && operation === 'delete')
    return fault(user ? 'delete-for-users' : 'delete-for-anonymous');
  if (fault('any-action-submits') && resource === 'selfservice/profile' && operation === 'action') return true;
  if (operation !== 'read') return false;
  if (resource.startsWith('selfservice/profile/completeness/'))
    return account.user ? fault('completeness-for-users') : fault('completeness-for-anonymous');
  if (resource.startsWith('managed/user/'))
    return account.user ? fault('managed-user-for-other-users') : fault('managed-user-for-anonymous');
  return false;
}
