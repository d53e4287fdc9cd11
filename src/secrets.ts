import { isObject, type Json } from './json.ts';
import { decodeOnce, type Layer } from './layers.ts';
import { parseJson } from './transport.ts';

/** What names say secret end with, in headers, members and parameters alike. */
const ENDINGS =
  'pass(?:word|wd|phrase|code)|secret|token(?:[_-]?id)?|jwt|otp|api[_-]?key|access[_-]?key|private[_-]?key';
/** Names of credentials that end otherwise. */
const WHOLE = 'passwd|assertion|answer\\d*';

const SECRET_HEADERS = new RegExp(
  `^(?:authorization|proxy-authorization|cookie|set-cookie2?|authentication-info|.*(?:${ENDINGS}))$`,
  'i',
);
const SECRET_MEMBERS = new RegExp(`^(?:.*(?:${ENDINGS})|${WHOLE})$`, 'i');
/** Parameters of URLs and forms, which may stand anywhere in a text: `code` is what a client is authorised with (RFC 6749, 4.1.2). */
const SECRET_PARAMETERS = new RegExp(
  `((?<![\\w.-])(?:[\\w-]*(?:${ENDINGS})|${WHOLE}|code|code_verifier)=)([^&\\s"'<>\\\\;#]+)`,
  'gi',
);
/** Members of JSON that stands in a text, or was cut short. */
const MEMBERS = /"([^"\\]{1,100})"\s*:\s*(?:"((?:[^"\\]|\\.)*)|(-?\d[\d.eE+-]*))/g;

/** What is looked at: a request or an answer. */
export interface Message {
  path?: string;
  headers: [string, string][];
  body?: Buffer | undefined;
}

export function isSecretHeader(name: string): boolean {
  return SECRET_HEADERS.test(name);
}

/** Whether a member's name says that its value is secret. */
export function isSecretMember(name: string): boolean {
  return SECRET_MEMBERS.test(name);
}

/** Whether the members of a member are named by what they are about: by a schema's properties, or by relations of links (HAL). */
export function isOfNames(name: string): boolean {
  return name === 'properties' || name === '_links';
}

/** Where a text has values whose names tell that they are secret: of parameters, and of members of JSON. */
export function namedIn(text: string): { start: number; end: number }[] {
  const parameters = text.includes('=') ? [...text.matchAll(SECRET_PARAMETERS)] : [];
  const members = text.includes('":') || text.includes('" :') ? [...text.matchAll(MEMBERS)] : [];
  return [
    ...parameters.map(({ 0: all, 1: name = '', index }) => ({ start: index + name.length, end: index + all.length })),
    ...members.flatMap(({ 0: all, 1: name = '', 2: string, 3: number, index }) => {
      const value = string ?? number ?? '';
      if (!isSecretMember(name) && !(name === 'code' && isGiven(value))) return [];
      return [{ start: index + all.length - value.length, end: index + all.length }];
    }),
  ].filter(({ start, end }) => end > start);
}

/** Every value of a message that its name tells to be secret: of a header, a cookie, a member of JSON, a parameter. */
export function secretsIn({ path = '', headers, body = Buffer.alloc(0) }: Message): string[] {
  const parsed = parseJson(body);
  return [
    ...headers.flatMap(([name, value]) => (isSecretHeader(name) ? inHeader(name, value) : inText(value))),
    ...inText(path),
    ...('json' in parsed ? inJson(parsed.json) : inText(body.toString())),
  ];
}

function inHeader(name: string, value: string): string[] {
  if (/cookie2?$/i.test(name)) return cookiesIn(value, !/^set/i.test(name)).flatMap(written);
  const [, scheme = '', credentials = value] = /^(\w+) (.+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return [credentials];
  const secret = Buffer.from(credentials, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return [credentials, ...written(secret)];
}

/** The values of cookies, without the quotes that they may have (RFC 6265, 4.1.1). */
function cookiesIn(text: string, several: boolean): string[] {
  const pairs = [...text.matchAll(/=\s*("[^"]*"|[^;]*)/g)].map(([, value = '']) => value.trim());
  return (several ? pairs : pairs.slice(0, 1)).flatMap((value) => [value, value.replace(/^"(.*)"$/, '$1')]);
}

/** What is secret in a value of JSON: below a name that says so, each text and number. */
function inJson(value: Json): string[] {
  if (typeof value === 'string') return inText(value);
  if (Array.isArray(value)) return value.flatMap(inJson);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    if (isOfNames(name) && isObject(one)) return Object.values(one).flatMap(inJson);
    if (isSecretMember(name) || (name === 'code' && typeof one === 'string' && isGiven(one))) return scalarsIn(one);
    return inJson(one);
  });
}

function scalarsIn(value: Json): string[] {
  if (typeof value === 'string') return written(value);
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null
    ? Object.values(value as Record<string, Json>).flatMap(scalarsIn)
    : [];
}

/** Codes of errors are numbers or words; one that was given to a client has both letters and digits. */
function isGiven(code: string): boolean {
  return /[a-z]/.test(code) && /\d/.test(code);
}

function inText(text: string): string[] {
  const found: string[] = [];
  let layer: Layer | undefined = { text };
  for (let depth = 0; layer !== undefined && depth < 4; depth++) {
    const { text: read } = layer;
    found.push(...namedIn(read).flatMap(({ start, end }) => written(read.slice(start, end))));
    layer = decodeOnce(layer);
  }
  return found;
}

/** A value as it stands, and without its encoding, where it has one. */
function written(value: string): string[] {
  const plain = decodeOnce({ text: value.replaceAll('+', ' ') })?.text;
  return plain === undefined ? [value] : [value, plain];
}
