import { randomUUID } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import { own } from '../own.ts';
import { isObject, mediaType, readObject } from './body.ts';
import { invalidData, invalidRequest, notFound, type Detail, type Refusal } from './errors.ts';
import { waiting, wanted, type Waiting } from './flow-actions.ts';
import { moment, type Flow } from './platform.ts';
import { PROFILE } from './users.ts';
import { signedOn } from './sign-on.ts';
import { check, details } from './validation.ts';
import { living, type World } from './world.ts';

/** Milliseconds that a flow waits for its user. */
export const FLOW_LIFE = 15 * 60 * 1000;

/** Where a flow's own host is, as the client reached it. */
const base = (world: World, call: Call): string => `${call.origin}/${world.environmentId}`;

/** The page on which a browser's user signs on. */
export const signOnPage = (world: World, call: Call, flow: Flow): string =>
  `${base(world, call)}/signon/?flowId=${flow.id}`;

const LINKS: Record<Waiting['status'], string[]> = {
  USERNAME_PASSWORD_REQUIRED: ['usernamePassword.check', 'password.forgot'],
  PROFILE_DATA_REQUIRED: ['user.update'],
  MUST_CHANGE_PASSWORD: ['password.reset'],
  COMPLETED: [],
  FAILED: [],
};

const words = (name: string): string =>
  (name.split('.').at(-1) ?? name)
    .replace(/[A-Z]/g, (letter) => ` ${letter}`)
    .replace(/^./, (one) => one.toUpperCase());

/** What a flow shows of the action that waits. */
function prompt(world: World, now: Waiting): Record<string, unknown> {
  if (now.status !== 'PROFILE_DATA_REQUIRED') return {};
  const attributes = wanted(world, now.user, now.action).map(({ name, required }) => ({
    name: world.fault('profile-attribute-name-shortened') ? (name.split('.').at(-1) ?? '') : name,
    displayName: words(name),
    ...(world.fault('profile-attribute-required-lost') ? {} : { required }),
  }));
  return {
    promptText: world.fault('profile-prompt-text-lost') ? '' : now.action.members.promptText,
    attributes: world.fault('profile-attributes-lost') ? [] : attributes,
  };
}

/**
 * A flow as the API shows it.
 * @param whole as authorize and resume show it, with the environment and the sign-on page
 * Source: getting started, send an authorization request and the steps after it; flows, data model.
 */
export function showFlow(world: World, call: Call, flow: Flow, whole: boolean): Record<string, unknown> {
  const now = waiting(world, flow);
  const { user, session } = flow;
  const self = { href: `${base(world, call)}/flows/${flow.id}` };
  const links = world.fault('flow-action-links-missing') ? [] : LINKS[now.status];
  const shown = world.fault('flow-shows-another-user') ? (living(world.platform.users)[0] ?? user) : user;
  return {
    _links: {
      ...Object.fromEntries(links.map((name) => [name, self])),
      self,
      ...(whole ? { signOnPage: { href: signOnPage(world, call, flow) } } : {}),
    },
    _embedded: {
      ...(user && shown
        ? {
            user: {
              id: shown.id,
              username: shown.profile.username,
              ...(shown.profile.name ? { name: shown.profile.name } : {}),
              ...(world.fault('password-in-flow') ? { credential: flow.sent } : {}),
            },
          }
        : {}),
      application: { name: flow.asked.application.settings.name },
      ...prompt(world, now),
    },
    id: flow.id,
    ...(whole ? { environment: { id: world.environmentId } } : {}),
    ...(session ? { session: { id: session.id } } : {}),
    resumeUrl: `${base(world, call)}/as/resume?flowId=${flow.id}`,
    status: now.status,
    createdAt: moment(flow.createdAt),
    expiresAt: moment(world.fault('flow-expires-at-once') ? flow.createdAt : flow.expiresAt),
  };
}

/** The flow of that id. @throws Refusal 404 when there is none, or when its time is over */
export function flowAt(world: World, environmentId: string, id: string): Flow {
  const { fault, platform } = world;
  if (environmentId !== world.environmentId && !fault('flow-of-another-environment-accepted')) throw notFound();
  const flow = platform.flows.find((one) => one.id === id);
  // Chosen: a flow that has waited too long is gone.
  if (!flow || (flow.expiresAt <= world.now() && !fault('expired-flow-accepted'))) throw notFound();
  return flow;
}

const refused = (target: string, message: string, code = 'INVALID_VALUE'): Refusal =>
  invalidData([{ code, target, message } satisfies Detail]);

function cookie(world: World, token: string): Record<string, string> {
  const { fault } = world;
  if (fault('session-cookie-missing')) return {};
  const attributes = [
    `Path=/${fault('session-cookie-for-every-path') ? '' : world.environmentId}`,
    'Max-Age=2592000',
    `Expires=${new Date(world.now() + 2_592_000_000).toUTCString()}`,
    ...(fault('session-cookie-insecure') ? [] : ['Secure']),
    ...(fault('session-cookie-readable-by-scripts') ? [] : ['HttpOnly']),
    'SameSite=None',
  ];
  return { 'Set-Cookie': [`ST=${token}`, ...attributes].join('; ') };
}

/** Checks name and password. Source: flows, check username/password; the refusal is a third party's observation. */
function checkPassword(world: World, call: Call, flow: Flow): Record<string, string> {
  const { fault, platform } = world;
  const now = waiting(world, flow);
  const { username, password } = readObject(call);
  const over = now.status === 'COMPLETED' && fault('flow-signs-on-when-over');
  if (now.status !== 'USERNAME_PASSWORD_REQUIRED' && !over)
    throw refused('username', 'The flow does not ask for a password.');
  const { status } = readObject(call);
  const claimed = fault('status-in-body-completes-flow') && status === 'COMPLETED' ? username : undefined;
  const user =
    living(platform.users).find(({ profile }) => claimed !== undefined && profile.username === claimed) ??
    signedOn(world, flow, username, password);
  if (!user) {
    if (fault('bad-credentials-end-flow')) flow.expiresAt = 0;
    const known = living(platform.users).some(({ profile }) => profile.username === username);
    const target = fault('bad-credentials-tell-known-names') && known ? 'password' : 'username';
    const repeated = fault('password-in-refusal') ? ` (${String(password)})` : '';
    const refusal = refused(target, `Invalid username and/or password.${repeated}`);
    if (fault('failed-sign-on-sets-session')) Object.assign(refusal.headers, cookie(world, randomUUID()));
    throw refusal;
  }
  flow.user = user;
  if ('action' in now) flow.done.add(now.action.id);
  flow.sent = password;
  flow.session = { id: randomUUID(), token: randomUUID(), user };
  if (fault('session-shared')) flow.session.token = 'the-session-of-everybody';
  platform.sessions.push(flow.session);
  return cookie(world, flow.session.token);
}

/** Members put into a profile; an object among them is merged. */
function merged(profile: Record<string, unknown>, sent: Record<string, unknown>): Record<string, unknown> {
  const result = { ...profile };
  for (const [name, value] of Object.entries(sent)) {
    const old = own(result, name);
    result[name] = isObject(value) && isObject(old) ? { ...old, ...value } : value;
  }
  return result;
}

/** Puts what the user gives on the profile. Source: workflow step 16, update user profile; flows, user profile update. */
function updateUser(world: World, call: Call, flow: Flow): void {
  const { fault, platform } = world;
  const now = waiting(world, flow);
  const { kept, problems } = check(readObject(call), PROFILE);
  if (now.status !== 'PROFILE_DATA_REQUIRED') {
    const { username } = readObject(call);
    const anybody = living(platform.users).find(({ profile }) => profile.username === username);
    if (!fault('profile-update-before-sign-on') || !anybody)
      throw refused('request', 'The flow does not ask for profile data.');
    anybody.profile = merged(anybody.profile, kept);
    return;
  }
  if (problems.length > 0 && !fault('profile-values-unchecked')) throw invalidData(details(problems));
  const { user, action } = now;
  const missing = wanted(world, { ...user, profile: merged(user.profile, kept) }, action).find((one) => one.required);
  if (missing && !fault('required-profile-data-skippable') && !fault('profile-data-asked-although-present'))
    throw refused(missing.name, `${missing.name} is required.`, 'REQUIRED_VALUE');
  const [first] = Object.entries(kept);
  const stored = fault('profile-data-first-only') && first ? Object.fromEntries([first]) : kept;
  const whose = fault('profile-data-of-another-user') ? (living(platform.users).at(-1) ?? user) : user;
  if (!fault('profile-data-lost'))
    whose.profile = fault('profile-data-replaces-objects')
      ? { ...whose.profile, ...stored }
      : merged(whose.profile, stored);
  if (fault('profile-data-for-everybody')) for (const one of platform.users) one.profile = merged(one.profile, stored);
  const { id } = readObject(call);
  if (fault('profile-update-takes-id') && typeof id === 'string') user.id = id;
  // Chosen: an empty answer passes the action over.
  if (Object.keys(kept).length > 0) user.profiledAt = world.now();
  flow.prompted = true;
  if (!fault('profile-data-asked-again')) flow.done.add(action.id);
}

/** Shows a flow. Chosen: as after an action. Source: workflow, get the flow (the first edition's step 14). */
export function readFlow(world: World, call: Call, environmentId: string, id: string): Answer {
  return { status: 200, body: showFlow(world, call, flowAt(world, environmentId, id), false) };
}

const ACTION = /^application\/vnd\.pingidentity\.([\w.]+)\+json$/;

/**
 * Carries out the action that the Content-Type names, and goes on.
 * @throws Refusal 400 for what the flow does not wait for
 * Source: flows (actions by media type).
 */
export function postFlow(world: World, call: Call, environmentId: string, id: string): Answer {
  const flow = flowAt(world, environmentId, id);
  const guessed = world.fault('flow-media-type-ignored') ? 'usernamepassword.check' : undefined;
  const action = ACTION.exec(mediaType(call))?.[1] ?? guessed;
  let headers = {};
  if (action === 'usernamepassword.check') headers = checkPassword(world, call, flow);
  else if (action === 'user.update') updateUser(world, call, flow);
  // Chosen: actions that are not played here are refused like those that do not exist.
  else throw invalidRequest('The Content-Type names no action of this flow.');
  flow.expiresAt = world.now() + FLOW_LIFE;
  return { status: 200, headers, body: showFlow(world, call, flow, false) };
}
