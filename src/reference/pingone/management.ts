import type { Answer, Call } from '../http.ts';
import { createAction, deleteAction, listActions, readAction, updateAction } from './actions.ts';
import { refusedToken } from './bearer.ts';
import { readEnvironment } from './environments.ts';
import { notFound, Refusal } from './errors.ts';
import { PLATFORM_OPERATIONS } from './platform-operations.ts';
import { createPolicy, deletePolicy, listPolicies, readPolicyOne, updatePolicy } from './policies.ts';
import { othersMove, type Handler, type Request, type World } from './world.ts';

/** Stands for the environment itself; no path can spell it. */
const SELF = '/';

/** What can be done with the resources below an environment: an operation's name and handler by path and method. */
const OPERATIONS: Record<string, Record<string, [name: string, handler: Handler]>> = {
  [SELF]: { GET: ['read-environment', readEnvironment] },
  signOnPolicies: { GET: ['list-policies', listPolicies], POST: ['create-policy', createPolicy] },
  'signOnPolicies/*': {
    GET: ['read-policy', readPolicyOne],
    PUT: ['update-policy', updatePolicy],
    DELETE: ['delete-policy', deletePolicy],
  },
  'signOnPolicies/*/actions': { GET: ['list-actions', listActions], POST: ['create-action', createAction] },
  'signOnPolicies/*/actions/*': {
    GET: ['read-action', readAction],
    PUT: ['update-action', updateAction],
    DELETE: ['delete-action', deleteAction],
  },
  ...PLATFORM_OPERATIONS,
};

/** The method that a call amounts to: HEAD is GET, and POST may stand for another. */
function methodOf(call: Call): string {
  const override = call.headers['x-http-method-override'];
  // Chosen: the override works on POST alone.
  if (call.method === 'POST' && typeof override === 'string') return override.toUpperCase();
  return call.method === 'HEAD' ? 'GET' : call.method;
}

/** Carries out what a refused call asks for, without telling: the mistake of checking too late. */
function carryOut(request: Request, handler: Handler | undefined): void {
  try {
    handler?.(request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/**
 * Answers calls below /v1: token first, then environment, path, method, resource, body.
 * @throws Refusal for everything but success
 * Source: pingone-api/foundations/conventions; sign-on policies and their actions.
 */
export function management(world: World, call: Call): Answer {
  const { fault } = world;
  // Collections and ids alternate in paths. Chosen: ids are compared as sent, and a trailing slash leads nowhere.
  const [, , root, environmentId, ...rest] = call.path.split('/');
  const ids = rest.filter((_segment, index) => index % 2 === 1);
  const pattern = rest.map((segment, index) => (index % 2 === 1 ? '*' : segment)).join('/');
  const key = rest.length === 0 ? SELF : pattern;
  const methods = Object.hasOwn(OPERATIONS, key) ? OPERATIONS[key] : undefined;
  const method = methodOf(call);
  const [name = '', handler] = methods?.[method] ?? [];
  const request: Request = { world, call, ids };
  if (world.variant('one-policies-come-and-go')) othersMove(world);

  const refusal = refusedToken(request, name, method);
  if (refusal) {
    if (method === 'POST' && fault('refused-token-create-carried-out')) carryOut(request, handler);
    if (method === 'DELETE' && fault('refused-token-delete-carried-out')) carryOut(request, handler);
    throw refusal;
  }
  if (root !== 'environments' || !environmentId) throw notFound();
  if (environmentId !== world.environmentId && !fault('other-environment-accepted')) {
    // Chosen: 403, since the client has no role in an environment that does not exist; 404 is seen as well.
    const message = 'The actor attempting to perform the request is not authorized.';
    throw new Refusal(403, 'ACCESS_FAILED', message, [{ code: 'INSUFFICIENT_PERMISSIONS', message }]);
  }
  if (!methods) throw notFound();
  if (!handler) {
    // Chosen: the code, since the documents give none for 405.
    const allow = { Allow: Object.keys(methods).join(', ') };
    throw new Refusal(405, 'REQUEST_FAILED', 'The resource does not support this method.', [], allow);
  }
  return handler(request);
}
