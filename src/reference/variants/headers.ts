import { createHash } from 'node:crypto';
import type { Answer, RawHeaders } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { isObject, withHeaders } from './values.ts';

const CHATTY: RawHeaders = [
  ['Server', 'Apache/2.4.62 (Unix)'],
  ['Via', '1.1 cache-a.example, 1.1 edge.example:8443 (Proxy/9.1)'],
  ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox"],
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Expose-Headers', 'Content-Length, WWW-Authenticate'],
  ['Content-Language', 'en, fr'],
  ['Content-API-Version', 'resource=1.0'],
  ['Accept-Ranges', 'none'],
  ['Age', '0'],
  ['Expires', '0'],
  ['Alt-Svc', 'h3=":443"; ma=86400'],
  ['Link', '<https://docs.example/terms>; rel="terms-of-service"'],
  ['Server-Timing', 'cache;desc="miss", db;dur=4.2'],
  ['X-Frame-Options', 'DENY'],
  ['X-Empty', ''],
  ['X-Long', 'x'.repeat(4000)],
];

const DOUBLED: RawHeaders = [
  ['Cache-Control', 'no-cache'],
  ['Cache-Control', 'no-store, must-revalidate'],
  ['Vary', 'Origin'],
  ['Vary', 'Accept'],
  ['X-Request-Id', 'a'],
  ['X-Request-Id', 'b'],
];

const more = (headers: RawHeaders): (() => Hooks) =>
  steady({ send: (out) => ({ ...out, headers: [...headers, ...out.headers] }) });

/** The href of the body's own link, where it has one. */
function selfLink({ body }: Answer): string | undefined {
  const links = isObject(body) ? body['_links'] : undefined;
  const self = isObject(links) ? links['self'] : undefined;
  return isObject(self) && typeof self['href'] === 'string' ? self['href'] : undefined;
}

function located(answer: Answer): Answer {
  if (answer.body === undefined || answer.status >= 300) return answer;
  const tag = createHash('sha256').update(JSON.stringify(answer.body)).digest('hex');
  const location = answer.status === 201 ? selfLink(answer) : undefined;
  return withHeaders(answer, {
    ETag: `W/"${tag}"`,
    'Last-Modified': 'Sat, 21 Nov 2026 10:00:00 GMT',
    ...(location === undefined ? {} : { Location: location }),
  });
}

/** Says that the server is busy to some calls, without carrying them out. */
function busy(status: 429 | 503, retryAfter: () => string, when: (count: number) => boolean): () => Hooks {
  return () => {
    let count = 0;
    return {
      instead: ({ path }) => {
        count += 1;
        if (!when(count)) return undefined;
        const idm = { code: status, reason: 'Busy', message: 'Come back later' };
        const one = { id: `busy-${count}`, code: 'REQUEST_LIMITED', message: 'Come back later' };
        const body = path.includes('/openidm/') ? idm : one;
        return { status, headers: { 'Retry-After': retryAfter() }, body };
      },
    };
  };
}

const SENT_AGAIN = 'a client that sends again gets the answer that it would have got';

/** What HTTP leaves to a server about headers, and about when it answers. */
export const HEADER_VARIANTS = {
  'headers-chatty': {
    says: 'Answers carry many headers that nobody asked for, those without a body too.',
    hooks: more(CHATTY),
  },
  'headers-repeated': {
    says: 'Headers that are lists come in several lines.',
    hooks: more(DOUBLED),
  },
  'no-content-with-media-type': {
    says: 'An answer without a body carries a media type all the same.',
    hooks: steady({
      send: (out) =>
        out.body === undefined ? { ...out, headers: [...out.headers, ['Content-Type', 'text/html']] } : out,
    }),
  },
  'etag-and-location': {
    says: 'Answers carry validators, and what is created carries its location.',
    hooks: steady({ answer: located }),
  },
  'cookies-of-a-balancer': {
    says: 'A load balancer adds cookies of its own to every answer, before and after any other.',
    hooks: steady({
      send: (out) => ({
        ...out,
        headers: [
          ['Set-Cookie', 'LB=node-7; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; SameSite=None; Secure; HttpOnly'],
          ...out.headers,
          ['Set-Cookie', 'sticky="a:b"; Domain=example.com'],
        ],
      }),
    }),
  },
  'too-many-requests-now-and-then': {
    says: 'Every seventh request is turned away with 429, to be sent again at once.',
    unseen: SENT_AGAIN,
    hooks: busy(
      429,
      () => '0',
      (count) => count % 7 === 0,
    ),
  },
  'too-many-requests-for-a-second': {
    says: 'One request is turned away with 429, to be sent again in a second.',
    unseen: SENT_AGAIN,
    hooks: busy(
      429,
      () => '1',
      (count) => count === 12,
    ),
  },
  'unavailable-now-and-then': {
    says: 'Every ninth request is turned away with 503, to be sent again from a certain time on.',
    unseen: SENT_AGAIN,
    hooks: busy(
      503,
      () => new Date().toUTCString(),
      (count) => count % 9 === 0,
    ),
  },
} satisfies Variants;
