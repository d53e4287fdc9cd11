import type { Answer } from '../http.ts';
import type { Call } from '../http.ts';
import { mediaType } from './body.ts';
import { findApplication } from './applications.ts';
import { codeForToken, oauthError, UNCACHED } from './codes.ts';
import { basicCredentials, issueToken, known, TOKEN_LIFE, type Credentials } from './credentials.ts';
import { notFound, Refusal } from './errors.ts';
import type { Application } from './platform.ts';
import type { World } from './world.ts';

/** Refuses the client, or makes one of the mistakes in doing so. */
function refuseClient(world: World, call: Call, sent: Credentials | undefined): Answer {
  const { fault } = world;
  const basic = /^basic /i.test(call.headers.authorization ?? '');
  // HTTP wants a challenge with every 401, so that it is there for refused form credentials too.
  const challenge = fault('token-refusal-without-challenge') ? undefined : 'Basic realm="PingOne"';
  const headers = { ...UNCACHED, ...(challenge ? { 'WWW-Authenticate': challenge } : {}) };
  if (fault('token-refusal-html'))
    return { status: 401, headers: { ...headers, 'Content-Type': 'text/html' }, body: Buffer.from('<h1>No</h1>') };
  const error = fault('token-refusal-code-wrong') ? 'invalid_grant' : 'invalid_client';
  const description = fault('token-refusal-echoes-secret') ? ` (secret ${sent?.secret ?? 'missing'})` : '';
  const answer = oauthError(401, error, `The client could not be authenticated${description}`, headers);
  if (fault('token-refusal-gives-token')) answer.body = { error, access_token: issueToken(world) };
  if (fault('token-refusal-as-200')) answer.status = 200;
  if (fault('token-refusal-as-400') && basic) answer.status = 400;
  if (fault('token-refusal-as-500')) answer.status = 500;
  return answer;
}

/** Whether the credentials get a token, mistakes included. */
function accepted(world: World, sent: Credentials | undefined): boolean {
  if (!sent) return world.fault('token-credentials-not-required');
  if (world.fault('token-any-client-accepted')) return true;
  if (world.fault('token-wrong-secret-accepted') && sent.id === world.clientId) return true;
  return known(world, sent);
}

/** The application of the environment whose credentials these are. Chosen: both ways of sending them are taken. */
function applicationOf(world: World, sent: Credentials | undefined, environmentId: string): Application | undefined {
  const { fault } = world;
  if (!sent || environmentId !== world.environmentId) return undefined;
  const application = findApplication({ world }, fault('token-client-in-any-case') ? sent.id.toLowerCase() : sent.id);
  const others = world.platform.applications.map(({ secret }) => secret);
  const right =
    application?.secret === sent.secret ||
    fault('code-with-any-secret') ||
    (fault('code-with-secret-of-another-application') && others.includes(sent.secret));
  return right && application?.settings.enabled === true ? application : undefined;
}

/** A public application, which names itself and proves with the code's verifier that it is the one that asked. */
function publicApplication(world: World, form: URLSearchParams): Application | undefined {
  const application = findApplication({ world }, form.get('client_id') ?? '');
  const open = application?.settings.tokenEndpointAuthMethod === 'NONE' || world.fault('code-without-secret');
  return open ? application : undefined;
}

function grant(world: World): Answer {
  const { fault } = world;
  const expires = fault('token-expires-in-string') ? String(TOKEN_LIFE) : TOKEN_LIFE;
  const body: Record<string, unknown> = {
    access_token: issueToken(world),
    token_type: fault('token-type-wrong') ? 'mac' : 'Bearer',
    expires_in: fault('token-expires-in-zero') ? 0 : expires,
  };
  if (fault('token-access-token-missing')) delete body.access_token;
  if (fault('token-type-missing')) delete body.token_type;
  if (fault('token-expires-in-missing')) delete body.expires_in;
  return { status: fault('token-answers-201') ? 201 : 200, headers: fault('token-cacheable') ? {} : UNCACHED, body };
}

/** Gives an application what its grant types allow. Source: RFC 6749, 4.1.3 and 5.2. */
function forApplication(
  world: World,
  application: Application,
  grantType: string,
  form: URLSearchParams,
  issuer: string,
): Answer {
  const { fault } = world;
  const allowed = application.settings.grantTypes as string[];
  if (grantType === '') return oauthError(400, 'invalid_request', 'grant_type is missing');
  if (grantType === 'authorization_code' && allowed.includes('AUTHORIZATION_CODE'))
    return codeForToken(world, application, form, issuer);
  if (grantType === 'client_credentials' && fault('client-credentials-for-every-application')) return grant(world);
  if (grantType === 'client_credentials' || grantType === 'authorization_code')
    return oauthError(400, 'unauthorized_client', 'The application may not use this grant type');
  return oauthError(400, 'unsupported_grant_type', 'This grant type is not offered');
}

/** The URL that the server names itself by, which is whole however its links begin. Source: OpenID Connect Core, 2. */
const issuer = (world: World, { origin }: Call): string =>
  new URL(`${origin}/${world.environmentId}/as`, 'https://auth.pingone.com').href;

/**
 * The token endpoint of an environment, for client credentials by HTTP Basic or in the form, and for authorization codes.
 * @returns 200 `{access_token, token_type, expires_in}`, or an OAuth error
 * Source: pingone-api/getting-started, get a PingOne access token; RFC 6749, 2.3, 4.1.3, 4.4 and 5.
 */
export function token(world: World, call: Call, environmentId: string): Answer {
  const { fault } = world;
  // Chosen: an environment that does not exist has no token endpoint.
  const worker = environmentId === world.tokenEnvironmentId || fault('token-other-environment-accepted');
  if (!worker && environmentId !== world.environmentId) throw notFound();
  if (call.method !== 'POST')
    throw new Refusal(405, 'REQUEST_FAILED', 'The token endpoint takes POST only.', [], { Allow: 'POST' });
  if (mediaType(call) !== 'application/x-www-form-urlencoded')
    return oauthError(400, 'invalid_request', 'The request must be form-encoded');
  const form = new URLSearchParams(call.body.toString('utf8'));
  const names = [...form.keys()];
  if (new Set(names).size < names.length) return oauthError(400, 'invalid_request', 'A parameter is repeated');

  const basic = basicCredentials(call);
  const secret = form.get('client_secret');
  if (call.headers.authorization !== undefined && secret !== null)
    return oauthError(400, 'invalid_request', 'The client must authenticate in one way only');
  if (basic && form.has('client_id') && form.get('client_id') !== basic.id)
    return oauthError(400, 'invalid_request', 'The client has two names');
  const inQuery = fault('code-credentials-in-query-accepted') ? call.query.get('client_secret') : null;
  const posted =
    secret === null
      ? inQuery === null
        ? undefined
        : { id: call.query.get('client_id') ?? '', secret: inQuery }
      : { id: form.get('client_id') ?? '', secret };
  const sent = basic
    ? fault('token-basic-credentials-ignored') || world.variant('one-client-authenticates-by-form')
      ? undefined
      : basic
    : fault('token-form-credentials-ignored')
      ? undefined
      : posted;
  const grantType = form.get('grant_type') ?? '';
  const application =
    applicationOf(world, sent ?? basic, environmentId) ??
    (call.headers.authorization === undefined && secret === null ? publicApplication(world, form) : undefined);
  if (application) return forApplication(world, application, grantType, form, issuer(world, call));
  if (!worker || !accepted(world, sent)) return refuseClient(world, call, sent);
  if (grantType === '' && !fault('token-grant-type-missing-accepted'))
    return oauthError(400, 'invalid_request', 'grant_type is missing');
  if (grantType === 'authorization_code' && !fault('token-grant-type-unknown-accepted'))
    return oauthError(400, 'unauthorized_client', 'A worker application has no users');
  if (grantType !== '' && grantType !== 'client_credentials' && !fault('token-grant-type-unknown-accepted'))
    return oauthError(400, 'unsupported_grant_type', 'This grant type is not offered');
  return grant(world);
}
