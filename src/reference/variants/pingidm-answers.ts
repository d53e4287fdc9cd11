import type { Answer, Call } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { eachHeader, eachString, isObject, withBody, type Members } from './values.ts';

/** Hooks that change the bodies of answers. */
export const bodies = (change: (body: unknown, call: Call, answer: Answer) => unknown): (() => Hooks) =>
  steady({ answer: (answer, call) => withBody(answer, (body) => change(body, call, answer)) });

/** What a login says of a managed user, changed. */
function ofManagedUser(body: unknown, change: (authorization: Members) => Members): unknown {
  return isObject(body) && isObject(body['authorization']) && body['authorization']['moduleId'] === 'MANAGED_USER'
    ? { ...body, authorization: change(body['authorization']) }
    : body;
}

/** Hooks that change what a login says of a managed user. */
const logins = (change: (authorization: Members) => Members): (() => Hooks) =>
  bodies((body) => ofManagedUser(body, change));

/** The names that a module is configured with, as another operator would choose them. */
const MODULE: Readonly<Record<string, string>> = {
  MANAGED_USER: 'CUSTOMERS_7',
  'credential-query': 'by-mail',
  authzRoles: 'roles',
  username: 'mail',
};

const managed = (from: string, to: string) => (text: string) =>
  text === from || text.startsWith(`${from}/`) ? text.replace(from, to) : text;

/** A body in which everything that failed has an entry for each requirement in place of one for each property. */
function oneByOne(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(oneByOne);
  if (!isObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      name === 'failedPolicyRequirements' && Array.isArray(value) ? value.flatMap(apart) : oneByOne(value),
    ]),
  );
}

function apart(failure: unknown): unknown[] {
  if (!isObject(failure) || !Array.isArray(failure['policyRequirements'])) return [failure];
  const requirements: unknown[] = failure['policyRequirements'];
  return requirements.map((requirement) => ({ ...failure, policyRequirements: [requirement] }));
}

const COMPLETENESS = '/completeness/';

/** What the pages of PingIDM leave open about the form of answers, and what an operator's configuration decides. */
export const PINGIDM_ANSWER_VARIANTS = {
  'idm-user-name-recased': {
    says: 'The user name comes back as it is stored, in other letter case than it was sent.',
    hooks: bodies((body) => eachString(body, (text) => (text === 'bjensen' ? 'BJensen' : text))),
  },
  'idm-other-component': {
    says: 'Users are managed customers.',
    hooks: steady({
      variables: (variables) => ({ ...variables, PINGIDM_MANAGED_OBJECT: 'managed/customer' }),
      call: (call) => ({
        ...call,
        path: call.path
          .replace(/managed\/user(?=\/|$)/, 'managed/none')
          .replace(/managed\/customer(?=\/|$)/, 'managed/user'),
        body: Buffer.from(call.body.toString().replaceAll('"managed/customer"', '"managed/user"')),
      }),
      answer: (answer) => withBody(answer, (body) => eachString(body, managed('managed/user', 'managed/customer'))),
      send: (out) => ({
        ...out,
        headers: eachHeader(out.headers, 'location', (value) => value.replace('managed/user/', 'managed/customer/')),
      }),
    }),
  },
  'idm-other-authentication-module': {
    says: 'The authentication module is configured with other names.',
    hooks: bodies((body, { path }) => {
      if (path.endsWith('/config/authentication')) return eachString(body, (text) => MODULE[text] ?? text);
      return ofManagedUser(body, (authorization) => ({
        ...(eachString(authorization, (text) => MODULE[text] ?? text) as Members),
        protectedAttributeList: ['password', 'kbaInfo', 'mail'],
      }));
    }),
  },
  'idm-configuration-unreadable': {
    says: 'Nobody may read the configuration over REST.',
    hooks: steady({
      instead: ({ method, path }) =>
        method === 'GET' && path.startsWith('/openidm/config/')
          ? { status: 403, body: { code: 403, reason: 'Forbidden', message: 'Access denied' } }
          : undefined,
    }),
  },
  'idm-nothing-protected': {
    says: 'No attribute is protected.',
    hooks: logins((authorization) => ({ ...authorization, protectedAttributeList: [] })),
  },
  'idm-flags-when-nothing-is-due': {
    says: 'A login to which nothing is due says so: a false flag and an empty list.',
    hooks: logins((authorization) => ({
      processesRequired: false,
      requiredProfileProcesses: [],
      ...authorization,
    })),
  },
  'idm-other-address-of-client': {
    says: 'The client is shown behind its proxy, by an address of the other family.',
    hooks: logins((authorization) => ({ ...authorization, ipAddress: 'fe80::1ff:fe23:4567:890a%eth2' })),
  },
  'idm-revisions-of-another-form': {
    says: 'Revisions are long texts, quoted like entity tags.',
    hooks: bodies((body, { path }) =>
      isObject(body) && '_rev' in body ? { ...body, _rev: `W/"${String(body['_rev'])}-${path.length}"` } : body,
    ),
  },
  'idm-users-without-revision': {
    says: 'Managed users show no revision.',
    hooks: bodies((body, { path }) => {
      if (!isObject(body) || !path.includes('/managed/') || path.includes(COMPLETENESS)) return body;
      const { _rev: _, ...rest } = body;
      return rest;
    }),
  },
  'idm-failures-one-by-one': {
    says: 'Each requirement that fails is an entry of its own, whatever property it is of.',
    unseen: 'what is told by default breaks no policy; specs/own/left-open.spec.ts does',
    hooks: bodies(oneByOne),
  },
  'idm-completeness-unrounded': {
    says: 'Completeness has as many digits as a double holds.',
    hooks: bodies((body) =>
      isObject(body) && typeof body['completeness'] === 'number'
        ? { ...body, completeness: Math.round(body['completeness'] * 7) / 7 }
        : body,
    ),
  },
  'idm-users-rich': {
    says: 'Managed users hold objects, lists, nulls and relationships.',
    hooks: bodies((body, { path }, { status }) =>
      isObject(body) && status === 200 && path.includes('/managed/') && !path.includes(COMPLETENESS)
        ? {
            kbaInfo: [],
            ...body,
            manager: null,
            roles: [{ _ref: 'managed/role/a/b', _refProperties: { _id: '1', _rev: '2' } }],
            effectiveRoles: [],
            preferences: {
              updates: false,
              marketing: null,
              ...(isObject(body['preferences']) ? body['preferences'] : {}),
            },
            'name~with/slashes': { '': [[], {}] },
          }
        : body,
    ),
  },
} satisfies Variants;
