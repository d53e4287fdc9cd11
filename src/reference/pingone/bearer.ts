import { basicCredentials, known } from './credentials.ts';
import { Refusal } from './errors.ts';
import { PINGONE_FAULTS, type Faults, type PingoneFault } from './faults.ts';
import type { Request } from './world.ts';

/** Whether the mistake of that name exists and is active. */
function active(fault: Faults, name: string): boolean {
  return Object.hasOwn(PINGONE_FAULTS, name) && fault(name as PingoneFault);
}

const KINDS: Record<string, string> = { GET: 'reads', POST: 'writes', PUT: 'writes', DELETE: 'deletes' };

function refuse(status: number, challenge: string): Refusal {
  const message = 'The request is not authorized to access this resource.';
  const detail = { code: 'INVALID_TOKEN', message: 'The access token is missing, invalid or expired.' };
  return new Refusal(status, 'ACCESS_FAILED', message, [detail], { 'WWW-Authenticate': challenge });
}

/**
 * Checks the access token of a call.
 * @param operation the operation's name, for mistakes that concern it alone
 * @param method the method that the call amounts to
 * @returns the refusal, or undefined for a valid token
 * Source: pingone-api/platform/reference/error-codes (ACCESS_FAILED, INVALID_TOKEN); RFC 6750.
 */
export function refusedToken({ world, call }: Request, operation: string, method: string): Refusal | undefined {
  const { fault, tokens } = world;
  const header = call.headers.authorization;
  if (header === undefined) {
    if (active(fault, `${operation}-without-token`)) return undefined;
    if (fault('missing-token-as-login-page'))
      return new Refusal(302, 'ACCESS_FAILED', 'Sign on first.', [], { Location: `${call.origin}/signon` });
    const status = ([400, 403, 404] as const).find((one) => fault(`missing-token-as-${one}`)) ?? 401;
    return refuse(status, 'Bearer realm="PingOne"');
  }
  if (fault('basic-credentials-as-bearer')) {
    const credentials = basicCredentials(call);
    if (credentials && known(world, credentials)) return undefined;
  }
  const token = /^bearer +(\S+)$/i.exec(header)?.[1];
  if (token !== undefined && (tokens.get(token) ?? 0) > world.now()) return undefined;
  if (token !== undefined && tokens.has(token) && fault('expired-token-accepted')) return undefined;
  if (token !== undefined && fault('garbage-token-accepted')) return undefined;
  if (token !== undefined && active(fault, `garbage-token-accepted-on-${KINDS[method] ?? ''}`)) return undefined;
  const status = ([400, 500] as const).find((one) => fault(`garbage-token-as-${one}`)) ?? 401;
  return refuse(status, 'Bearer realm="PingOne", error="invalid_token"');
}
