import { unseal } from './accounts/snapshot.ts';
import type { Call } from '../http.ts';
import { forbidden, Refusal, unauthorized } from './refusal.ts';
import { ADMIN_ROLE, staticAccount, userAccount } from './roles.ts';
import { sessionAccount } from './sessions.ts';
import { userNamed, type Account, type Request, type World } from './world.ts';

// The accounts that come with the product, with their initial passwords.
const STATIC_PASSWORDS = new Map([
  ['openidm-admin', 'openidm-admin'],
  ['anonymous', 'anonymous'],
]);

/** The password of an account that comes with the product. */
export function passwordOf(name: string): string | undefined {
  return STATIC_PASSWORDS.get(name);
}

interface Offered {
  name: string;
  password: string | undefined;
  scheme: 'headers' | 'basic';
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
  const jwt = call.headers['x-openidm-jwt'];
  if (jwt !== undefined) return { account: credentialAccount(world, jwt), by: 'credentials' };
  const offered = offeredCredentials(world, call) ?? misplacedCredentials(world, call);
  const session = sessionAccount(world, call) ?? remembered(world, call, offered);
  if (offered === undefined) {
    const account = session ?? guest(world, target);
    if (account === undefined) throw unauthorized();
    if (session) sameSite(world, call, target);
    return { account, by: 'session' };
  }
  const trusted = call.headers['x-openidm-runas'] !== undefined && world.fault('run-as-with-any-password');
  const own =
    trusted && offered.name === 'openidm-admin' ? staticAccount(offered.name) : verified(world, offered, target);
  const account = impersonated(world, call, own);
  return account.name === 'anonymous' && session ? { account: session, by: 'session' } : { account, by: 'credentials' };
}

/** The user who logged in last, where this server knows its clients by something else than a cookie as well. */
function remembered(world: World, { headers }: Call, offered: Offered | undefined): Account | undefined {
  const guest = offered?.name === 'anonymous' && headers.cookie === undefined;
  return guest && world.variant('idm-session-without-cookie') && world.lastLogin
    ? userAccount(world, world.lastLogin)
    : undefined;
}

/**
 * A cookie comes along with requests of other sites, so to write it takes a header that those cannot set.
 * Chosen: the status; a request that has credentials beside the cookie needs no such header.
 */
function sameSite({ fault }: World, call: Call, { operation }: Target): void {
  if (call.headers['x-requested-with'] !== undefined) return;
  const reads = operation === 'read' || operation === 'query';
  if (reads ? fault('cookie-alone-does-not-read') : !fault('cookie-alone-writes')) throw forbidden();
}

/**
 * The account that the caller runs as: an administrator may take on any account that is not an administrator's.
 * Chosen: whoever may not, and whoever names nobody, is refused like wrong credentials.
 * Source: auth-guide, auth-run-as
 */
function impersonated(world: World, call: Call, account: Account): Account {
  const { fault } = world;
  const as = decoded(call.headers['x-openidm-runas']);
  if (as === undefined || fault('run-as-ignored')) return account;
  if (!account.roles.includes(ADMIN_ROLE) && !fault('run-as-for-everybody')) throw unauthorized();
  const user = userNamed(world, as);
  if (user) return { ...userAccount(world, user), runBy: account.name };
  if (as === 'openidm-admin' && fault('run-as-another-administrator')) return account;
  if (fault('run-as-unknown-user-accepted')) return account;
  throw unauthorized();
}

/** The account of a credential token, which a registration ends with. Source: the vendor's clients. */
function credentialAccount(world: World, jwt: string | string[]): Account {
  const { fault } = world;
  try {
    if (fault('credential-token-not-accepted')) throw unauthorized();
    const claims = unseal(world, 'credential', [jwt].flat()[0]);
    const { details } = (claims['memory'] ?? {}) as { details?: Record<string, unknown> };
    const user = userNamed(world, (claims['userName'] ?? details?.['userName'] ?? 'bjensen') as string);
    if (user === undefined) throw unauthorized();
    return userAccount(world, user);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const somebody = userNamed(world, 'bjensen');
    if (fault('credential-garbage-accepted') && somebody) return userAccount(world, somebody);
    throw unauthorized();
  }
}

/** Credentials in a place where they do not belong, for mistakes. */
function misplacedCredentials({ fault }: World, { query, body }: Call): Offered | undefined {
  const [name, password] = [query.get('X-OpenIDM-Username'), query.get('X-OpenIDM-Password') ?? undefined];
  if (name !== null && fault('credentials-in-the-query-accepted')) return { name, password, scheme: 'headers' };
  const [, user] = /"username":"([^"]*)"/.exec(body.toString()) ?? [];
  const [, secret] = /"password":"([^"]*)"/.exec(body.toString()) ?? [];
  return user !== undefined && fault('credentials-in-the-body-accepted')
    ? { name: user, password: secret, scheme: 'headers' }
    : undefined;
}

function offeredCredentials({ fault }: World, call: Call): Offered | undefined {
  const name = call.headers['x-openidm-username'];
  const password = call.headers['x-openidm-password'];
  if (name !== undefined || password !== undefined) {
    const asWritten = (value: typeof name): string | undefined => [value].flat()[0];
    return {
      name: (fault('encoded-name-taken-literally') ? asWritten(name) : decoded(name)) ?? '',
      password: fault('encoded-password-taken-literally') ? asWritten(password) : decoded(password),
      scheme: 'headers',
    };
  }
  const [, basic] = /^Basic +(\S+)$/i.exec(call.headers.authorization ?? '') ?? [];
  if (basic === undefined) return undefined;
  const dividing = fault('basic-password-after-the-last-colon') ? /^(.*):([^:]*)$/s : /^([^:]*):(.*)$/s;
  const [, user = '', secret] = dividing.exec(Buffer.from(basic, 'base64').toString()) ?? [];
  return { name: user, password: secret === undefined ? undefined : misread(fault, secret), scheme: 'basic' };
}

/** An HTTP Basic password as it was meant, but for mistakes. Source: RFC 7617, 2 */
function misread(fault: World['fault'], password: string): string {
  if (fault('basic-password-cut-at-colon')) return password.replace(/:.*$/s, '');
  if (fault('basic-password-cut-at-blank')) return password.replace(/ .*$/s, '');
  if (fault('basic-password-plus-as-blank')) return password.replaceAll('+', ' ');
  if (fault('basic-password-without-quotes')) return password.replaceAll(/["']/g, '');
  return fault('basic-password-percent-decoded') ? (decoded(`UTF-8''${password}`) ?? password) : password;
}

/** Undoes the RFC 5987 form, which the product detects in these headers. */
export function decoded(header: string | string[] | undefined): string | undefined {
  const value = [header].flat()[0];
  const [, encoded] = /^UTF-8'[^']*'(.*)$/is.exec(value ?? '') ?? [];
  try {
    return encoded === undefined ? value : decodeURIComponent(encoded);
  } catch {
    return value;
  }
}

function verified(world: World, { name, password, scheme }: Offered, target: Target): Account {
  const { fault } = world;
  const user = userNamed(world, name);
  const real = user?.password ?? STATIC_PASSWORDS.get(name);
  if (real === undefined) {
    const first = userNamed(world, 'bjensen');
    if (fault('unknown-user-logged-in') && first) return userAccount(world, first);
    throw unauthorized();
  }
  const byOld = user?.oldPassword === password && password !== undefined && fault('old-password-still-works');
  const basic =
    scheme === 'basic' &&
    user !== undefined &&
    (fault('basic-password-not-compared') || (password === '' && fault('basic-with-an-empty-password-accepted')));
  const former = password !== undefined && password === user?.formerPassword;
  if (!fits(world, password, real, target) && !byOld && !basic && !former) {
    if (fault('failed-login-counted') && user && target.action === 'login') user.meta.loginCount += 1;
    throw unauthorized(fault('error-repeats-password') ? `Wrong password ${password ?? ''}` : undefined);
  }
  const inactive = user?.attributes['accountStatus'] === 'inactive';
  if (inactive && !fault('inactive-user-logs-in')) throw unauthorized();
  return user ? userAccount(world, user) : staticAccount(name);
}

function fits({ fault }: World, given: string | undefined, real: string, target: Target): boolean {
  if (given === real) return true;
  if (given === undefined) return fault('missing-password-accepted');
  if (given === '') return fault('empty-password-accepted');
  if (alike(fault, given) === alike(fault, real)) return true;
  if (fault('wrong-password-accepted-outside-login') && target.resource !== 'authentication') return true;
  if (fault('any-case-password-accepted') && given.toLowerCase() === real.toLowerCase()) return true;
  if (fault('password-prefix-accepted') && real.startsWith(given)) return true;
  return fault('wrong-password-accepted');
}

/** What is compared of a password: all of it, but for mistakes. */
function alike(fault: World['fault'], password: string): string {
  if (fault('password-cut-at-72')) return Buffer.from(password).subarray(0, 72).toString('hex');
  if (fault('password-cut-at-8')) return password.slice(0, 8);
  if (fault('password-trimmed')) return password.trim();
  if (fault('password-composed')) return password.normalize('NFC');
  return fault('password-of-alike-letters') ? password.normalize('NFKC') : password;
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
