import type { Application, Population, User } from './platform.ts';
import type { Action, Policy } from './world.ts';

const POLICY = '551e6ddc-7f2d-4934-98a5-ddc50037246a';

/** An action with the id that a page prints, as it is listed in a policy beside what clients create there. */
export function printedAction(policyId: string): Action {
  return {
    id: '329abc60-27b6-4663-8c81-72ee38d4e71f',
    policyId,
    type: 'LOGIN',
    members: { priority: 1 },
    deleted: false,
  };
}

/** A policy with the id, name and description that pages print. */
export function printedPolicy(): Policy {
  const description = 'A new basic sign-on policy.';
  const policy: Policy = {
    id: POLICY,
    name: 'Simple_Login',
    description,
    default: false,
    actions: [],
    deleted: false,
  };
  policy.actions.push(printedAction(POLICY));
  return policy;
}

/** A population, a user and an application with the ids and names that pages print. */
export function printedThings(now: number): { population: Population; user: User; application: Application } {
  const dated = { createdAt: now, updatedAt: now, deleted: false };
  const population: Population = {
    id: 'fe09831e-bbf7-46f1-92e4-aafe10df56fd',
    name: 'Shared-Test-User-Population',
    description: 'Population for PingOne test users',
    default: false,
    ...dated,
  };
  const user: User = {
    id: 'b7119e13-9612-42d0-a57c-039e74a0f27c',
    populationId: population.id,
    profile: { username: 'sharedTestUser', email: 'sharedTestUser@example.com' },
    enabled: true,
    password: undefined,
    profiledAt: undefined,
    ...dated,
  };
  const application: Application = {
    id: '7bc39672-6770-4d78-b7f5-09728ca64f41',
    secret: 'mKxZl....',
    settings: {
      name: 'Shared-Web-App',
      enabled: true,
      type: 'WEB_APP',
      protocol: 'OPENID_CONNECT',
      grantTypes: ['AUTHORIZATION_CODE'],
      responseTypes: ['CODE'],
      redirectUris: ['http://localhost:3000/callback'],
      tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
    },
    grants: [],
    assignments: [],
    ...dated,
  };
  return { population, user, application };
}
