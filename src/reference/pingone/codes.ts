import type { Answer } from '../http.ts';
import { verified } from './authorize.ts';
import { tokens } from './id-token.ts';
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

/** Whether a code verifier is right, mistakes included. */
function isRight({ fault }: World, challenge: { value: string; method: string }, verifier: string): boolean {
  if (fault('code-verifier-unchecked')) return true;
  if (fault('code-challenge-as-verifier') && verifier === challenge.value) return true;
  if (fault('code-verifier-prefix-accepted') && verifier.length < 43 && verifier.length > 40) return true;
  return verified(challenge, verifier);
}

/** What is wrong with a code that an application brings, mistakes included. Source: RFC 6749, 4.1.3; RFC 7636, 4.6. */
function refused(world: World, application: Application, code: Code, form: URLSearchParams): string | undefined {
  const { fault } = world;
  const { asked } = code;
  if (asked.application !== application && !fault('code-for-another-client-accepted'))
    return 'The code is of another client';
  if (code.used && !fault('code-reusable')) {
    if (fault('code-reusable-after-refusal')) code.used = false;
    return 'The code has been used';
  }
  if (code.expiresAt <= world.now() && !fault('expired-code-accepted')) return 'The code has expired';
  const uri = form.get('redirect_uri') ?? undefined;
  const optional = uri === undefined && fault('code-redirect-uri-optional');
  if (asked.redirectUri !== uri && !optional && !fault('code-redirect-uri-unchecked'))
    return 'redirect_uri is another than before';
  const verifier = form.get('code_verifier');
  if (asked.challenge && verifier === null && !fault('code-verifier-optional')) return 'code_verifier is missing';
  if (asked.challenge && verifier !== null && !isRight(world, asked.challenge, verifier))
    return 'code_verifier is wrong';
  return undefined;
}

/** Gives tokens for a code, once: 200, or an OAuth error. Source: getting started, get the access token. */
export function codeForToken(world: World, application: Application, form: URLSearchParams, issuer: string): Answer {
  const { fault, platform } = world;
  const value = form.get('code') ?? '';
  if (value === '' && !fault('garbage-code-accepted')) return oauthError(400, 'invalid_request', 'code is missing');
  const prefix = fault('code-prefix-accepted');
  const known = platform.codes.find((one) => one.value === value || (prefix && one.value.startsWith(value)));
  const code = known ?? (fault('garbage-code-accepted') ? platform.codes.at(-1) : undefined);
  const problem = code ? refused(world, application, code, form) : 'There is no such code';
  if (!code || (problem !== undefined && !(known === undefined && fault('garbage-code-accepted')))) {
    return oauthError(400, fault('code-refusal-misnamed') ? 'invalid_request' : 'invalid_grant', problem ?? '');
  }
  if (known) code.used = true;
  if (code.user.deleted && !living(platform.users).includes(code.user))
    return oauthError(400, 'invalid_grant', 'The user is gone');
  return { status: 200, headers: UNCACHED, body: tokens(world, code, issuer) };
}
