import type { PrintedText } from '../../../src/printed.ts';

/** A type of fixtures as a spec writes it: with plain strings in place of printed ones. */
export type Written<T> = T extends PrintedText
  ? string
  : T extends readonly (infer Item)[]
    ? Written<Item>[]
    : T extends ReadonlyMap<infer Key, infer Value>
      ? ReadonlyMap<Key, Written<Value>>
      : T extends object
        ? { [Member in keyof T]: Written<T[Member]> }
        : T;

/** Takes what a spec has written for what a fixture says. */
export function written<T>(value: Written<T>): T {
  return value as T;
}
