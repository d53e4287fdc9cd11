import { notFound } from './errors.ts';
import { link } from './hal.ts';
import type { Handler } from './world.ts';

/** Shows the environment, to which every resource links. Source: pingone-api/platform/environments, read one. */
export const readEnvironment: Handler = (request) => {
  const { world } = request;
  if (world.fault('environment-link-broken')) throw notFound();
  return {
    status: 200,
    body: {
      _links: { self: link(request), signOnPolicies: link(request, 'signOnPolicies') },
      id: world.environmentId,
      name: 'Conformance',
      type: 'SANDBOX',
    },
  };
};
