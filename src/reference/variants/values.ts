import type { Answer, RawHeaders } from '../http.ts';

/** A JSON object. */
export type Members = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value with every object in it changed, innermost first; each with the name of the member that it is, or is listed in. */
export function eachObject(value: unknown, change: (members: Members, name: string) => Members, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => eachObject(one, change, name));
  if (!isObject(value)) return value;
  return change(
    Object.fromEntries(Object.entries(value).map(([key, one]) => [key, eachObject(one, change, key)])),
    name,
  );
}

/** The value with every string in it changed, names of members apart. */
export function eachString(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => eachString(one, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, eachString(one, change)]));
}

/** An answer with another body where it has a JSON one. */
export function withBody(answer: Answer, change: (body: unknown) => unknown): Answer {
  return answer.body === undefined || Buffer.isBuffer(answer.body)
    ? answer
    : // What undefined members stand for is decided here, so that changes see only what would be sent.
      { ...answer, body: change(JSON.parse(JSON.stringify(answer.body))) };
}

/** An answer with more headers. */
export function withHeaders(answer: Answer, headers: Record<string, string | string[]>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** Header fields of one name changed. */
export function eachHeader(headers: RawHeaders, name: string, change: (value: string) => string): RawHeaders {
  return headers.map(([one, value]) => [one, one.toLowerCase() === name ? change(value) : value]);
}

/**
 * An answer with other claims in the ID token that it gives; the signature is an invented one before and after.
 * @param change the claims anew, from the old ones and the access token that is given beside them
 */
export function withClaims(answer: Answer, change: (claims: Members, accessToken: unknown) => unknown): Answer {
  return withBody(answer, (body) => {
    if (!isObject(body) || typeof body['id_token'] !== 'string') return body;
    const [header, claims = '', signature] = body['id_token'].split('.');
    const changed = change(JSON.parse(Buffer.from(claims, 'base64url').toString()) as Members, body['access_token']);
    const payload = Buffer.from(JSON.stringify(changed)).toString('base64url');
    return { ...body, id_token: [header, payload, signature].join('.') };
  });
}
