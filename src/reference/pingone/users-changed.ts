import { isObject, readObject } from './body.ts';
import { invalidData } from './errors.ts';
import { changed } from './faults.ts';
import type { User } from './platform.ts';
import { textsStored } from './text-faults.ts';
import { PROFILE, showUser, STORED, USER, userOf } from './users.ts';
import { check, details, type Shape } from './validation.ts';
import { living, type Handler, type Request } from './world.ts';

type Profile = Record<string, unknown>;

/** Reads a profile from a body. Chosen: the population of a user is not changed by either request. */
function profileIn({ world, call }: Request, user: User, shape: Shape): Profile {
  const { fault, platform } = world;
  const { kept, problems } = check(readObject(call), shape);
  if (problems.length > 0) throw invalidData(details(problems));
  const { population: _, ...sent } = kept;
  const profile = textsStored(fault, 'user', sent);
  const taken = living(platform.users).some((one) => one !== user && one.profile.username === profile.username);
  if (taken) throw invalidData([{ code: 'UNIQUENESS_VIOLATION', target: 'username', message: 'username is taken' }]);
  return profile;
}

/** Replaces a profile: what is left out is removed. Source: pingone-api, update user (PUT). */
export const updateUser: Handler = (request) => {
  const { world, call } = request;
  const { fault, now, platform } = world;
  const named = userOf(request);
  const sent = readObject(call);
  const other = fault('user-id-from-body') ? living(platform.users).find(({ id }) => id === sent.id) : undefined;
  const user = other ?? named;
  const profile = changed(fault, STORED, profileIn(request, named, USER));
  if (fault('user-update-ignored')) return { status: 200, body: { ...showUser(request, user), ...profile } };
  user.profile = fault('user-update-merges') ? { ...user.profile, ...profile } : profile;
  user.updatedAt = now();
  const created = Date.parse(String(sent.createdAt));
  if (fault('user-created-from-body') && created > 0) user.createdAt = created;
  if (fault('user-update-drops-password')) user.password = undefined;
  return { status: 200, body: showUser(request, user) };
};

/** A profile with the changes in it. Chosen: members of an object that are not sent stay too. */
function merged(old: Profile, change: Profile, nested: boolean): Profile {
  const inside = (name: string, value: unknown): unknown =>
    nested && isObject(value) && isObject(old[name]) ? { ...old[name], ...value } : value;
  return {
    ...old,
    ...Object.fromEntries(Object.entries(change).map(([name, value]) => [name, inside(name, value)])),
  };
}

/** Changes what a request has of a profile, and nothing else. Source: pingone-api, update user (PATCH). */
export const patchUser: Handler = (request) => {
  const { fault, now } = request.world;
  const user = userOf(request);
  const shape = { ...PROFILE, username: { ...USER.username!, required: false } };
  const change = profileIn(request, user, shape);
  const whole = fault('user-patch-replaces')
    ? { username: user.profile.username, email: user.profile.email, ...change }
    : merged(user.profile, change, !fault('user-patch-replaces-objects'));
  if (fault('user-patch-ignored')) return { status: 200, body: { ...showUser(request, user), ...whole } };
  user.profile = whole;
  user.updatedAt = now();
  return { status: 200, body: showUser(request, user) };
};
