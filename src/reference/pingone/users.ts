import { randomUUID } from 'node:crypto';
import { mediaType, readObject } from './body.ts';
import { invalidData, notFound, Refusal } from './errors.ts';
import { collection, link } from './hal.ts';
import { moment, type User } from './platform.ts';
import { check, details, flag, form, may, need, object, string, text, type Shape } from './validation.ts';
import { living, type Handler, type Request } from './world.ts';

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

const SHAPE: Shape = {
  ...PROFILE,
  username: need(text),
  email: { ...PROFILE.email!, required: true },
  population: may(object({ id: need(text) })),
};

const PASSWORD: Shape = { value: need(text), forceChange: may(flag) };

function show(request: Request, user: User): Record<string, unknown> {
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
  const { kept, problems } = check(readObject(request.call), SHAPE);
  if (problems.length > 0) throw invalidData(details(problems));
  const { population, ...profile } = kept;
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
  return { status: 201, body: show(request, user) };
};

function userOf({ world, ids }: Request): User {
  const user = world.platform.users.find(({ id }) => id === ids[0]);
  if (!user || (user.deleted && !world.fault('user-delete-leaves-it-readable'))) throw notFound();
  return user;
}

/** Shows one user, with everything on the profile. Source: workflow step 19, verify updated user information. */
export const readUser: Handler = (request) => {
  const { fault, platform } = request.world;
  const user = userOf(request);
  const last = fault('user-read-returns-last') ? living(platform.users).at(-1) : undefined;
  return { status: 200, body: show(request, last ?? user) };
};

/** Lists the environment's users. Source: pingone-api, read all users. */
export const listUsers: Handler = (request) => {
  const items = living(request.world.platform.users).map((one) => show(request, one));
  return { status: 200, body: collection(request, link(request, 'users'), 'users', items) };
};

/** Deletes a user. */
export const deleteUser: Handler = (request) => {
  const { fault, platform } = request.world;
  const user = userOf(request);
  if (!fault('user-delete-ignored')) user.deleted = true;
  if (fault('user-delete-deletes-population'))
    for (const other of platform.users) if (other.populationId === user.populationId) other.deleted = true;
  return { status: 204 };
};

/** Sets a user's password. Source: getting started, set the user password. */
export const setPassword: Handler = (request) => {
  const { world, call } = request;
  const { fault, platform } = world;
  const user = userOf(request);
  const media = 'application/vnd.pingidentity.password.set+json';
  // Chosen: the other password actions of this path are not played.
  if (call.body.length > 0 && mediaType(call) !== media && !fault('password-media-type-ignored'))
    throw new Refusal(415, 'INVALID_REQUEST', `A password is set as ${media}.`);
  const { kept, problems } = check(readObject(call), PASSWORD);
  const left = problems.filter(({ sent }) => !(fault('password-empty-accepted') && sent === ''));
  if (left.length > 0) throw invalidData(details(left));
  const now = world.now();
  const mustChange = kept.forceChange === true && !fault('force-change-ignored');
  const whose = fault('password-set-for-everybody') ? living(platform.users) : [user];
  if (!fault('password-not-stored'))
    for (const one of whose) one.password = { value: String(kept.value), mustChange, changedAt: now };
  const path = ['users', user.id, 'password'];
  const self = link(request, ...path);
  const policy = 'a6f57fd8-0597-448c-8993-8bec226c38ef';
  return {
    status: 200,
    body: {
      _links: {
        self,
        environment: link(request),
        user: link(request, 'users', user.id),
        passwordPolicy: link(request, 'passwordPolicies', policy),
        'password.check': self,
        'password.reset': self,
        'password.set': self,
        'password.recover': self,
      },
      environment: { id: world.environmentId },
      user: { id: user.id },
      passwordPolicy: { id: policy },
      status: mustChange ? 'MUST_CHANGE_PASSWORD' : 'OK',
      lastChangedAt: moment(now),
      ...(fault('password-returned') ? { value: kept.value } : {}),
    },
  };
};
