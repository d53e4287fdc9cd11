import { own } from '../own.ts';
import { isObject } from './body.ts';
import type { Flow, User } from './platform.ts';
import { living, type Action, type World } from './world.ts';

/** An attribute of the profile that an action asks for. */
export interface Wanted {
  name: string;
  required: boolean;
}

/** What stands on a profile under a dotted name. */
function valueAt(profile: Record<string, unknown>, name: string): unknown {
  return name.split('.').reduce<unknown>((value, part) => (isObject(value) ? own(value, part) : undefined), profile);
}

/** The attributes that an action asks a user for: those that the profile lacks. */
export function wanted(world: World, user: User, action: Action): Wanted[] {
  const all = (action.members.attributes ?? []) as Wanted[];
  if (world.fault('profile-data-asked-although-present')) return all;
  const lacking = all.filter(({ name }) => valueAt(user.profile, name) === undefined);
  return world.fault('profile-asks-for-first-attribute-only') ? lacking.slice(0, 1) : lacking;
}

/**
 * Whether a progressive profiling action asks.
 * Source: console guide, add a progressive profiling action (interval, several actions); sign-on policy actions.
 */
function asks(world: World, flow: Flow, user: User, action: Action): boolean {
  if (world.fault('profile-data-not-asked')) return false;
  if (world.fault('profile-data-asked-again')) return true;
  const { preventMultiplePromptsPerFlow: once, promptIntervalSeconds: seconds } = action.members;
  if (once === true && flow.prompted && !world.fault('profile-prompts-again-in-flow')) return false;
  const lacking = wanted(world, user, action);
  if (lacking.some(({ required }) => required)) return true;
  const last = user.profiledAt ?? Number.NEGATIVE_INFINITY;
  const due = last + Number(seconds) * 1000 <= world.now() || world.fault('profile-prompt-interval-ignored');
  return lacking.length > 0 && due;
}

/** What a flow waits for. */
export type Waiting =
  | { status: 'USERNAME_PASSWORD_REQUIRED'; action: Action }
  | { status: 'PROFILE_DATA_REQUIRED'; action: Action; user: User }
  | { status: 'MUST_CHANGE_PASSWORD' | 'COMPLETED' | 'FAILED' };

/**
 * Goes on to the first action of the policy, by priority, that has something to ask.
 * Chosen: conditions always hold, and actions of types that are not played here are passed over.
 */
export function waiting(world: World, flow: Flow): Waiting {
  const policy = living(world.policies).find(({ id }) => id === flow.policyId);
  const all = policy?.actions ?? [];
  const actions = (world.fault('deleted-action-asks') ? all : living(all)).toSorted(
    (one, other) => Number(one.members.priority) - Number(other.members.priority),
  );
  if (world.fault('actions-run-in-reverse')) actions.reverse();
  if (flow.user?.password?.mustChange) return { status: 'MUST_CHANGE_PASSWORD' };
  for (const action of actions) {
    if (flow.done.has(action.id)) continue;
    if (action.type === 'LOGIN') return { status: 'USERNAME_PASSWORD_REQUIRED', action };
    if (action.type !== 'PROGRESSIVE_PROFILING' || !flow.user) continue;
    if (asks(world, flow, flow.user, action)) return { status: 'PROFILE_DATA_REQUIRED', action, user: flow.user };
    flow.done.add(action.id);
  }
  return { status: flow.user ? 'COMPLETED' : 'FAILED' };
}
