import { randomBytes, randomUUID } from 'node:crypto';
import type { Call } from '../http.ts';
import type { World } from './world.ts';

/** A client identifier with its secret, as a client sent them. */
export interface Credentials {
  id: string;
  secret: string;
}

/** Seconds that an access token lives. */
export const TOKEN_LIFE = 3600;

/** Undoes form encoding (RFC 6749, 2.3.1); undefined when the text is not form-encoded. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Reads HTTP Basic client credentials; undefined when there are none that can be read. */
export function basicCredentials(call: Call): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const secret = decoded(rest.join(':'));
  const name = decoded(id);
  return name === undefined || secret === undefined ? undefined : { id: name, secret };
}

/** Whether credentials are those of the environment's worker application. */
export function known(world: World, { id, secret }: Credentials): boolean {
  return id === world.clientId && secret === world.clientSecret;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Makes an access token that looks like a JWT, and remembers when it ends. */
export function issueToken(world: World): string {
  const { fault, clientId, environmentId } = world;
  const now = Math.floor(world.now() / 1000);
  const claims = { client_id: clientId, iss: environmentId, iat: now, exp: now + TOKEN_LIFE, jti: randomUUID() };
  const seed = [base64url({ alg: 'RS256', kid: 'default' }), base64url(claims), randomBytes(64).toString('base64url')];
  const token = seed.join('.');
  if (!fault('token-unusable')) world.tokens.set(token, world.now() + TOKEN_LIFE * 1000);
  return token;
}
