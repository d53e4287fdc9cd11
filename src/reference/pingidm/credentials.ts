import type { Call } from '../http.ts';
import { unauthorized } from './refusal.ts';
import { staticAccount, userAccount } from './roles.ts';
import { sessionAccount } from './sessions.ts';
import { userNamed, type Account, type Request, type World } from './world.ts';

// The accounts that come with the product, with their initial passwords.
const STATIC_PASSWORDS = new Map([
  ['openidm-admin', 'openidm-admin'],
  ['anonymous', 'anonymous'],
]);

interface Offered {
  name: string;
  password: string | undefined;
}

type Target = Pick<Request, 'resource' | 'operation' | 'action'>;

/**
 * Tells who is calling. The credentials of a named account win over the session cookie; with the anonymous account,
 * or with no credentials, the cookie decides. Wrong credentials are refused even when the cookie is good.
 * @param target what is called
 * @throws Refusal 401
 * Source: auth-guide, authentication headers and HTTP basic authentication
 */
export function authenticate(world: World, call: Call, target: Target): Pick<Request, 'account' | 'by'> {
  const offered = offeredCredentials(call);
  const session = sessionAccount(world, call) ?? remembered(world, call, offered);
  if (offered === undefined) {
    // Chosen: a session cookie is enough by itself, also to write; the X-Requested-With header is not asked for.
    const account = session ?? guest(world, target);
    if (account === undefined) throw unauthorized();
    return { account, by: 'session' };
  }
  const account = verified(world, offered, target);
  return account.name === 'anonymous' && session ? { account: session, by: 'session' } : { account, by: 'credentials' };
}

/** The user who logged in last, where this server knows its clients by something else than a cookie as well. */
function remembered(world: World, { headers }: Call, offered: Offered | undefined): Account | undefined {
  const guest = offered?.name === 'anonymous' && headers.cookie === undefined;
  return guest && world.variant('idm-session-without-cookie') && world.lastLogin
    ? userAccount(world, world.lastLogin)
    : undefined;
}

function offeredCredentials(call: Call): Offered | undefined {
  const name = call.headers['x-openidm-username'];
  const password = call.headers['x-openidm-password'];
  if (name !== undefined || password !== undefined) return { name: decoded(name) ?? '', password: decoded(password) };
  const [, basic] = /^Basic +(\S+)$/i.exec(call.headers.authorization ?? '') ?? [];
  if (basic === undefined) return undefined;
  const [, user = '', secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
  return { name: user, password: secret };
}

/** Undoes the RFC 5987 form, which the product detects in these headers. */
function decoded(header: string | string[] | undefined): string | undefined {
  const value = [header].flat()[0];
  const [, encoded] = /^UTF-8'[^']*'(.*)$/is.exec(value ?? '') ?? [];
  try {
    return encoded === undefined ? value : decodeURIComponent(encoded);
  } catch {
    return value;
  }
}

function verified(world: World, { name, password }: Offered, target: Target): Account {
  const { fault } = world;
  const user = userNamed(world, name);
  const real = user?.password ?? STATIC_PASSWORDS.get(name);
  if (real === undefined) {
    const first = userNamed(world, 'bjensen');
    if (fault('unknown-user-logged-in') && first) return userAccount(world, first);
    throw unauthorized();
  }
  if (!fits(world, password, real, target)) {
    if (fault('failed-login-counted') && user && target.action === 'login') user.meta.loginCount += 1;
    throw unauthorized(fault('error-repeats-password') ? `Wrong password ${password ?? ''}` : undefined);
  }
  return user ? userAccount(world, user) : staticAccount(name);
}

function fits({ fault }: World, given: string | undefined, real: string, target: Target): boolean {
  if (given === real) return true;
  if (given === undefined) return fault('missing-password-accepted');
  if (given === '') return fault('empty-password-accepted');
  if (fault('wrong-password-accepted-outside-login') && target.resource !== 'authentication') return true;
  if (fault('any-case-password-accepted') && given.toLowerCase() === real.toLowerCase()) return true;
  if (fault('password-prefix-accepted') && real.startsWith(given)) return true;
  return fault('wrong-password-accepted');
}

/** Whom a call without credentials is taken for: nobody, but for mistakes. */
function guest(world: World, { resource, operation, action }: Target): Account | undefined {
  const { fault, lastLogin } = world;
  const reads = operation === 'read';
  if (fault('login-without-credentials') && action === 'login') return staticAccount('anonymous');
  if (fault('profile-read-without-credentials') && reads && resource === 'selfservice/profile')
    return staticAccount('anonymous');
  if (fault('profile-submit-without-credentials') && action === 'submitRequirements')
    return lastLogin ? userAccount(world, lastLogin) : staticAccount('anonymous');
  if (fault('completeness-without-credentials') && reads && resource.startsWith('selfservice/profile/completeness/'))
    return staticAccount('openidm-admin');
  if (fault('managed-user-without-credentials') && reads && resource.startsWith('managed/user/'))
    return staticAccount('openidm-admin');
  return undefined;
}
