import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import type { PingoneVariant } from '../variants/worlds.ts';
import type { Faults } from './faults.ts';
import { printedPolicy, printedThings } from './page-things.ts';
import { newPlatform, PORTAL, type Platform } from './platform.ts';

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
  /** Tells in which of the ways that are left open this server differs from the plain one. */
  variant: (name: PingoneVariant) => boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  environmentId: string;
  /** The environment in which the client gets its tokens. */
  tokenEnvironmentId: string;
  clientId: string;
  clientSecret: string;
  /** When each access token ends, in milliseconds since 1970. */
  tokens: Map<string, number>;
  policies: Policy[];
  /** Applications, users and what becomes of them. */
  platform: Platform;
  /** What actions refer to: ids by the kind of thing. */
  references: Record<string, string[]>;
  /** How much was created, and until when some of it is not found, by its id in milliseconds since 1970. */
  late: { count: number; until: Map<string, number> };
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

/** Kinds of things that an environment has one of, for actions to refer to. */
const REFERENCES = [
  'population',
  'identityProvider',
  'agreement',
  'deviceAuthenticationPolicy',
  'gateway',
  'gatewayUserType',
  'application',
];

// Names that older editions allow, and those that look like the ones we make.
const ODD_NAMES = [
  'Two Words',
  'https://example.com/acr/2?x=1',
  'Ünïcode',
  'Simple_Login',
  'conformance',
  'a',
  '0',
  '-',
];

/** A policy that somebody else has made, without a description. */
function otherPolicy(name: string): Policy {
  const id = randomUUID();
  const action = { id: randomUUID(), policyId: id, type: 'LOGIN', members: { priority: 1 }, deleted: false };
  return { id, name, description: undefined, default: false, actions: [action], deleted: false };
}

/** What somebody else does between two requests of the client: one policy comes, an older one goes. */
export function othersMove(world: World): void {
  const others = world.policies.filter(({ name }) => String(name).startsWith('of-others-'));
  for (const old of others.slice(0, -2)) old.deleted = true;
  world.policies.push(otherPolicy(`of-others-${randomUUID()}`));
}

/**
 * Makes an environment with a worker application's credentials and the default policy that every environment has.
 * Source: pingone-api/platform/sign-on-policies (default policy).
 */
export function newWorld(fault: Faults, variant: World['variant'], now: () => number): World {
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
  const environmentId = randomUUID();
  const elsewhere = variant('one-token-from-another-environment');
  const platform = newPlatform(now(), policy.id);
  const printed = variant('one-things-of-the-pages');
  if (printed) {
    const { population, user, application } = printedThings(now());
    platform.populations.push(population);
    platform.users.push(user);
    platform.applications.push(application);
  }
  const others = variant('one-policies-of-others') ? ODD_NAMES.map(otherPolicy) : [];
  return {
    fault,
    variant,
    now,
    environmentId,
    tokenEnvironmentId: elsewhere ? randomUUID() : environmentId,
    clientId: randomUUID(),
    // The tilde is written differently by different form encoders, so that a server has to decode it.
    clientSecret: `${randomBytes(32).toString('base64url')}~${variant('one-client-secret-with-punctuation') ? '+/=:%20 "&é' : ''}`,
    tokens: new Map([[PORTAL.expiredToken, now() - 1]]),
    platform,
    references: Object.fromEntries(REFERENCES.map((kind) => [kind, [randomUUID()]])),
    late: { count: 0, until: new Map() },
    policies: [policy, ...(printed ? [printedPolicy()] : []), ...others],
  };
}

/** The things of a list that are not deleted. */
export function living<Thing extends { deleted: boolean }>(things: Thing[]): Thing[] {
  return things.filter((thing) => !thing.deleted);
}

/** The living thing that was created next to another: after it, or before it. */
export function neighbour<Thing extends { deleted: boolean }>(
  things: Thing[],
  thing: Thing,
  step: 1 | -1,
): Thing | undefined {
  const all = things.filter((one) => one === thing || !one.deleted);
  return all[all.indexOf(thing) + step];
}

/** The policy that applies where no other does; there always is one. */
export function defaultPolicy(world: World): Policy {
  const policy = world.policies.find((one) => one.default && !one.deleted);
  if (!policy) throw new Error('The environment has lost its default policy');
  return policy;
}
