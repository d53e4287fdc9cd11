import type { Answer, Api, Call } from '../http.ts';
import type { PingidmVariant } from '../variants/worlds.ts';
import { outbox } from './accounts/mail.ts';
import { seal } from './accounts/snapshot.ts';
import { authorize } from './access.ts';
import { authentication } from './authentication.ts';
import { completeness } from './completeness.ts';
import { config } from './config.ts';
import { consent } from './consent.ts';
import { own } from '../own.ts';
import { authenticate } from './credentials.ts';
import type { PingidmFault } from './faults.ts';
import { features } from './features.ts';
import { info } from './info.ts';
import { catchUp } from './later.ts';
import { kba } from './kba.ts';
import { managedUser, managedUsers, ownUser } from './managed-user.ts';
import { policy } from './policy.ts';
import { privileges } from './privileges.ts';
import { envelope, notFound, Refusal } from './refusal.ts';
import { schemas } from './schemas.ts';
import { selfService } from './self-service.ts';
import { withSession, withStray } from './sessions.ts';
import { othersMove, seen } from './others.ts';
import { newWorld, type Handler, type Operation, type Request, type World } from './world.ts';

export { PINGIDM_FAULTS, type PingidmFault } from './faults.ts';

const ROUTES: [RegExp, Handler][] = [
  [/^authentication$/, authentication],
  [/^info\/features$/, features],
  [/^info\/([^/]+)$/, info],
  [/^managed\/user$/, managedUsers],
  [/^managed\/user\/([^/]+)$/, managedUser],
  [/^selfservice\/profile\/completeness\/managed\/user\/([^/]+)$/, completeness],
  [/^selfservice\/user\/([^/]+)$/, ownUser],
  [/^selfservice\/kba$/, kba],
  [/^selfservice\/[^/]+$/, selfService],
  [/^policy\/managed\/user\/([^/]+)$/, policy],
  [/^policy\/selfservice\/(?:registration|reset)$/, policy],
  [/^config\/(.+)$/, config],
  [/^privilege(?:\/managed\/user(?:\/([^/]+))?)?$/, privileges],
  [/^schema\/managed\/user$/, schemas],
  [/^consent$/, consent],
];

const OPERATIONS: Readonly<Record<string, Operation>> = { PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/**
 * A PingIDM stand-in with its state in memory; each call makes a world of its own.
 * @param options the version it says it is, the mistakes it makes, how it differs, and its clock in milliseconds
 * @returns the API, which leaves paths outside /openidm and its own /outbox alone, and the settings for a client, given the origin
 */
export function pingidm(options: {
  version: '7.5' | '7.3.1';
  fault: (name: PingidmFault) => boolean;
  variant?: (name: PingidmVariant) => boolean;
  now?: () => number;
}): {
  api: Api;
  variables: (origin: string) => Record<string, string>;
} {
  const world = newWorld({ now: Date.now, variant: () => false, ...options });
  return {
    api: (call) => {
      if (call.path === '/outbox') return outbox(world, call);
      return /^\/openidm(\/|$)/.test(call.path) ? answered(world, call) : undefined;
    },
    variables: (origin) => ({
      PINGIDM_URL: origin,
      PINGIDM_VERSION: options.version,
      PINGIDM_USER_USERNAME: 'bjensen',
      PINGIDM_USER_PASSWORD: 'Passw0rd',
      PINGIDM_CAPTCHA_RESPONSE: 'passed',
      PINGIDM_OUTBOX_URL: origin,
      PINGIDM_EXPIRED_TOKEN: seal({ ...world, now: () => 0 }, 'snapshot', {}),
      PINGIDM_ADMIN_USERNAME: 'openidm-admin',
      PINGIDM_ADMIN_PASSWORD: 'openidm-admin',
      PINGIDM_ANONYMOUS_USERNAME: 'anonymous',
      PINGIDM_ANONYMOUS_PASSWORD: 'anonymous',
      ...(world.variant('idm-attribute-with-own-value')
        ? { PINGIDM_PROFILE_VALUES: JSON.stringify({ postalCode: 'NO-0150' }) }
        : {}),
      ...(world.variant('idm-processes-longer')
        ? { PINGIDM_PROFILE_VALUES: JSON.stringify({ sum: '16', telephoneNumber: '555-000-1234' }) }
        : {}),
    }),
  };
}

function answered(world: World, call: Call): Answer {
  catchUp(world);
  const answer = carriedOut(world, call);
  return answer.status === 401 && world.fault('session-for-a-refused-login') ? withStray(world, call, answer) : answer;
}

function carriedOut(world: World, call: Call): Answer {
  return refusable(world, () => {
    if (call.tooLong) throw new Refusal(413, 'The request is too long');
    const action = call.query.get('_action') ?? '';
    const target = { resource: resourceOf(call), operation: operationOf(call), action };
    if (world.variant('idm-others-use-it')) othersMove(world);
    const request = { call, ...target, ...authenticate(world, call, target) };
    if (world.variant('idm-activity-recorded')) seen(world, request.account.user);
    const answer = refusable(world, () => {
      authorize(world, request);
      return routed(world, request);
    });
    return withSession(world, request, answer);
  });
}

function refusable(world: World, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return envelope(world, error);
    throw error;
  }
}

function routed(world: World, request: Request): Answer {
  for (const [pattern, handler] of ROUTES) {
    const match = request.resource.match(pattern);
    if (match) return handler(world, request, match);
  }
  throw notFound(request.resource);
}

function resourceOf(call: Call): string {
  try {
    return decodeURIComponent(call.path.replace(/^\/openidm\/?/, ''));
  } catch {
    throw new Refusal(400, 'The path is not properly encoded');
  }
}

function operationOf({ method, query }: Call): Operation {
  if (method === 'GET') return query.has('_queryFilter') ? 'query' : 'read';
  if (method === 'POST') return query.has('_action') ? 'action' : 'create';
  return own(OPERATIONS, method) ?? 'other';
}
