import { Refusal } from './refusal.ts';
import type { Handler, World } from './world.ts';

/**
 * The mappings that share data of a user only with consent, by a query or by the older action.
 * @throws Refusal 400 for a filter of another form, 501 for other actions
 * Chosen: which mapping there is. Source: the vendor's end-user client
 */
export const consent: Handler = (world, { operation, action, call }) => {
  if (operation === 'action' && action === 'getConsentMappings') return { status: 200, body: mappings(world) };
  if (operation === 'action') throw new Refusal(501, `Unknown action ${action}`);
  if (operation !== 'query') throw new Refusal(501, 'Not Implemented');
  const [, source] = /^\s*\/source\s+eq\s+"([^"]*)"\s*$/.exec(call.query.get('_queryFilter') ?? '') ?? [];
  if (source === undefined) throw new Refusal(400, 'Invalid query filter');
  const result = source === 'managed/user' || world.fault('consent-not-filtered') ? mappings(world) : [];
  return {
    status: 200,
    body: {
      result,
      resultCount: result.length + (world.fault('consent-count-wrong') ? 1 : 0),
      pagedResultsCookie: null,
      totalPagedResultsPolicy: 'NONE',
      totalPagedResults: -1,
      remainingPagedResults: -1,
    },
  };
};

function mappings({ fault }: World): Record<string, unknown>[] {
  const name = 'managedUser_directory';
  return [
    {
      ...(fault('consent-without-name') ? {} : { name }),
      displayName: 'Directory',
      icon: null,
      accessLevel: 'Actual Profile',
      ...(fault('consent-without-fields') ? {} : { fields: [{ source: 'mail', target: 'mail' }] }),
    },
  ];
}
