import { bodyText, type Evidence } from './evidence.ts';
import { resolve, type Recorded } from './expression.ts';
import { mapStrings, withValue, type Json } from './json.ts';
import type { Names, Scope } from './names.ts';
import { encoded } from './percent.ts';
import type { Erratum, PrintedRequest } from './sequence.ts';
import { line, lines, ours, type Shown } from './shown.ts';
import type { Sent } from './transport.ts';

/** What a request is made of, before names are filled in. */
export interface Draft extends PrintedRequest {
  headers: Record<string, string>;
}

/** The printed request with its errata: every departure of what is sent is one of them. */
export function draftOf(printed: PrintedRequest, errata: Erratum[] = []): Draft {
  const draft: Draft = { ...printed, headers: { ...printed.headers } };
  for (const { part, printed: was, sent } of errata) {
    const header = /^header (.+)$/.exec(part)?.[1];
    const text = typeof sent === 'string' ? sent : '';
    if (part === 'method') draft.method = text;
    else if (part === 'path' && typeof was === 'string') draft.url = draft.url.replace(was, () => text);
    else if (part === 'body') draft.body = sent as Json;
    else if (header !== undefined) setHeader(draft.headers, header, sent === undefined ? null : text);
  }
  return draft;
}

/** Sets a header, whatever the case of the one that is there; null removes it. */
export function setHeader(headers: Record<string, string>, name: string, value: string | null): void {
  for (const one of Object.keys(headers)) if (one.toLowerCase() === name.toLowerCase()) delete headers[one];
  if (value !== null) headers[name] = value;
}

const FORM = 'application/x-www-form-urlencoded';

/** A request ready to be sent, or the names and expressions that have no value yet. */
export interface Built {
  sent: Sent;
  /** The body as JSON, or the members of a form, with names filled in. */
  body?: Json | undefined;
  missing: string[];
}

/**
 * Fills names and expressions in and encodes the body by its Content-Type.
 * `base64(a:b)` in a header stands for the Base64 of what is inside (RFC 7617, 2); where the body is a form, each part is
 * form-encoded first (RFC 6749, 2.3.1). After `UTF-8''` names are percent-encoded (RFC 5987, 3.2).
 */
export function build(
  draft: Draft,
  names: Names,
  scope: Scope,
  recorded: ReadonlyMap<string, Recorded>,
  cookies: string | undefined,
): Built {
  const missing: string[] = [];
  const fill = (text: string, header?: string): string => {
    const filled = names.fill(text, scope, header);
    missing.push(...filled.missing);
    return filled.text;
  };
  const [route = '', ...query] = draft.url.split(/(?=\?)/);
  // What a name stands for is a value of the query, not a part of its syntax.
  const percent: Scope = new Map([...scope].map(([name, one]) => [name, { ...one, value: encoded(one.value) }]));
  const url = legal(fill(route)) + query.map((text) => names.fill(text, percent).text).join('');
  missing.push(...query.flatMap((text) => names.fill(text, scope).missing));
  const [, origin = '', path = '/'] = /^(https?:\/\/[^/?#]+)(.*)$/s.exec(url) ?? [];
  const isForm = Object.entries(draft.headers).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && value.startsWith(FORM),
  );
  const inHeader = (value: string, name: string): string => {
    const [, prefix, text] = /^(UTF-8'')(.*)$/s.exec(value) ?? [];
    if (prefix === undefined || text === undefined) return fill(value, name);
    missing.push(...names.fill(text, scope, name).missing);
    return prefix + names.fill(text, percent, name).text;
  };
  const headers = Object.entries(draft.headers).map(([name, value]): [string, string] => [
    name,
    // Taken apart before names are filled in: a value may hold a colon or a bracket.
    value
      .split(/(base64\([^:)]*:[^)]*\))/)
      .map((part) => {
        const [, user, secret] = /^base64\((.*?):(.*)\)$/s.exec(part) ?? [];
        if (user === undefined || secret === undefined) return inHeader(part, name);
        const filled = [user, secret].map((one) => fill(one, name));
        const parts = isForm ? filled.map(encoded) : filled;
        return Buffer.from(parts.join(':')).toString('base64');
      })
      .join(''),
  ]);
  if (cookies) headers.push(['Cookie', cookies]);
  if (!headers.some(([name]) => name.toLowerCase() === 'accept')) headers.push(['Accept', 'application/json']);
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  let body: Json | undefined;
  let bytes: Buffer | undefined;
  if (draft.raw !== undefined) bytes = Buffer.from(draft.raw);
  else if (draft.body !== undefined) {
    const resolved = resolve(draft.body, recorded);
    missing.push(...resolved.missing);
    const whole = Object.entries(draft.set ?? {}).reduce<Json>(
      (value, [pointer, one]) => withValue(value, pointer, one) ?? null,
      resolved.value,
    );
    body = mapStrings(whole, (text) => fill(text));
    bytes = bytesOf(body, type);
  }
  return {
    sent: { method: draft.method, origin, path: path === '' ? '/' : path, headers, body: bytes },
    body,
    missing: [...new Set(missing)],
  };
}

/** A body as its Content-Type has it: a form, or JSON. */
function bytesOf(body: Json, type: string): Buffer {
  const form = type.startsWith(FORM);
  return Buffer.from(form ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body));
}

/** The same request with another body: what it holds is sent as it is. */
export function withBody(built: Built, body: Json): Built {
  const type = built.sent.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return { ...built, body, sent: { ...built.sent, body: bytesOf(body, type) } };
}

/** Path and query of a link, on the address that it is followed on; undefined where it is no URL. */
export function pathOf(link: string, address: string): string | undefined {
  if (!URL.canParse(link, address)) return undefined;
  const { pathname, search } = new URL(link, address);
  return pathname + search;
}

/** A path in which what no URL may hold (RFC 3986, 2) is percent-encoded: an id may have blanks and any letters. */
function legal(path: string): string {
  return path.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encoded);
}

/** A curl command that repeats a request whose secrets are masked already. */
export function curl(request: Evidence['request']): Shown {
  const quote = (text: Shown): Shown => line`'${text.replaceAll("'", "'\\''") as Shown}'`;
  const body = bodyText(request);
  const parts = [line`curl -i -X ${ours(request.method)} ${quote(request.url)}`];
  for (const header of request.headers) parts.push(line`-H ${quote(header)}`);
  if (body !== undefined) parts.push(line`--data-binary ${quote(body)}`);
  return lines(parts, ' \\\n  ');
}
