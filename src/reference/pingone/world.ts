import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import type { Faults } from './faults.ts';

/** What a sign-on policy action holds beyond its identity, by member name. */
export type Members = Record<string, unknown>;

/** A sign-on policy action. Deleted ones are kept, marked, for the mistakes that bring them back. */
export interface Action {
  id: string;
  policyId: string;
  type: string;
  members: Members;
  deleted: boolean;
}

/** A sign-on policy with its actions in the order of their creation. */
export interface Policy {
  id: string;
  name: unknown;
  description: string | undefined;
  default: boolean;
  actions: Action[];
  deleted: boolean;
}

/** One environment with everything in it. */
export interface World {
  fault: Faults;
  /** Milliseconds since 1970. */
  now: () => number;
  environmentId: string;
  clientId: string;
  clientSecret: string;
  /** When each access token ends, in milliseconds since 1970. */
  tokens: Map<string, number>;
  policies: Policy[];
}

/** A call to a resource below an environment. */
export interface Request {
  world: World;
  call: Call;
  /** The ids in the path after the environment's, outermost first. */
  ids: string[];
}

/** Carries out one operation; throws a Refusal for anything but success. */
export type Handler = (request: Request) => Answer;

/**
 * Makes an environment with a worker application's credentials and the default policy that every environment has.
 * Source: pingone-api/platform/sign-on-policies (default policy).
 */
export function newWorld(fault: Faults, now: () => number): World {
  const login = randomUUID();
  const policy: Policy = {
    id: randomUUID(),
    name: 'Single_Factor',
    description: 'A sign-on policy that requires username and password',
    default: true,
    actions: [],
    deleted: false,
  };
  policy.actions.push({ id: login, policyId: policy.id, type: 'LOGIN', members: { priority: 1 }, deleted: false });
  return {
    fault,
    now,
    environmentId: randomUUID(),
    clientId: randomUUID(),
    // The tilde is written differently by different form encoders, so that a server has to decode it.
    clientSecret: `${randomBytes(32).toString('base64url')}~`,
    tokens: new Map(),
    policies: [policy],
  };
}

/** The things of a list that are not deleted. */
export function living<Thing extends { deleted: boolean }>(things: Thing[]): Thing[] {
  return things.filter((thing) => !thing.deleted);
}

/** The policy that applies where no other does; there always is one. */
export function defaultPolicy(world: World): Policy {
  const policy = world.policies.find((one) => one.default && !one.deleted);
  if (!policy) throw new Error('The environment has lost its default policy');
  return policy;
}
