import { isObject, type Json } from './json.ts';
import { parseJson } from './transport.ts';

export const SECRET_HEADERS = /^(authorization|proxy-authorization|cookie|set-cookie|.*password|.*-jwt)$/i;
export const SECRET_MEMBERS = /^(.*password|passwd|.*secret|.*token|.*jwt|answer\d*|assertion)$/i;
/** Parameters of URLs and forms, which may stand anywhere in a text: `code` is what a client is authorised with (RFC 6749, 4.1.2). */
export const SECRET_PARAMETERS =
  /((?<![\w.-])(?:[\w-]*(?:password|secret|token|jwt)|passwd|assertion|answer\d*|code|code_verifier)=)[^&\s"'<>\\;#]+/gi;

/** What is looked at: a request or an answer. */
export interface Message {
  path?: string;
  headers: [string, string][];
  body?: Buffer | undefined;
}

/** Every value of a message that its name tells to be secret: of a header, a cookie, a member of JSON, a parameter. */
export function secretsIn({ path = '', headers, body = Buffer.alloc(0) }: Message): string[] {
  const parsed = parseJson(body);
  return [
    ...headers.flatMap(([name, value]) => (SECRET_HEADERS.test(name) ? inHeader(name, value) : inText(value))),
    ...inText(path),
    ...('json' in parsed ? inJson(parsed.json) : [...inText(body.toString()), ...inBrokenJson(body.toString())]),
  ];
}

/** Members of what began as JSON and was cut short, or is no JSON after all. */
function inBrokenJson(text: string): string[] {
  return [...text.matchAll(/"([^"\\]{1,100})"\s*:\s*"((?:[^"\\]|\\.)*)/g)].flatMap(([, name = '', value = '']) =>
    SECRET_MEMBERS.test(name) || (name === 'code' && isGiven(value)) ? [value] : [],
  );
}

function inHeader(name: string, value: string): string[] {
  if (/cookie$/i.test(name)) {
    const pairs = name.length > 'cookie'.length ? [value.split(';')[0] ?? ''] : value.split(';');
    return pairs.map((pair) => pair.replace(/^[^=]*=/, '').trim());
  }
  const [, scheme = '', credentials = value] = /^(\w+) (.+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return [credentials];
  const secret = Buffer.from(credentials, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return [credentials, secret, ...plain(secret)];
}

function inJson(value: Json): string[] {
  if (typeof value === 'string') return inText(value);
  if (Array.isArray(value)) return value.flatMap(inJson);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'string' && (SECRET_MEMBERS.test(name) || (name === 'code' && isGiven(one))) ? [one] : inJson(one),
  );
}

/** Codes of errors are numbers or words; one that was given to a client has both letters and digits. */
function isGiven(code: string): boolean {
  return /[a-z]/.test(code) && /\d/.test(code);
}

function inText(text: string): string[] {
  if (!text.includes('=')) return [];
  return [...text.matchAll(SECRET_PARAMETERS)].flatMap(([pair, name = '']) => {
    const value = pair.slice(name.length);
    return [value, ...plain(value)];
  });
}

/** A value without its URL encoding, where it has one. */
function plain(value: string): string[] {
  try {
    return [decodeURIComponent(value.replaceAll('+', ' '))];
  } catch {
    return [];
  }
}
