import { randomBytes } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import { staticAccount, userAccount } from './roles.ts';
import { otherUser, userNamed, type Account, type Request, type World } from './world.ts';

const COOKIE = 'session-jwt';
const IDLE_MS = 30 * 60_000;
const LIFE_MS = 120 * 60_000;

/**
 * The account that the call's session cookie stands for.
 * @returns undefined without a cookie, after logout, after 30 idle minutes and after two hours
 */
export function sessionAccount(world: World, call: Call): Account | undefined {
  const { fault, lastLogin } = world;
  const value = cookieOf(call) ?? '';
  const guessed =
    (fault('identifier-is-a-session') ? world.users.get(value) : undefined) ??
    (fault('name-is-a-session') ? userNamed(world, value) : undefined);
  if (guessed) return userAccount(world, guessed);
  const session = world.sessions.get(value);
  const now = world.now();
  if (session === undefined || now - session.used > IDLE_MS || now - session.started > LIFE_MS) return undefined;
  session.used = now;
  const user = world.users.get(session.account);
  if (user === undefined) {
    const own = ['openidm-admin', 'anonymous'].includes(session.account);
    return own || fault('delete-keeps-session') ? staticAccount(session.account) : undefined;
  }
  if (fault('session-of-another-user')) return userAccount(world, otherUser(world, user));
  if (fault('session-of-last-login') && lastLogin) return userAccount(world, lastLogin);
  return userAccount(world, user);
}

/**
 * Adds the session cookie to the answer when credentials were sent and a session was not declined.
 * This holds for every endpoint and for refusals too, since the cookie comes with the authentication.
 */
export function withSession(world: World, request: Request, answer: Answer): Answer {
  const { fault } = world;
  const { call, account, by } = request;
  const wanted =
    fault('session-despite-no-session') ||
    (fault('session-despite-no-session-outside-login') && request.resource !== 'authentication');
  const declined = call.headers['x-openidm-nosession'] === 'true' && !wanted;
  if (by === 'session') return renewed(world, request, answer);
  if (declined || answer.headers?.['Set-Cookie'] || fault('session-never-set')) return answer;
  const value = randomBytes(32).toString('base64url');
  world.sessions.set(value, { account: account.user?.id ?? account.name, started: world.now(), used: world.now() });
  return { ...answer, headers: { ...answer.headers, 'Set-Cookie': cookie(world, value) } };
}

/** A session for whoever was named and refused, a mistake. */
export function withStray(world: World, call: Call, answer: Answer): Answer {
  const user = userNamed(world, String(call.headers['x-openidm-username']));
  if (user === undefined || call.headers['x-openidm-nosession'] === 'true') return answer;
  const value = randomBytes(32).toString('base64url');
  world.sessions.set(value, { account: user.id, started: world.now(), used: world.now() });
  return { ...answer, headers: { ...answer.headers, 'Set-Cookie': cookie(world, value) } };
}

/** An answer in a session, with the cookie of a newer one where this server gives it. */
function renewed(world: World, { call, account }: Request, answer: Answer): Answer {
  const { variant, sessions, now } = world;
  if (answer.headers?.['Set-Cookie']) return answer;
  const guest = variant('idm-session-for-anonymous-too') && call.headers['x-openidm-username'] !== undefined;
  if (!guest && !variant('idm-session-renewed')) return answer;
  const value = randomBytes(32).toString('base64url');
  sessions.set(value, {
    account: guest ? 'anonymous' : (account.user?.id ?? account.name),
    started: now(),
    used: now(),
  });
  return { ...answer, headers: { ...answer.headers, 'Set-Cookie': cookie(world, value) } };
}

/** Ends the session of the call. Returns the header value that makes the client forget it. */
export function endSession(world: World, call: Call): string {
  if (world.fault('logout-ends-every-session')) world.sessions.clear();
  if (!world.fault('session-survives-logout')) world.sessions.delete(cookieOf(call) ?? '');
  if (world.fault('logout-leaves-the-cookie')) return cookie(world, 'gone');
  return `${cookie(world, '')}; Expires=Thu, 01 Jan 1970 00:00:00 GMT`;
}

function cookie({ fault }: World, value: string): string {
  const path = fault('session-cookie-for-one-path') ? '/openidm/authentication' : '/';
  const life = fault('session-cookie-outlives-the-browser') ? '; Max-Age=7200' : '';
  return `${COOKIE}=${value}; Path=${path}${life}${fault('session-cookie-readable-by-scripts') ? '' : '; HttpOnly'}`;
}

function cookieOf(call: Call): string | undefined {
  return call.headers.cookie
    ?.split(/; */)
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
}
