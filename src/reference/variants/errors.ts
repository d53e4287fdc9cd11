import type { Answer, Call } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { isObject, withBody, type Members } from './values.ts';

const idm = (body: unknown): body is Members => isObject(body) && typeof body['code'] === 'number' && 'reason' in body;
const one = (body: unknown): body is Members => isObject(body) && typeof body['code'] === 'string' && 'id' in body;

/** Hooks that change the error envelopes of both products. */
function errors(change: { idm?: (body: Members) => Members; one?: (body: Members) => Members }): () => Hooks {
  return steady({
    answer: (answer) =>
      withBody(answer, (body) => {
        if (answer.status < 400) return body;
        if (idm(body)) return change.idm?.(body) ?? body;
        return one(body) ? (change.one?.(body) ?? body) : body;
      }),
  });
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable',
};

/** Hooks that refuse with other statuses; PingIDM's code follows the status. */
const statuses = (other: (status: number, answer: Answer, call: Call) => number): (() => Hooks) =>
  steady({
    answer: (answer, call) => {
      // RFC 6749 gives the statuses of the token endpoint.
      if (answer.status < 400 || call.path.endsWith('/as/token')) return answer;
      const status = other(answer.status, answer, call);
      if (status === answer.status) return answer;
      return withBody({ ...answer, status }, (body) =>
        idm(body) ? { ...body, code: status, reason: REASONS[status] ?? 'Refused' } : body,
      );
    },
  });

/** Whether an error is about what was sent: a detail says so, or the code does. */
const isAbout = (answer: Answer, code: string): boolean => JSON.stringify(answer.body ?? '').includes(`"${code}"`);

/** What no page says of refusals: their words, their details, and most of their statuses. */
export const ERROR_VARIANTS = {
  'errors-in-other-words': {
    says: 'Errors are told in other words, and in another language.',
    hooks: errors({
      idm: (body) => ({ ...body, reason: 'Refusé', message: '' }),
      one: (body) => ({ ...body, message: 'Опишите иначе', code: 'OTHER_CODE' }),
    }),
  },
  'errors-in-detail': {
    says: 'Errors carry an object of details, a cause, a target, and inner errors.',
    hooks: errors({
      idm: (body) => ({
        ...body,
        detail: { failedPolicyRequirements: [{ property: 'x', policyRequirements: [] }], result: false },
        cause: { message: 'deep down', code: -1 },
      }),
      one: (body) => ({
        ...body,
        target: 'request',
        details: [
          {
            code: 'EXTRA_DETAIL',
            message: 'More',
            target: 'attributes[0].name',
            innerError: { allowedPattern: '^$', rangeMaximumValue: 2147483647, quotaResetTime: null, other: {} },
          },
        ],
      }),
    }),
  },
  'errors-in-short': {
    says: 'Errors carry no details, or a text in their place.',
    hooks: errors({
      idm: (body) => ({ ...body, detail: 'as the message says' }),
      one: ({ details: _, ...body }) => body,
    }),
  },
  'errors-bad-input-as-422': {
    says: 'Bad input is refused with 422, where no page prints 400.',
    hooks: statuses((status, answer) =>
      status === 400 && !/Answers are not matched|If-None-Match/.test(JSON.stringify(answer.body)) ? 422 : status,
    ),
  },
  'errors-conflicts-as-409': {
    says: 'What is taken, or must stay, is refused with 409.',
    hooks: statuses((status, answer) =>
      isAbout(answer, 'UNIQUENESS_VIOLATION') || isAbout(answer, 'CONSTRAINT_VIOLATION') ? 409 : status,
    ),
  },
  'errors-unknown-as-403': {
    says: 'What does not exist is refused as what is not allowed.',
    hooks: statuses((status) => (status === 404 ? 403 : status)),
  },
  'errors-unknown-as-400': {
    says: 'Identifiers that nothing has are refused as bad input.',
    hooks: statuses((status) => (status === 404 ? 400 : status)),
  },
  'errors-unknown-as-410': {
    says: 'What does not exist is said to be gone.',
    hooks: statuses((status) => (status === 404 ? 410 : status)),
  },
  'errors-forbidden-as-404': {
    says: 'What is not allowed is said not to exist, where no page prints 403.',
    hooks: statuses((status, _, { method, path }) =>
      status === 403 && !(/^P(UT|ATCH)$/.test(method) && path.includes('/managed/user/')) ? 404 : status,
    ),
  },
  'errors-credentials-as-403': {
    says: 'PingIDM refuses credentials with 403.',
    hooks: statuses((status, answer) => (status === 401 && idm(answer.body) ? 403 : status)),
  },
} satisfies Variants;
