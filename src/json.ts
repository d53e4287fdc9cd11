import type { Printed } from './printed.ts';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [member: string]: Json;
}

/** Tells an object from an array, null and the scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON type of a value: null, boolean, number, string, array or object. */
export function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Splits a JSON Pointer (RFC 6901) into its unescaped tokens. @throws Error when it does not begin with `/` */
export function tokens(pointer: string): readonly string[] {
  const known = split.get(pointer);
  if (known) return known;
  if (pointer === '') return [];
  if (!pointer.startsWith('/'))
    throw new Error(`'${pointer}' is not a JSON Pointer: it must be empty or begin with '/'`);
  const found = pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (split.size < 10_000) split.set(pointer, found);
  return found;
}

/** Pointers that were split already: judging asks for the same few again and again. */
const split = new Map<string, readonly string[]>();

/** One more token at the end of a pointer, escaped. */
export function child(pointer: string, token: string | number): string {
  const text = String(token);
  return `${pointer}/${/[~/]/.test(text) ? text.replaceAll('~', '~0').replaceAll('/', '~1') : text}`;
}

/** The value a pointer points at, or undefined when there is none. Inherited members are not seen. */
export function at(value: Printed | undefined, pointer: string): Printed | undefined;
export function at(value: Json | undefined, pointer: string): Json | undefined;
export function at(value: Json | undefined, pointer: string): Json | undefined {
  let here: Json | undefined = value;
  for (const token of tokens(pointer)) {
    if (Array.isArray(here)) here = /^(0|[1-9]\d*)$/.test(token) ? here[Number(token)] : undefined;
    else if (isObject(here) && Object.hasOwn(here, token)) here = here[token];
    else return undefined;
  }
  return here;
}

/** A copy with the value at the pointer replaced, added (missing objects are made), or, with undefined, removed. */
export function withValue(value: Json | undefined, pointer: string, replacement: Json | undefined): Json | undefined {
  const [token, ...rest] = tokens(pointer);
  if (token === undefined) return replacement;
  if (replacement === undefined && at(value, pointer) === undefined) return value;
  const deeper = rest.length === 0 ? '' : rest.reduce((path, one) => child(path, one), '');
  if (Array.isArray(value)) {
    const copy = [...value];
    const index = token === '-' ? copy.length : Number(token);
    const next = withValue(copy[index], deeper, replacement);
    if (next === undefined) copy.splice(index, 1);
    else copy[index] = next;
    return copy;
  }
  const members = Object.entries(isObject(value) ? value : {});
  const next = withValue(
    isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined,
    deeper,
    replacement,
  );
  if (next === undefined) return Object.fromEntries(members.filter(([name]) => name !== token));
  return members.some(([name]) => name === token)
    ? Object.fromEntries(members.map(([name, old]) => [name, name === token ? next : old]))
    : Object.fromEntries([...members, [token, next]]);
}

/** A copy without what stands at the pointers; null when that is all of it. */
export function without(value: Json, pointers: Iterable<string>): Json {
  const gone = new Set(pointers);
  const kept = (one: Json, here: string): Json => {
    if (Array.isArray(one))
      return one.flatMap((item, index) => {
        const place = child(here, index);
        return gone.has(place) ? [] : [kept(item, place)];
      });
    if (!isObject(one)) return one;
    const members = Object.entries(one).map(([name, member]) => ({ name, member, place: child(here, name) }));
    return Object.fromEntries(
      members.flatMap(({ name, member, place }) => (gone.has(place) ? [] : [[name, kept(member, place)]])),
    );
  };
  if (gone.size === 0) return value;
  return gone.has('') ? null : kept(value, '');
}

/** Deep equality. A number printed with decimals equals one within 1e-6 of it: it may come from a shorter float. */
export function equal(expected: Json, actual: Json): boolean {
  if (typeof expected === 'number' && typeof actual === 'number')
    return expected === actual || (!Number.isInteger(expected) && Math.abs(expected - actual) <= 1e-6);
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((one, index) => equal(one, actual[index] as Json));
  if (isObject(expected) && isObject(actual)) {
    const names = Object.keys(expected);
    return (
      names.length === Object.keys(actual).length &&
      names.every((name) => Object.hasOwn(actual, name) && equal(expected[name] as Json, actual[name] as Json))
    );
  }
  return expected === actual;
}

/** The same value with every object's members sorted and every array taken as a set: for comparing without order. */
export function unordered(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(unordered).sort().join()}]`;
  if (isObject(value))
    return `{${Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${unordered(value[name] as Json)}`)
      .join()}}`;
  return JSON.stringify(value);
}

/** Rebuilds a value with each string leaf replaced by what `change` makes of it. */
export function mapStrings(value: Json, change: (text: string, pointer: string) => Json, pointer = ''): Json {
  if (typeof value === 'string') return change(value, pointer);
  if (Array.isArray(value)) return value.map((one, index) => mapStrings(one, change, child(pointer, index)));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, mapStrings(one, change, child(pointer, name))]),
    );
  return value;
}

/** Every leaf with its pointer; an empty object or array is a leaf. */
export function leaves(value: Printed, pointer?: string): { pointer: string; value: Printed }[];
export function leaves(value: Json, pointer?: string): { pointer: string; value: Json }[];
export function leaves(value: Json, pointer = ''): { pointer: string; value: Json }[] {
  const inside = Array.isArray(value)
    ? value.map((one, index): [string | number, Json] => [index, one])
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (inside.length === 0) return [{ pointer, value }];
  return inside.flatMap(([token, one]) => leaves(one, child(pointer, token)));
}

/** A value as one short line, cut after 200 characters. */
export function brief(value: Json | undefined): string {
  if (value === undefined) return 'absent';
  // What is beyond a number's reach would read as null.
  const text = value === Infinity || value === -Infinity ? 'a number too large to be read' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}
