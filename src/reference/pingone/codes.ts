import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer } from '../http.ts';
import { verified } from './authorize.ts';
import { TOKEN_LIFE } from './credentials.ts';
import type { Application, Code } from './platform.ts';
import { living, type World } from './world.ts';

export const UNCACHED = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** An error of RFC 6749, 5.2. */
export function oauthError(
  status: number,
  error: string,
  description: string,
  headers: Record<string, string> = {},
): Answer {
  return { status, headers: { ...UNCACHED, ...headers }, body: { error, error_description: description } };
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signed = (claims: Record<string, unknown>): string =>
  [base64url({ alg: 'RS256', kid: 'default' }), base64url(claims), randomBytes(64).toString('base64url')].join('.');

/** What is wrong with a code that an application brings, mistakes included. Source: RFC 6749, 4.1.3; RFC 7636, 4.6. */
function refused(world: World, application: Application, code: Code, form: URLSearchParams): string | undefined {
  const { fault } = world;
  const { asked } = code;
  if (asked.application !== application && !fault('code-for-another-client-accepted'))
    return 'The code is of another client';
  if (code.used && !fault('code-reusable')) return 'The code has been used';
  if (code.expiresAt <= world.now() && !fault('expired-code-accepted')) return 'The code has expired';
  const uri = form.get('redirect_uri') ?? undefined;
  const optional = uri === undefined && fault('code-redirect-uri-optional');
  if (asked.redirectUri !== uri && !optional && !fault('code-redirect-uri-unchecked'))
    return 'redirect_uri is another than before';
  const verifier = form.get('code_verifier');
  if (asked.challenge && verifier === null && !fault('code-verifier-optional')) return 'code_verifier is missing';
  if (asked.challenge && verifier !== null && !verified(asked.challenge, verifier) && !fault('code-verifier-unchecked'))
    return 'code_verifier is wrong';
  return undefined;
}

/** Gives tokens for a code, once: 200, or an OAuth error. Source: getting started, get the access token. */
export function codeForToken(world: World, application: Application, form: URLSearchParams): Answer {
  const { fault, platform } = world;
  const value = form.get('code') ?? '';
  if (value === '' && !fault('garbage-code-accepted')) return oauthError(400, 'invalid_request', 'code is missing');
  const known = platform.codes.find((one) => one.value === value);
  const code = known ?? (fault('garbage-code-accepted') ? platform.codes.at(-1) : undefined);
  const problem = code ? refused(world, application, code, form) : 'There is no such code';
  if (!code || (problem !== undefined && !(known === undefined && fault('garbage-code-accepted')))) {
    return oauthError(400, fault('code-refusal-misnamed') ? 'invalid_request' : 'invalid_grant', problem ?? '');
  }
  if (known) code.used = true;
  if (code.user.deleted && !living(platform.users).includes(code.user))
    return oauthError(400, 'invalid_grant', 'The user is gone');
  return { status: 200, headers: UNCACHED, body: tokens(world, code) };
}

function tokens(world: World, { asked, user }: Code): Record<string, unknown> {
  const { fault } = world;
  const now = Math.floor(world.now() / 1000);
  const claims = {
    iss: world.environmentId,
    sub: user.id,
    aud: asked.application.id,
    iat: now,
    exp: now + TOKEN_LIFE,
    jti: randomUUID(),
    ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
  };
  const access = signed({ ...claims, scope: asked.scopes.join(' ') });
  // Chosen: a user's token opens none of the operations that are played here.
  if (fault('user-token-opens-management')) world.tokens.set(access, world.now() + TOKEN_LIFE * 1000);
  const withId = asked.scopes.includes('openid') !== fault('id-token-misplaced');
  return {
    access_token: access,
    token_type: 'Bearer',
    expires_in: TOKEN_LIFE,
    scope: fault('user-token-scope-widened') ? `${asked.scopes.join(' ')} p1:update:user` : asked.scopes.join(' '),
    ...(withId ? { id_token: signed(claims) } : {}),
  };
}
