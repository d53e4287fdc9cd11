import type { Answer, Call } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { withHeaders } from './values.ts';

const cookiesOf = (answer: Answer): string[] => [answer.headers?.['Set-Cookie'] ?? []].flat();

const cookies = (change: (cookie: string) => string): ((answer: Answer) => Answer) => {
  return (answer) => {
    const all = cookiesOf(answer);
    return all.length === 0 ? answer : withHeaders(answer, { 'Set-Cookie': all.map(change) });
  };
};

const sent = (call: Call, change: (header: string) => string): Call =>
  call.headers.cookie === undefined
    ? call
    : { ...call, headers: { ...call.headers, cookie: change(call.headers.cookie) } };

const answers = (answer: Hooks['answer'] & object): (() => Hooks) => steady({ answer });

/** What cookies (RFC 6265) and the pages leave open about sessions. */
export const SESSION_VARIANTS = {
  'session-cookie-of-another-name': {
    says: 'The session cookie has another name.',
    hooks: steady({
      call: (call) => sent(call, (header) => header.replace('__Host-idm.sid=', 'session-jwt=')),
      answer: cookies((cookie) => cookie.replace('session-jwt=', '__Host-idm.sid=')),
    }),
  },
  'session-cookie-quoted': {
    says: 'The value of the session cookie is quoted.',
    hooks: steady({
      call: (call) => sent(call, (header) => header.replace(/session-jwt="([^"]*)"/, 'session-jwt=$1')),
      answer: cookies((cookie) => cookie.replace(/^session-jwt=([^;]+)/, 'session-jwt="$1"')),
    }),
  },
  'session-cookie-bare': {
    says: 'The session cookie has no attributes.',
    hooks: answers(cookies((cookie) => cookie.split(';', 1)[0] ?? cookie)),
  },
  'session-cookie-with-attributes': {
    says: 'The session cookie has many attributes, written in their own way.',
    hooks: answers(
      cookies(
        (cookie) => `${cookie};max-age=1800;EXPIRES=Wed, 09 Jun 2027 10:18:14 GMT;Secure;SameSite=Strict;Priority=High`,
      ),
    ),
  },
  'session-cookie-in-parts': {
    says: 'The session is in two cookies, and both are needed.',
    hooks: steady({
      call: (call) =>
        sent(call, (header) => {
          const [, first] = /(?:^|; )session-jwt\.0=([^;]*)/.exec(header) ?? [];
          const [, second] = /(?:^|; )session-jwt\.1=([^;]*)/.exec(header) ?? [];
          return first === undefined || second === undefined ? 'none=' : `session-jwt=${first}${second}`;
        }),
      answer: (answer) =>
        withHeaders(answer, {
          'Set-Cookie': cookiesOf(answer).flatMap((cookie) => {
            const [, value = '', rest = ''] = /^session-jwt=([^;]*)(.*)$/.exec(cookie) ?? [];
            return [`session-jwt.0=${value.slice(0, 20)}${rest}`, `session-jwt.1=${value.slice(20)}${rest}`];
          }),
        }),
    }),
  },
} satisfies Variants;
