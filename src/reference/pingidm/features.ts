import { filterOf } from './filter.ts';
import { Refusal } from './refusal.ts';
import type { Handler, World } from './world.ts';

interface Feature {
  _id: string;
  name: string;
  enabled: boolean;
  endpoints: string[];
}

const PROCESSES = [
  ['retrieveUsername', 'selfservice/username'],
  ['passwordReset', 'selfservice/reset'],
  ['registration', 'selfservice/registration'],
] as const;

/**
 * The features of the server: those of self-service are enabled while their process is configured.
 * @throws Refusal 400 for a filter of another form, 501 for anything but a query
 * Chosen: which features there are besides. Source: install-guide, installed modules and features
 */
export const features: Handler = (world, { operation, call }) => {
  if (operation !== 'query') throw new Refusal(501, 'Not Implemented');
  const matches = world.fault('features-not-filtered') ? () => true : filterOf(call.query.get('_queryFilter') ?? '');
  const result = featuresOf(world).filter((one) => matches({ ...one }));
  return {
    status: 200,
    body: {
      result,
      resultCount: result.length + (world.fault('features-count-wrong') ? 1 : 0),
      pagedResultsCookie: null,
      totalPagedResultsPolicy: 'NONE',
      totalPagedResults: -1,
      remainingPagedResults: -1,
    },
  };
};

function featuresOf({ fault, processes }: World): Feature[] {
  const one = (name: string, endpoints: string[]): Feature => ({
    _id: name,
    name: fault('feature-named-otherwise') ? `${name} feature` : name,
    enabled: endpoints.length > 0,
    endpoints: fault('feature-without-endpoint') ? [] : endpoints,
  });
  const configured = PROCESSES.map(([name, path]) => one(name, path in processes ? [path] : []));
  return [
    ...(fault('feature-left-out') ? configured.slice(1) : configured),
    one('identityProviders', ['identityProviders']),
    one('workflow', ['workflow*']),
    one('email', []),
    ...(fault('feature-told-twice') ? [one('email', [])] : []),
  ];
}
