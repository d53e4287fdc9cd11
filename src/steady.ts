import { child, isObject, unordered, without, type Json } from './json.ts';

/** What stays the same from reading to reading, and the pointers at what does not. */
export interface Steady {
  value: Json;
  moving: string[];
}

/** Two readings of the same things, by name, as what is steady in them. */
export function steady(first: ReadonlyMap<string, Json>, second: ReadonlyMap<string, Json>): Map<string, Steady> {
  return new Map(
    [...first].map(([name, value]) => {
      const again = second.get(name);
      const moving = again === undefined ? [] : differing(value, again);
      return [name, { value: without(value, moving), moving }];
    }),
  );
}

/** Pointers at the smallest parts in which two values differ. Lists are alike in any order. */
function differing(one: Json, other: Json, pointer = ''): string[] {
  if (unordered(one) === unordered(other)) return [];
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.flatMap((item, index) => differing(item, other[index] as Json, child(pointer, index)));
  if (isObject(one) && isObject(other))
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => {
      const here = child(pointer, name);
      const [was, is] = [one[name], other[name]];
      return was === undefined || is === undefined ? [here] : differing(was, is, here);
    });
  return [pointer];
}
