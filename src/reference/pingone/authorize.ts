import { createHash, randomUUID } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import { findApplication } from './applications.ts';
import { invalidRequest, notFound, Refusal } from './errors.ts';
import { waiting } from './flow-actions.ts';
import { FLOW_LIFE, flowAt, showFlow, signOnPage } from './flows.ts';
import type { Application, Asked, Code, Flow } from './platform.ts';
import { defaultPolicy, living, type Policy, type World } from './world.ts';

/** Milliseconds that a code lives. */
const CODE_LIFE = 60_000;

const redirect = (uri: string, parameters: Record<string, string | undefined>): Answer => {
  const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  const query = new URLSearchParams(given).toString();
  return { status: 302, headers: { Location: `${uri}${uri.includes('?') ? '&' : '?'}${query}` } };
};

/** The redirect URI that counts, or undefined when there is none. @throws Refusal for one that the application lacks */
function redirectUriOf(world: World, application: Application, call: Call, asFlow: boolean): string | undefined {
  const { fault } = world;
  const all = (application.settings.redirectUris ?? []) as string[];
  const known = fault('only-first-redirect-uri-accepted') ? all.slice(0, 1) : all;
  const sent = call.query.get('redirect_uri') ?? undefined;
  if (sent === undefined) {
    if (asFlow) return undefined;
    throw invalidRequest('redirect_uri is missing.');
  }
  const likely = fault('redirect-uri-prefix-accepted') && known.some((one) => sent.startsWith(one));
  if (!known.includes(sent) && !likely && !fault('redirect-uri-unchecked'))
    throw invalidRequest('redirect_uri is not one of the application.');
  return sent;
}

/** The policy that a sign-on follows: the assigned one of the lowest priority, else the environment's default. */
function policyOf(world: World, application: Application): Policy {
  const { fault } = world;
  const assigned = (fault('deleted-assignment-counts') ? application.assignments : living(application.assignments))
    .toSorted((one, other) => one.priority - other.priority)
    .flatMap(({ policyId }) => living(world.policies).find(({ id }) => id === policyId) ?? []);
  const chosen = fault('assignment-priority-reversed') ? assigned.at(-1) : assigned[0];
  return chosen === undefined || fault('assignment-ignored') ? defaultPolicy(world) : chosen;
}

/** Whether an application may ask for a scope. Chosen: those of OpenID Connect need no grant. */
function granted(world: World, application: Application, name: string): boolean {
  const { resources } = world.platform;
  const own = application.grants.flatMap(({ scopeIds }) => scopeIds);
  return resources.some(({ type, scopes }) =>
    scopes.some((one) => one.name === name && (type === 'OPENID_CONNECT' || own.includes(one.id))),
  );
}

/** What is wrong with a request whose client and redirect URI are right. Source: RFC 6749, 4.1.2.1; RFC 7636, 4.4.1. */
function wrong(world: World, application: Application, asked: Asked, call: Call): string | undefined {
  const { fault } = world;
  const type = call.query.get('response_type');
  const { settings } = application;
  if (type === null) return fault('response-type-unchecked') ? undefined : 'invalid_request';
  if (type !== 'code' && !fault('response-type-unchecked')) return 'unsupported_response_type';
  if (!(settings.grantTypes as string[]).includes('AUTHORIZATION_CODE')) return 'unauthorized_client';
  if (!asked.scopes.every((name) => granted(world, application, name)) && !fault('ungranted-scope-accepted'))
    return 'invalid_scope';
  const pkce = settings.pkceEnforcement;
  if (pkce !== undefined && pkce !== 'OPTIONAL' && !asked.challenge && !fault('pkce-not-enforced'))
    return 'invalid_request';
  return undefined;
}

/**
 * Begins a flow: 200 with the flow for pi.flow, else 302 to the sign-on page.
 * Source: getting started, send an authorization request; RFC 6749, 4.1.1 and 4.1.2.1.
 */
export function authorize(world: World, call: Call, environmentId: string): Answer {
  const { fault, platform } = world;
  if (environmentId !== world.environmentId && !fault('authorize-in-another-environment-accepted')) throw notFound();
  if (call.method !== 'GET' && call.method !== 'HEAD')
    throw new Refusal(405, 'REQUEST_FAILED', 'Authorization requests are sent by GET here.', [], { Allow: 'GET' });
  const { query } = call;
  const asFlow = query.get('response_mode') === 'pi.flow';
  const named = findApplication({ world }, query.get('client_id') ?? '');
  const application = named ?? (fault('unknown-client-accepted') ? platform.applications.at(-1) : undefined);
  // Chosen: an application that is switched off is as unknown as one that does not exist.
  if (!application || (application.settings.enabled !== true && !fault('disabled-application-accepted')))
    throw invalidRequest('client_id names no application.');
  const redirectUri = redirectUriOf(world, application, call, asFlow);
  const challenge = query.get('code_challenge');
  const asked: Asked = {
    application,
    redirectUri,
    scopes: (query.get('scope') ?? 'openid').split(' ').filter((one) => one !== ''),
    state: fault('state-lost') ? undefined : (query.get('state') ?? undefined),
    nonce: query.get('nonce') ?? undefined,
    challenge:
      challenge === null ? undefined : { value: challenge, method: query.get('code_challenge_method') ?? 'plain' },
    asFlow,
  };
  const error = wrong(world, application, asked, call);
  if (error !== undefined && (asFlow || redirectUri === undefined))
    throw invalidRequest(`The request is refused: ${error}.`);
  if (error !== undefined) return redirect(redirectUri ?? '', { error, state: asked.state });
  const now = world.now();
  const flow: Flow = {
    id: fault('flow-id-reused')
      ? (platform.flows.find((one) => one.id !== 'expired-flow')?.id ?? randomUUID())
      : randomUUID(),
    asked,
    done: new Set(),
    policyId: policyOf(world, application).id,
    user: undefined,
    session: undefined,
    prompted: false,
    over: false,
    createdAt: now,
    expiresAt: now + FLOW_LIFE,
  };
  platform.flows.unshift(flow);
  if (!asFlow) return { status: 302, headers: { Location: signOnPage(world, call, flow) } };
  return { status: 200, body: showFlow(world, call, flow, true) };
}

/** Whether the call carries the session of a flow. Source: getting started, step 6 (the ST cookie). */
function holdsSession(world: World, call: Call, flow: Flow): boolean {
  const { fault, platform } = world;
  const tokens = [...(call.headers.cookie ?? '').matchAll(/(?:^|; *)ST=([^;]*)/g)].map((one) => one[1]);
  if (fault('resume-without-session')) return true;
  if (fault('resume-with-any-session')) return platform.sessions.some(({ token }) => tokens.includes(token));
  return flow.session !== undefined && tokens.includes(flow.session.token);
}

function newCode(world: World, flow: Flow): Code | undefined {
  const { user, asked } = flow;
  if (!user) return undefined;
  const code: Code = { value: randomUUID(), asked, user, expiresAt: world.now() + CODE_LIFE, used: false };
  world.platform.codes.push(code);
  return code;
}

/**
 * Goes back to the application with a code once the flow is completed.
 * Chosen: without the session's cookie a completed flow gives nothing, and it gives its code once.
 * Source: getting started, call the resume endpoint; RFC 6749, 4.1.2.
 */
export function resume(world: World, call: Call, environmentId: string): Answer {
  const { fault } = world;
  const flow = flowAt(world, environmentId, call.query.get('flowId') ?? '');
  const { asFlow, redirectUri, state } = flow.asked;
  const { status } = waiting(world, flow);
  const ready = status === 'COMPLETED' || fault('resume-before-completion');
  if (!ready || (!flow.user && !fault('resume-before-completion'))) {
    if (asFlow) return { status: 200, body: showFlow(world, call, flow, true) };
    return { status: 302, headers: { Location: signOnPage(world, call, flow) } };
  }
  if (flow.session && !holdsSession(world, call, flow)) throw invalidRequest('The session of the flow is missing.');
  if (flow.over && !fault('code-shown-again')) throw invalidRequest('The flow has given its code.');
  flow.user ??= living(world.platform.users).at(-1);
  const given = world.platform.codes.find(({ asked }) => asked === flow.asked);
  const code = given ?? newCode(world, flow);
  flow.over = true;
  flow.expiresAt = world.now() + FLOW_LIFE;
  const shown = fault('code-missing') ? undefined : code?.value;
  if (!asFlow && fault('state-decoded'))
    return {
      status: 302,
      headers: { Location: encodeURI(`${redirectUri ?? ''}?code=${shown ?? ''}&state=${state ?? ''}`) },
    };
  if (!asFlow) return redirect(redirectUri ?? '', { code: shown, state });
  return { status: 200, body: { ...showFlow(world, call, flow, true), authorizeResponse: { code: shown } } };
}

/** Whether the verifier is the one whose challenge was sent. Source: RFC 7636, 4.6. */
export function verified({ value, method }: { value: string; method: string }, verifier: string): boolean {
  return value === (method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier);
}
