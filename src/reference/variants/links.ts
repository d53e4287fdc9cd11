import type { Call } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { eachObject, isObject, withBody, type Members } from './values.ts';

/** Hooks that make links begin otherwise than the address that was called. */
const base = (origin: (call: Call) => string): (() => Hooks) =>
  steady({ call: (call) => ({ ...call, origin: origin(call) }) });

const links = (change: (links: Members) => Members): (() => Hooks) =>
  steady({
    answer: (answer) =>
      withBody(answer, (body) =>
        eachObject(body, (members) =>
          isObject(members['_links']) ? { ...members, _links: change(members['_links']) } : members,
        ),
      ),
  });

const PREFIX = '/tenants/eu-1/gateway';

/** What HAL, URIs and proxies leave open about where links lead, as long as they lead there together. */
export const LINK_VARIANTS = {
  'links-to-another-host': {
    says: 'Links lead to another host, scheme and port than the one that is called.',
    hooks: base(() => 'https://api.pingone.example:8443'),
  },
  'links-below-a-prefix': {
    says: 'Links lead below a path that the proxy in front of the server knows.',
    hooks: base(({ origin }) => `${origin}/proxy`),
  },
  'links-without-host': {
    says: 'Links begin with a slash: scheme and host are those of the request.',
    hooks: base(() => ''),
  },
  'links-without-scheme': {
    says: 'Links begin with two slashes: the scheme is that of the request.',
    hooks: base(() => '//api.pingone.example'),
  },
  'links-with-more-members': {
    says: 'Links say more than where they lead.',
    hooks: links((all) =>
      Object.fromEntries(
        Object.entries(all).map(([name, link]) => [
          name,
          isObject(link) ? { ...link, title: name, type: 'application/json', templated: false } : link,
        ]),
      ),
    ),
  },
  'links-added': {
    says: 'There are more links than the documentation prints, a list of them and a template too.',
    hooks: links((all) => ({
      ...all,
      curies: [{ name: 'p1', href: 'https://docs.example/rels/{rel}', templated: true }],
      'p1:history': { href: '/history{?from,to}', templated: true },
      assignments: { href: 'https://api.pingone.example/v1/assignments' },
    })),
  },
  'served-below-a-prefix': {
    says: 'The whole server is reached below a path, and its links lead there.',
    hooks: steady({
      variables: (variables) =>
        Object.fromEntries(
          Object.entries(variables).map(([name, value]) => [name, name.endsWith('_URL') ? value + PREFIX : value]),
        ),
      instead: ({ path }) =>
        path.startsWith('/openidm/') || /^\/(v1|[^/]+\/as)\//.test(path)
          ? { status: 404, body: { code: 'NOT_FOUND', message: 'Nothing is served here' } }
          : undefined,
      call: (call) => ({ ...call, path: call.path.replace(PREFIX, ''), origin: call.origin + PREFIX }),
    }),
  },
  'hosts-apart': {
    says: 'Tokens come from another host than everything else.',
    hooks: steady({
      variables: ({ PINGONE_AUTH_URL = '', ...variables }) => ({
        ...variables,
        PINGONE_AUTH_URL: `${PINGONE_AUTH_URL.replace('127.0.0.1', 'localhost')}/`,
      }),
    }),
  },
} satisfies Variants;
