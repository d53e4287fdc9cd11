import type { Answer, Call } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { eachObject, eachString, isObject, withBody, type Members } from './values.ts';

/** Hooks that change the bodies of answers. */
const bodies = (change: (body: unknown, call: Call, answer: Answer) => unknown): (() => Hooks) =>
  steady({ answer: (answer, call) => withBody(answer, (body) => change(body, call, answer)) });

/** Hooks that change what a login says of a managed user. */
const logins = (change: (authorization: Members) => Members): (() => Hooks) =>
  bodies((body) =>
    isObject(body) && isObject(body['authorization']) && body['authorization']['moduleId'] === 'MANAGED_USER'
      ? { ...body, authorization: change(body['authorization']) }
      : body,
  );

/** Hooks that change what a form asks for, where it asks for something. */
const forms = (change: (requirements: Members) => Members): (() => Hooks) =>
  bodies((body) =>
    isObject(body) && isObject(body['requirements']) && Object.keys(body['requirements']).length > 0
      ? { ...body, requirements: change(body['requirements']) }
      : body,
  );

/** Hooks that change how attributes are described. */
const schemas = (change: (schema: Members) => Members): (() => Hooks) =>
  bodies((body) =>
    eachObject(body, (members) =>
      isObject(members['schema']) ? { ...members, schema: change(members['schema']) } : members,
    ),
  );

const managed = (from: string, to: string) => (text: string) =>
  text === from || text.startsWith(`${from}/`) ? text.replace(from, to) : text;

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
      call: (call) => ({
        ...call,
        path: call.path.replace('managed/user/', 'managed/none/').replace('managed/customer/', 'managed/user/'),
      }),
      answer: (answer) => withBody(answer, (body) => eachString(body, managed('managed/user', 'managed/customer'))),
    }),
  },
  'idm-other-authentication-module': {
    says: 'The authentication module is configured with other names.',
    hooks: logins((authorization) => ({
      ...authorization,
      moduleId: 'CUSTOMERS_7',
      queryId: 'by-mail',
      userRolesProperty: 'roles',
      authenticationIdProperty: 'mail',
      protectedAttributeList: ['password', 'kbaInfo', 'mail'],
    })),
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
  'idm-form-without-texts': {
    says: 'The form has no texts of its own.',
    hooks: forms(({ uiConfig: _, ...requirements }) => requirements),
  },
  'idm-form-with-other-texts': {
    says: 'The texts of the form are objects by language.',
    hooks: forms((requirements) => ({
      ...requirements,
      uiConfig: { displayName: 'Numéro', purpose: '', buttonText: '⏎ Go', extra: { fr: 'Oui' } },
    })),
  },
  'idm-form-with-more-members': {
    says: 'The requirements hold what a JSON Schema may hold besides, and an empty list of what is required.',
    hooks: forms((requirements) => ({
      ...requirements,
      required: [],
      definitions: {},
      additionalProperties: true,
      default: null,
    })),
  },
  'idm-schema-with-nulls': {
    says: 'Descriptions of an attribute are null where the page prints an empty text.',
    hooks: schemas((schema) => ({ ...schema, usageDescription: null, description: null })),
  },
  'idm-schema-bare': {
    says: 'An attribute is described by its type, and by whether it is shown and edited.',
    hooks: schemas(({ type, viewable, userEditable }) => ({ type, viewable, userEditable })),
  },
  'idm-schema-rich': {
    says: 'An attribute is described in more ways than the page prints.',
    hooks: schemas((schema) => ({
      ...schema,
      type: ['string', 'null'],
      minLength: 0,
      maxLength: 64,
      searchable: true,
      isVirtual: false,
      policies: [{ policyId: 'max-length', params: { max: 64 } }],
      format: 'phone',
    })),
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
  'idm-asks-again-without-token': {
    says: 'What is asked for again comes without a token.',
    hooks: bodies((body) => {
      if (!isObject(body) || body['tag'] !== 'initial') return body;
      const { token: _, ...rest } = body;
      return rest;
    }),
  },
  'idm-asks-again-with-error': {
    says: 'What is asked for again comes with its identifier and revision, and says what was wrong.',
    hooks: bodies((body) =>
      isObject(body) && isObject(body['requirements']) && 'token' in body
        ? {
            _id: '1',
            _rev: '17',
            ...body,
            requirements: {
              ...body['requirements'],
              error: { message: 'Not yet', detail: { failedPolicyRequirements: [] } },
            },
          }
        : body,
    ),
  },
  'idm-tokens-long': {
    says: 'Tokens of a process are very long.',
    hooks: steady({
      call: (call) => ({ ...call, body: Buffer.from(call.body.toString().replace(/"(\w{6000})_/, '"')) }),
      answer: (answer) =>
        withBody(answer, (body) =>
          isObject(body) && typeof body['token'] === 'string'
            ? { ...body, token: `${'A0'.repeat(3000)}_${body['token']}` }
            : body,
        ),
    }),
  },
  'idm-end-with-additions': {
    says: 'The end of a process says more: a success page, a user name, and when.',
    hooks: bodies((body) =>
      isObject(body) && body['tag'] === 'end'
        ? {
            ...body,
            status: { success: true, completedAt: 1_790_000_000_000 },
            additions: { successUrl: '/#profile', userName: 'bjensen' },
          }
        : body,
    ),
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
            ...body,
            manager: null,
            roles: [{ _ref: 'managed/role/a/b', _refProperties: { _id: '1', _rev: '2' } }],
            effectiveRoles: [],
            preferences: { updates: false, marketing: null },
            kbaInfo: [],
            'name~with/slashes': { '': [[], {}] },
          }
        : body,
    ),
  },
} satisfies Variants;
