import { bodyText, type Evidence } from './evidence.ts';
import { wholeAnswerOf } from './expression.ts';
import { withValue, type Json } from './json.ts';
import { beginsUrl, filledParts, type Placeholder } from './names.ts';
import { encoded, segment } from './percent.ts';
import { Live, printedText, type PrintedText, type Template } from './printed.ts';
import type { Erratum, PrintedRequest } from './sequence.ts';
import { line, lines, ours, type Shown } from './shown.ts';
import { filled, type Known } from './template.ts';
import type { Sent } from './transport.ts';

/** What a request is made of, before names are filled in. A live part is sent as it stands. */
export interface Draft extends Omit<PrintedRequest, 'url' | 'headers' | 'body'> {
  url: PrintedText | Live<string>;
  headers: Record<string, PrintedText | Live<string>>;
  body?: Template | undefined;
  /** Live values of `{parameters}` in the URL, each a segment of the path. */
  parameters?: Record<string, string>;
}

/** What a request is made of where all of it is printed. */
export type PrintedDraft = PrintedRequest & { headers: Record<string, PrintedText> };

/** The printed request with its errata: every departure of what is sent is one of them. */
export function draftOf(printed: PrintedRequest, errata: Erratum[] = []): PrintedDraft {
  const draft = { ...printed, headers: { ...printed.headers } };
  for (const { part, printed: was, sent } of errata) {
    const header = /^header (.+)$/.exec(part)?.[1];
    const text = typeof sent === 'string' ? sent : printedText('');
    if (part === 'method') draft.method = text;
    else if (part === 'path' && typeof was === 'string') draft.url = printedText(draft.url.replace(was, () => text));
    else if (part === 'body' && sent !== undefined) draft.body = sent;
    else if (header !== undefined) setHeader(draft.headers, header, sent === undefined ? null : text);
  }
  return draft;
}

/** Sets a header, whatever the case of the one that is there; null removes it. */
export function setHeader<T>(headers: Record<string, T>, name: string, value: T | null): void {
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

/** Whether the body of a request is a form. */
export function isForm({ headers }: Draft): boolean {
  return Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && !(value instanceof Live) && value.startsWith(FORM),
  );
}

/** What was filled in, and what has no value yet. */
interface Filled<T> {
  value: T;
  missing: string[];
}

/**
 * Fills names and expressions in and encodes the body by its Content-Type. What an earlier step was answered, sent again
 * whole, is sent in the bytes in which it came: numbers keep digits that JavaScript would lose.
 * `base64(a:b)` in a header stands for the Base64 of what is inside (RFC 7617, 2); where the body is a form, each part is
 * form-encoded first (RFC 6749, 2.3.1). After `UTF-8''` names are percent-encoded (RFC 5987, 3.2).
 */
export function build(draft: Draft, known: Known, cookies: string | undefined): Built {
  const url = filledUrl(draft, known);
  const [, origin = '', path = '/'] = /^(https?:\/\/[^/?#]+)(.*)$/s.exec(url.value) ?? [];
  const form = isForm(draft);
  const filledHeaders = Object.entries(draft.headers).map(([name, value]) => ({
    name,
    ...filledHeader(name, value, form, known),
  }));
  const headers = filledHeaders.map(({ name, value }): [string, string] => [name, value]);
  if (cookies) headers.push(['Cookie', cookies]);
  if (!headers.some(([name]) => name.toLowerCase() === 'accept')) headers.push(['Accept', 'application/json']);
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const body = filledBody(draft, type, known);
  const missing = [url, ...filledHeaders, body].flatMap((one) => one.missing);
  return {
    sent: { method: draft.method, origin, path: path === '' ? '/' : path, headers, body: body.value.bytes },
    body: body.value.json,
    missing: [...new Set(missing)],
  };
}

/** Segments that a server takes for another place (RFC 3986, 5.2.4): no id is sent that is one of these. */
export const NO_ID = ['', '.', '..'];

/** A name in a path is one segment of it, unless it stands for an address or is printed as several; in a query it is a value. */
function filledUrl({ url, parameters = {} }: Draft, { names, scope }: Known): Filled<string> {
  if (url instanceof Live) return { value: url.value, missing: [] };
  const missing: string[] = [];
  const checked = (name: string, value: string): string => {
    if (NO_ID.includes(value)) missing.push(name);
    return segment(value);
  };
  const inPath = (value: string, one: Placeholder): string =>
    beginsUrl(one) || one.name.startsWith('address.') || one.literal.includes('/')
      ? legal(value)
      : checked(one.name, value);
  const [route = '', ...query] = url.split(/(?=\?)/);
  const parts = names.parts(printedText(route)).flatMap((part) => {
    if (typeof part !== 'string') return [part];
    return part.split(/(\{\w+\})/).map((text) => {
      const value = Object.entries(parameters).find(([name]) => text === `{${name}}`);
      return new Live(value ? checked(...value) : legal(text));
    });
  });
  const all = [
    filledParts(parts, scope, inPath),
    ...query.map((text) => filledParts(names.parts(printedText(text)), scope, encoded)),
  ];
  return {
    value: all.map(({ text }) => text).join(''),
    missing: [...missing, ...all.flatMap((one) => one.missing)],
  };
}

/** A printed header is taken apart before names are filled in: a value may hold a colon or a bracket. */
function filledHeader(
  name: string,
  printed: PrintedText | Live<string>,
  form: boolean,
  { names, scope }: Known,
): Filled<string> {
  if (printed instanceof Live) return { value: printed.value, missing: [] };
  const missing: string[] = [];
  const fill = (text: string, put?: (value: string) => string): string => {
    const one = filledParts(names.parts(printedText(text), name), scope, put);
    missing.push(...one.missing);
    return one.text;
  };
  const value = printed
    .split(/(base64\([^:)]*:[^)]*\))/)
    .map((part) => {
      const [, user, secret] = /^base64\((.*?):(.*)\)$/s.exec(part) ?? [];
      if (user === undefined || secret === undefined)
        return part.startsWith("UTF-8''") ? fill(part, encoded) : fill(part);
      const parts = [user, secret].map((one) => (form ? encoded(fill(one)) : fill(one)));
      return Buffer.from(parts.join(':')).toString('base64');
    })
    .join('');
  return { value, missing };
}

function filledBody(draft: Draft, type: string, known: Known): Filled<{ json?: Json; bytes?: Buffer }> {
  if (draft.raw !== undefined) return { value: { bytes: Buffer.from(draft.raw) }, missing: [] };
  if (draft.body === undefined) return { value: {}, missing: [] };
  const base = filled(draft.body, known);
  const set = Object.entries(draft.set ?? {}).map(([pointer, one]) => ({ pointer, ...filled(one, known) }));
  const json = set.reduce<Json>((value, one) => withValue(value, one.pointer, one.value) ?? null, base.value);
  const missing = [base, ...set].flatMap((one) => one.missing);
  const answered = set.length === 0 ? wholeAnswerOf(draft.body) : undefined;
  const asItCame = answered === undefined ? undefined : known.recorded.get(answered)?.response.text;
  const bytes = asItCame === undefined ? bytesOf(json, type) : Buffer.from(asItCame);
  return { value: { json, bytes }, missing };
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
