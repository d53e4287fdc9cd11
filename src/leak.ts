import { isObject, type Json } from './json.ts';
import { exactly } from './names.ts';
import { parseJson } from './transport.ts';

/**
 * Whether a password stands in a body. One that is a word is also part of names and of other words: it counts only where it
 * is all of a value.
 */
export function standsIn(password: string, body: string): boolean {
  if (!new RegExp(`(?<![A-Za-z0-9])${exactly(password)}(?![A-Za-z0-9])`).test(body)) return false;
  if (!/^\p{L}+$/u.test(password)) return true;
  const parsed = parseJson(Buffer.from(body));
  return !('json' in parsed) || isLeaf(password, parsed.json);
}

function isLeaf(text: string, value: Json): boolean {
  if (Array.isArray(value)) return value.some((one) => isLeaf(text, one));
  if (isObject(value)) return Object.values(value).some((one) => isLeaf(text, one));
  return value === text;
}
