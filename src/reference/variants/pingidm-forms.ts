import { randomBytes } from 'node:crypto';
import type { Call } from '../http.ts';
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

/** Hooks that change the texts of a form that come with the server, in its configuration too; somebody else's are shown as they are. */
const ownTexts = (change: (requirements: Members) => Members): (() => Hooks) =>
  bodies((body) =>
    eachObject(body, (members) => {
      const { uiConfig } = members;
      return isObject(uiConfig) && uiConfig['displayName'] === 'Add your telephone number' ? change(members) : members;
    }),
  );

const isProcess = (body: unknown, path: string): body is Members =>
  isObject(body) && path.endsWith('/config/selfservice/profile') && Array.isArray(body['stageConfigs']);

/** How else a process may be configured: by stages of the operator's own, and with texts in several languages. */
function otherwiseShaped(process: Members): Members {
  const texts = eachObject(process['stageConfigs'], (members, name) => {
    if (name === 'uiConfig') return { displayName: { en: 'Add it', fr: 'Ajoutez-le' }, purpose: null };
    if (name !== 'attributes') return members;
    const { isRequired: _, ...attribute } = members;
    return attribute;
  }) as unknown[];
  const own = { class: 'com.example.stage.SumStageConfig', left: 12, right: 4 };
  const nested = { name: 'conditionaluser', condition: { type: 'profileCompleteness' }, onConditionTrue: texts[0] };
  return { ...process, stageConfigs: [own, nested, ...texts] };
}

/** Hooks that change how attributes are described, in a form and in the configuration of managed objects. */
const schemas = (change: (schema: Members) => Members): (() => Hooks) =>
  bodies((body) =>
    eachObject(body, (members) => ('viewable' in members && 'userEditable' in members ? change(members) : members)),
  );

/** What the pages of PingIDM leave open about forms, and what an operator's configuration decides about them. */
export const PINGIDM_FORM_VARIANTS = {
  'idm-form-without-texts': {
    says: 'The form has no texts of its own.',
    hooks: ownTexts(({ uiConfig: _, ...requirements }) => requirements),
  },
  'idm-form-with-other-texts': {
    says: 'The texts of the form are objects by language.',
    hooks: ownTexts((requirements) => ({
      ...requirements,
      uiConfig: { displayName: 'Numéro', purpose: '', buttonText: '⏎ Go', extra: { fr: 'Oui' } },
    })),
  },
  'idm-configuration-of-another-shape': {
    says: 'A process has a stage of its own and one within another, texts by language, and attributes without a flag.',
    hooks: bodies((body, { path }) => (isProcess(body, path) ? otherwiseShaped(body) : body)),
  },
  'idm-form-with-more-members': {
    says: 'The requirements hold what a JSON Schema may hold besides, and an empty list of what is required.',
    hooks: forms((requirements) => ({
      required: [],
      definitions: {},
      additionalProperties: true,
      default: null,
      ...requirements,
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
    hooks: () => {
      let asked = '';
      return {
        answer: (answer, { method }) =>
          withBody(answer, (body) => {
            if (!isObject(body) || body['type'] !== 'conditionaluser' || body['tag'] !== 'initial') return body;
            const before = asked;
            asked = JSON.stringify(body['requirements']);
            if (method !== 'POST' || asked !== before) return body;
            const { token: _, ...rest } = body;
            return rest;
          }),
      };
    },
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
  'idm-latest-token-only': {
    says: 'Tokens of a process are looked up by the server, and of a process only the latest is good.',
    hooks: lookedUp,
  },
  'idm-end-with-additions': {
    says: 'The end of a process says more: a success page, a user name, and when.',
    hooks: bodies((body) =>
      isObject(body) && body['tag'] === 'end'
        ? {
            ...body,
            status: { success: true, completedAt: 1_790_000_000_000 },
            additions: {
              successUrl: '/#profile',
              userName: 'bjensen',
              ...(isObject(body['additions']) ? body['additions'] : {}),
            },
          }
        : body,
    ),
  },
} satisfies Variants;

/**
 * Tokens that stand for what the server keeps, each until another is given for it.
 * Source: self-service-flow, `storage` and the token of type uuid; each request sends the latest
 */
function lookedUp(): Hooks {
  const stored = new Map<string, string>();
  const sent = new WeakMap<Call, string>();
  return {
    call: (call) => {
      const token = /"token"\s*:\s*"([0-9A-Za-z]{16})"/.exec(call.body.toString())?.[1] ?? '';
      const whole = stored.get(token);
      if (whole === undefined) return call;
      const known = { ...call, body: Buffer.from(call.body.toString().replace(token, whole)) };
      sent.set(known, token);
      return known;
    },
    answer: (answer, call) => {
      if (answer.status < 400) stored.delete(sent.get(call) ?? '');
      return withBody(answer, (body) => {
        if (!isObject(body) || typeof body['token'] !== 'string') return body;
        const token = randomBytes(8).toString('hex');
        stored.set(token, body['token']);
        return { ...body, token };
      });
    },
  };
}
