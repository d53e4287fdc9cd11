import type { Json } from '../../../src/json.ts';
import type { Shown } from '../../../src/shown.ts';

/** A type with plain text wherever it wants shown text; JSON is as it is. */
export type Plain<T> = [Json] extends [T]
  ? T
  : T extends Shown
    ? string
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

/** Takes plain text of a spec for shown text. */
export function asShown<T>(value: Plain<T>): T {
  return value as T;
}
