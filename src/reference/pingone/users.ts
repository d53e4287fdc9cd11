import { randomUUID } from 'node:crypto';
import { isObject, readObject } from './body.ts';
import { invalidData, notFound } from './errors.ts';
import { changed, type Changes } from './faults.ts';
import { collection, link } from './hal.ts';
import { moment, type User } from './platform.ts';
import { textsStored } from './text-faults.ts';
import { check, details, form, may, need, object, string, text, type Shape } from './validation.ts';
import { living, neighbour, type Handler, type Request } from './world.ts';

/** What a profile may hold besides name and mail. Chosen: a telephone number is digits with what people write between. */
export const PROFILE: Shape = {
  email: may(form(/^[^\s@]+@[^\s@]+\.[^\s@]+$/)),
  name: may(object({ formatted: may(string), given: may(string), middle: may(string), family: may(string) })),
  nickname: may(string),
  title: may(string),
  mobilePhone: may(form(/^\+?[0-9][0-9 .()-]*$/)),
  primaryPhone: may(form(/^\+?[0-9][0-9 .()-]*$/)),
  address: may(
    object({
      streetAddress: may(string),
      locality: may(string),
      region: may(string),
      postalCode: may(string),
      countryCode: may(string),
    }),
  ),
};

/** What a new user may hold. */
export const USER: Shape = {
  ...PROFILE,
  username: need(text),
  email: { ...PROFILE.email!, required: true },
  population: may(object({ id: need(text) })),
};

const firstOf = (value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).slice(0, 1)) : value;

/** What mistakes do to a profile before it is stored. */
export const STORED: Changes<Record<string, unknown>> = {
  'user-one-member-of-each-object': (profile) =>
    Object.fromEntries(Object.entries(profile).map(([name, value]) => [name, firstOf(value)])),
  'username-in-lower-case': (profile) => ({ ...profile, username: String(profile.username).toLowerCase() }),
};

/** A user as it is shown, with everything on the profile. */
export function showUser(request: Request, user: User): Record<string, unknown> {
  const { fault, environmentId, platform } = request.world;
  const path = ['users', user.id];
  const self = link(request, ...path);
  const password = link(request, ...path, 'password');
  const profile = { ...user.profile };
  if (fault('user-email-lost')) delete profile.email;
  if (fault('password-in-user')) profile.password = user.password?.value;
  const populationId = fault('user-shown-in-default-population')
    ? (platform.populations[0]?.id ?? '')
    : user.populationId;
  return {
    _links: {
      self,
      environment: link(request),
      population: link(request, 'populations', populationId),
      devices: link(request, ...path, 'devices'),
      roleAssignments: link(request, ...path, 'roleAssignments'),
      password,
      'password.reset': password,
      'password.set': password,
      'password.check': password,
      'password.recover': password,
      linkedAccounts: link(request, ...path, 'linkedAccounts'),
      'account.sendVerificationCode': self,
      memberOfGroups: link(request, ...path, 'memberOfGroups'),
    },
    id: user.id,
    environment: { id: environmentId },
    account: { canAuthenticate: user.enabled, status: 'OK' },
    createdAt: moment(user.createdAt),
    enabled: user.enabled,
    identityProvider: { type: 'PING_ONE' },
    lifecycle: { status: 'ACCOUNT_OK' },
    mfaEnabled: false,
    population: { id: populationId },
    updatedAt: moment(user.updatedAt),
    verifyStatus: 'NOT_INITIATED',
    ...profile,
  };
}

/** Creates a user: 201. Source: getting started, create a user. */
export const createUser: Handler = (request) => {
  const { world } = request;
  const { fault, platform } = world;
  const { kept, problems } = check(readObject(request.call), USER);
  if (problems.length > 0) throw invalidData(details(problems));
  const { population, ...sent } = kept;
  const profile = changed(fault, STORED, textsStored(fault, 'user', sent));
  const first = platform.populations[0]?.id ?? '';
  let populationId = (population as { id: string } | undefined)?.id ?? first;
  if (!living(platform.populations).some(({ id }) => id === populationId)) {
    if (!fault('user-of-unknown-population-accepted'))
      throw invalidData([
        { code: 'INVALID_VALUE', target: 'population.id', message: 'population.id names no population' },
      ]);
    populationId = first;
  }
  const taken = living(platform.users).some((one) => one.profile.username === profile.username);
  if (taken && !fault('username-not-unique'))
    throw invalidData([{ code: 'UNIQUENESS_VIOLATION', target: 'username', message: 'username is taken' }]);
  if (fault('user-in-another-population')) populationId = first;
  const now = world.now();
  const user: User = {
    id: randomUUID(),
    populationId,
    profile,
    enabled: true,
    password: undefined,
    profiledAt: undefined,
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
  if (!fault('user-not-stored')) platform.users.push(user);
  return { status: 201, body: showUser(request, user) };
};

/** The user in the path. @throws Refusal 404 when there is none */
export function userOf({ world, ids }: Request): User {
  const user = world.platform.users.find(({ id }) => id === ids[0]);
  if (!user || (user.deleted && !world.fault('user-delete-leaves-it-readable'))) throw notFound();
  return user;
}

/** Shows one user, with everything on the profile. Source: workflow step 19, verify updated user information. */
export const readUser: Handler = (request) => {
  const { fault, platform } = request.world;
  const user = userOf(request);
  const last = fault('user-read-returns-last') ? living(platform.users).at(-1) : undefined;
  return { status: 200, body: showUser(request, last ?? user) };
};

/** Lists the environment's users, or those of one population. Source: pingone-api, read all users. */
export const listUsers: Handler = (request) => {
  const { fault, platform } = request.world;
  // Chosen: of the filters, the one by population is played.
  const wanted = /^population\.id eq "(.+)"$/.exec(request.call.query.get('filter') ?? '')?.[1];
  const all = fault('user-list-includes-deleted') ? platform.users : living(platform.users);
  const found = all.filter(({ populationId }) => wanted === undefined || populationId === wanted);
  const items = (fault('user-list-lacks-newest') ? found.slice(0, -1) : found).map((one) => showUser(request, one));
  const body = collection(request, link(request, 'users'), 'users', items);
  if (fault('user-list-count-wrong')) body.count = items.length + 1;
  return { status: 200, body };
};

/** Deletes a user. */
export const deleteUser: Handler = (request) => {
  const { fault, platform } = request.world;
  const user = userOf(request);
  const previous = fault('user-delete-takes-previous') ? neighbour(platform.users, user, -1) : undefined;
  if (previous) previous.deleted = true;
  if (fault('user-delete-takes-population'))
    for (const one of platform.populations) if (one.id === user.populationId) one.deleted = true;
  if (!fault('user-delete-ignored')) user.deleted = true;
  if (fault('user-delete-deletes-population'))
    for (const other of platform.users) if (other.populationId === user.populationId) other.deleted = true;
  return { status: 204 };
};
