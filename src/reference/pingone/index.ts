import { randomUUID } from 'node:crypto';
import type { Answer, Api, Call } from '../http.ts';
import { authorize, resume } from './authorize.ts';
import { envelope, notFound, Refusal } from './errors.ts';
import type { Faults } from './faults.ts';
import { postFlow, readFlow } from './flows.ts';
import { written } from './form-faults.ts';
import { hideTheNewest, noteCreated } from './later.ts';
import { management } from './management.ts';
import { token } from './token.ts';
import type { PingoneVariant } from '../variants/worlds.ts';
import { newWorld, type World } from './world.ts';

export { PINGONE_FAULTS, type PingoneFault } from './faults.ts';

const AUTHORIZATION = /^\/([^/]+)\/(as|flows)\/(.*)$/;

/** The host of tokens and flows, which asks for no bearer token. */
function authorization(world: World, call: Call, [environmentId, root, rest]: [string, string, string]): Answer {
  const { method } = call;
  if (root === 'flows' && method === 'POST') return postFlow(world, call, environmentId, rest);
  if (root === 'flows' && (method === 'GET' || method === 'HEAD')) return readFlow(world, call, environmentId, rest);
  if (root === 'flows')
    throw new Refusal(405, 'REQUEST_FAILED', 'Flows take GET and POST.', [], { Allow: 'GET, POST' });
  if (rest === 'token') return token(world, call, environmentId);
  if (rest === 'authorize') return authorize(world, call, environmentId);
  if (rest === 'resume') return resume(world, call, environmentId);
  throw notFound();
}

/** Answers a call, or gives undefined for a path that is not PingOne's. */
function route(world: World, call: Call): Answer | undefined {
  const ours = call.path.startsWith('/v1/');
  const [, environmentId, root = '', rest = ''] = AUTHORIZATION.exec(call.path) ?? [];
  // Chosen: the code, which no page names.
  if (call.tooLong && (ours || environmentId !== undefined))
    throw new Refusal(413, 'REQUEST_TOO_LARGE', 'The request is too long.');
  if (ours) return management(world, call);
  return environmentId === undefined ? undefined : authorization(world, call, [environmentId, root, rest]);
}

/** The headers that come with every answer. */
function finished(answer: Answer, world: World): Answer {
  const headers: Record<string, string | string[]> = {
    'Cache-Control': 'no-cache',
    'Correlation-Id': randomUUID(),
    'X-Content-Type-Options': 'nosniff',
    ...answer.headers,
  };
  const plain = world.fault('answers-as-plain-text') && answer.body !== undefined && !Buffer.isBuffer(answer.body);
  if (plain) headers['Content-Type'] = 'text/plain';
  return written({ ...answer, headers }, world);
}

/**
 * Starts a PingOne with one environment, in memory: its token endpoint, its sign-on policies with their actions, and the
 * applications and users that sign on by them.
 * @param options which mistakes to make, how to differ, and what time it is in milliseconds since 1970
 * @returns the API, and the settings by which a client reaches it at an origin
 * Source: developer.pingidentity.com/pingone-api.
 */
export function pingone(options: { fault: Faults; variant?: (name: PingoneVariant) => boolean; now?: () => number }): {
  api: Api;
  variables: (origin: string) => Record<string, string>;
} {
  const world = newWorld(options.fault, options.variant ?? (() => false), options.now ?? Date.now);
  const api: Api = (call) => {
    try {
      hideTheNewest(world, call);
      const answer = route(world, call);
      noteCreated(world, answer);
      return answer && finished(answer, world);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return finished(envelope(error, call, world.fault), world);
    }
  };
  const variables = (origin: string): Record<string, string> => ({
    PINGONE_API_URL: origin,
    PINGONE_AUTH_URL: origin,
    PINGONE_ENVIRONMENT_ID: world.environmentId,
    PINGONE_CLIENT_ID: world.clientId,
    PINGONE_CLIENT_SECRET: world.clientSecret,
    PINGONE_IDENTITY_PROVIDER_ID: world.references.identityProvider?.[0] ?? '',
    PINGONE_AGREEMENT_ID: world.references.agreement?.[0] ?? '',
    PINGONE_DEVICE_POLICY_ID: world.references.deviceAuthenticationPolicy?.[0] ?? '',
    PINGONE_GATEWAY_ID: world.references.gateway?.[0] ?? '',
    PINGONE_GATEWAY_USER_TYPE_ID: world.references.gatewayUserType?.[0] ?? '',
    ...(world.variant('one-client-authenticates-by-form') ? { PINGONE_TOKEN_AUTH: 'post' } : {}),
    ...(world.variant('one-token-from-another-environment')
      ? { PINGONE_TOKEN_ENVIRONMENT_ID: world.tokenEnvironmentId }
      : {}),
  });
  return { api, variables };
}
