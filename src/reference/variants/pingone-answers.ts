import { createHash } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { eachObject, isObject, withBody, withClaims, withHeaders, type Members } from './values.ts';

const isPolicy = (members: Members): boolean =>
  isObject(members['_links']) && 'default' in members && !('userCount' in members);
const isAction = (members: Members): boolean => isObject(members['_links']) && 'signOnPolicy' in members;
const isList = (members: Members): boolean => '_embedded' in members;
const isToken = (members: Members): boolean => 'access_token' in members;

/** Hooks that change resources of a kind, wherever they are shown. */
const each = (kind: (members: Members) => boolean, change: (members: Members) => Members): (() => Hooks) =>
  steady({
    answer: (answer) =>
      withBody(answer, (body) => eachObject(body, (members) => (kind(members) ? change(members) : members))),
  });

const LOGIN_DEFAULTS = {
  enforceLockoutForIdentityProviders: false,
  recovery: { enabled: true },
  registration: { enabled: false, confirmIdentityProviderAttributes: false },
  socialProviders: [],
};

const LOGIN_NULLS = {
  condition: null,
  enforceLockoutForIdentityProviders: null,
  recovery: null,
  registration: null,
  socialProviders: null,
  newUserProvisioning: null,
};

const isLogin = (members: Members): boolean => isAction(members) && members['type'] === 'LOGIN';

/** Tokens shown to clients, with what stands before and after; what they are to the server is in between. */
const wrappedTokens = (before: string, after: string): (() => Hooks) =>
  steady({
    call: (call) => {
      const [, scheme = '', token = ''] = /^(bearer +)(.*)$/i.exec(call.headers.authorization ?? '') ?? [];
      const inner = token.startsWith(before) && token.endsWith(after);
      if (token === '') return call;
      const known = inner ? token.slice(before.length, token.length - after.length) : 'unknown';
      return { ...call, headers: { ...call.headers, authorization: scheme + known } };
    },
    answer: (answer) =>
      hashedAnew(
        withBody(answer, (body) =>
          isObject(body) && isToken(body)
            ? { ...body, access_token: before + String(body['access_token']) + after }
            : body,
        ),
      ),
  });

/** An answer whose ID token goes with the access token as it is shown (OpenID Connect Core, 3.1.3.6). */
const hashedAnew = (answer: Answer): Answer =>
  withClaims(answer, (claims, accessToken) => ({
    ...claims,
    at_hash: createHash('sha256').update(String(accessToken)).digest().subarray(0, 16).toString('base64url'),
  }));

/** Whether something was deleted, and no page says with which status: of populations one does (204). */
const isDeleted = ({ status }: Answer, { method, path }: Call): boolean =>
  method === 'DELETE' && status === 204 && !/\/populations\/[^/]+$/.test(path);

function deleted(answer: Answer, call: Call): Answer {
  return isDeleted(answer, call) ? { ...answer, status: 200, body: { message: 'Deleted', deleted: true } } : answer;
}

/** What the pages of PingOne, HAL and OAuth leave open about the form of answers. */
export const PINGONE_ANSWER_VARIANTS = {
  'one-hal-media-type': {
    says: 'Resources and errors are sent as application/hal+json.',
    hooks: steady({
      answer: (answer, { path }) =>
        path.startsWith('/v1/') && answer.body !== undefined
          ? withHeaders(answer, { 'Content-Type': 'application/hal+json;charset=UTF-8' })
          : answer,
    }),
  },
  'one-default-as-string': {
    says: 'Whether a policy is the default is told in quotes, as the page prints it.',
    hooks: each(isPolicy, (policy) => ({ ...policy, default: String(policy['default']) })),
  },
  'one-times-shown': {
    says: 'Policies and actions tell when they were created and changed.',
    hooks: each(
      (members) => isPolicy(members) || isAction(members),
      (one) => ({ ...one, createdAt: '2026-11-22T19:20:21.123Z', updatedAt: '2026-11-22T19:20:21Z' }),
    ),
  },
  'one-times-null': {
    says: 'Policies have null for a time of change as long as nothing was changed.',
    hooks: each(isPolicy, (one) => ({ ...one, updatedAt: null })),
  },
  'one-login-without-hidden': {
    says: 'Actions of type LOGIN do not tell whether they are hidden.',
    hooks: each(isLogin, ({ hidden: _, ...action }) => action),
  },
  'one-login-with-defaults': {
    says: 'A LOGIN action shows the defaults of what was not sent.',
    hooks: each(isLogin, (action) => ({ ...LOGIN_DEFAULTS, ...action })),
  },
  'one-members-null': {
    says: 'What was not sent is shown as null.',
    hooks: each(isAction, (action) => ({ ...(isLogin(action) ? LOGIN_NULLS : { condition: null }), ...action })),
  },
  'one-counts-absent': {
    says: 'Lists do not tell how many items they have.',
    hooks: each(isList, ({ count: _, size: __, ...list }) => list),
  },
  'one-deletes-answer-with-body': {
    says: 'What is deleted is confirmed with 200 and a body.',
    hooks: steady({ answer: deleted }),
  },
  'one-deletes-accepted': {
    says: 'What is deleted is confirmed with 202.',
    hooks: steady({
      answer: (answer, call) => (isDeleted(answer, call) ? { ...answer, status: 202 } : answer),
    }),
  },
  'one-token-type-in-lower-case': {
    says: 'The token type is written in lower case.',
    hooks: each(isToken, (token) => ({ ...token, token_type: 'bearer' })),
  },
  'one-token-lives-otherwise': {
    says: 'Tokens live for another time, and say for what they are.',
    hooks: each(isToken, (token) => ({ scope: 'p1:create:env:signOnPolicy openid', ...token, expires_in: 299 })),
  },
  'one-tokens-long': {
    says: 'Access tokens are thousands of characters long.',
    hooks: wrappedTokens(`${'eyJ0'.repeat(1500)}.`, '.sig'),
  },
  'one-tokens-opaque': {
    says: 'Access tokens have every character that a bearer token may have.',
    hooks: wrappedTokens('-._~+/', '=='),
  },
} satisfies Variants;
