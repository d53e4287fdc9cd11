import type { Recorded } from './expression.ts';
import { at, type Json } from './json.ts';

/** The step by whose name a statement looks at the candidate: `$item.response.body#/name`. */
export const ITEM = 'item';

/** What a statement is tried with, one candidate after another: it holds if it holds for one of them. */
export function candidates(items: Json, pointers: string[] = [''], fits: (item: Json) => boolean): Json[] {
  if (!Array.isArray(items)) return [];
  return items
    .flatMap((item) => pointers.map((pointer) => at(item, pointer)))
    .filter((item): item is Json => item !== undefined && fits(item));
}

/** What was recorded, with a candidate in it. */
export function withItem(recorded: ReadonlyMap<string, Recorded>, item: Json): ReadonlyMap<string, Recorded> {
  const answered = { request: { headers: {} }, response: { status: 200, headers: {}, body: item } };
  return new Map([...recorded, [ITEM, answered]]);
}

/** Of the results of all candidates, the one that holds, or else the one that is nearest to it. */
export function nearest<T extends { findings: unknown[] }>(results: T[]): T | undefined {
  return results.toSorted((a, b) => a.findings.length - b.findings.length)[0];
}
