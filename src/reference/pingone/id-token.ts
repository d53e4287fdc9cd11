import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { TOKEN_LIFE } from './credentials.ts';
import type { Code } from './platform.ts';
import type { World } from './world.ts';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signed = (claims: Record<string, unknown>, alg = 'RS256'): string => {
  const signature = alg === 'none' ? '' : randomBytes(64).toString('base64url');
  return [base64url({ alg, kid: 'default' }), base64url(claims), signature].join('.');
};

/** The left half of a token's hash. Source: OpenID Connect Core, 3.1.3.6. */
const halfHash = (token: string): string =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

/** The claims of a token, mistakes included. Chosen: the user's identifier is the subject. Source: OpenID Connect Core, 2. */
function claimsOf(world: World, { asked, user }: Code, issuer: string): Record<string, unknown> {
  const { fault, platform } = world;
  const now = Math.floor(world.now() / 1000) - (fault('id-token-expired') ? 2 * TOKEN_LIFE : 0);
  const unit = fault('id-token-in-milliseconds') ? 1000 : 1;
  const another = platform.users.find((one) => one !== user)?.id;
  const nonce = fault('id-token-nonce-constant') && asked.nonce !== undefined ? 'nonce' : asked.nonce;
  return {
    iss: fault('id-token-issuer-bare') ? world.environmentId : issuer,
    sub: fault('id-token-of-another-user') ? another : user.id,
    ...(fault('id-token-without-audience')
      ? {}
      : { aud: fault('id-token-for-another-client') ? platform.applications[0]?.id : asked.application.id }),
    iat: now * unit,
    ...(fault('id-token-without-end') ? {} : { exp: (now + TOKEN_LIFE) * unit }),
    jti: randomUUID(),
    ...(nonce === undefined || fault('id-token-nonce-lost') ? {} : { nonce }),
  };
}

/**
 * What a code is exchanged for.
 * @param issuer the URL by which the server names itself in tokens
 */
export function tokens(world: World, code: Code, issuer: string): Record<string, unknown> {
  const { fault } = world;
  const { scopes } = code.asked;
  const claims = claimsOf(world, code, issuer);
  const access = signed({ ...claims, scope: scopes.join(' ') });
  // Chosen: a user's token opens none of the operations that are played here.
  if (fault('user-token-opens-management')) world.tokens.set(access, world.now() + TOKEN_LIFE * 1000);
  const withId = scopes.includes('openid') !== fault('id-token-misplaced');
  const hash = { at_hash: halfHash(fault('id-token-hash-wrong') ? 'another' : access) };
  return {
    access_token: access,
    token_type: 'Bearer',
    expires_in: TOKEN_LIFE,
    scope: fault('user-token-scope-widened') ? `${scopes.join(' ')} p1:update:user` : scopes.join(' '),
    ...(withId ? { id_token: signed({ ...claims, ...hash }, fault('id-token-unsigned') ? 'none' : 'RS256') } : {}),
  };
}
