import { createHash } from 'node:crypto';
import { at, isObject, type Json, type JsonObject } from './json.ts';
import { headerValues, parseJson, type Came } from './transport.ts';

/**
 * What a JSON Web Token in a body says (RFC 7519; compact form, RFC 7515, 3.1); its signature is not looked at.
 * @returns `{header, claims}`; beside them `lifetime` and `remaining`, in seconds, where the claims and the answer's Date tell
 *   them, and `accessTokenHash`, `right` or `wrong`, where there is one (OpenID Connect Core, 3.1.3.6); null where it is no such token
 */
export function tokenAt(pointer: string, body: Json | undefined, came: Came): Json {
  const token = at(body, pointer);
  const parts = typeof token === 'string' ? token.split('.') : [];
  const [header, claims] = parts.slice(0, 2).map(decoded);
  if (parts.length !== 3 || !isObject(header) || !isObject(claims)) return null;
  const { exp, iat } = claims;
  const asked = Date.parse(headerValues(came.headers, 'date')[0] ?? '') / 1000;
  return {
    header,
    claims,
    ...(typeof exp === 'number' && typeof iat === 'number' ? { lifetime: exp - iat } : {}),
    ...(typeof exp === 'number' && !Number.isNaN(asked) ? { remaining: exp - asked } : {}),
    ...accessTokenHash(header, claims, at(body, '/access_token')),
  };
}

function decoded(part: string): Json | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  const parsed = parseJson(Buffer.from(part, 'base64url'));
  return 'json' in parsed ? parsed.json : undefined;
}

function accessTokenHash(header: JsonObject, claims: JsonObject, accessToken: Json | undefined): JsonObject {
  const bits = /^[A-Z]{2}(256|384|512)$/.exec(typeof header['alg'] === 'string' ? header['alg'] : '')?.[1];
  if (bits === undefined || claims['at_hash'] === undefined || typeof accessToken !== 'string') return {};
  const hash = createHash(`sha${bits}`).update(accessToken, 'ascii').digest();
  const right = hash.subarray(0, hash.length / 2).toString('base64url');
  return { accessTokenHash: claims['at_hash'] === right ? 'right' : 'wrong' };
}
