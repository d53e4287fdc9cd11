import { bodies } from './pingidm-answers.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { eachObject, isObject, withBody, type Members } from './values.ts';

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

/** What the pages of PingIDM leave open about forms, and what an operator's configuration decides about them. */
export const PINGIDM_FORM_VARIANTS = {
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
} satisfies Variants;
