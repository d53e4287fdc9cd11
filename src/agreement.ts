import type { Basis, Finding } from './finding.ts';
import { at, brief, equal, isObject, type Json } from './json.ts';

/** How the items of a list agree with a list, or with an object's members by name, that was read before. */
export interface Agreement {
  /** Where the list is in the body. */
  at: string;
  /** Where in an item its identity is. */
  by: string;
  /** Where in an item the values are that are compared; its root by default. */
  under?: string;
  /** Pointers to what is the same where both have it. */
  members: string[];
  /** Whether every item of the other list is there too. */
  complete?: boolean;
}

/** Items that the other list does not have, or has otherwise; and, of a complete list, those that are missing. */
export function disagreements(claim: Agreement, other: Json, json: Json | undefined, basis: Basis): Finding[] {
  const { by, under = '', members, complete = false } = claim;
  const list = at(json, claim.at);
  const finding = (where: string, expected: string, came: Json | undefined): Finding => ({
    kind: 'state',
    where,
    expected,
    came: brief(came),
    basis,
  });
  if (!Array.isArray(list)) return [finding(claim.at, 'a list', list)];
  const known = byIdentity(other, by);
  const names = list.map((item) => at(item, by));
  const wrong = list.flatMap((item, index) => {
    const place = `${claim.at}/${index}`;
    const name = names[index];
    const one = typeof name === 'string' ? known.get(name) : undefined;
    if (one === undefined) return [finding(place + by, `one of ${[...known.keys()].join(', ')}`, name)];
    return members.flatMap((member) => {
      const [expected, came] = [at(one, member), at(item, under + member)];
      const same = expected === undefined || came === undefined || equal(expected, came);
      return same ? [] : [finding(place + under + member, brief(expected), came)];
    });
  });
  const missing = complete ? [...known.keys()].filter((name) => !names.includes(name)) : [];
  return [...wrong, ...missing.map((name) => finding(claim.at, `an item with ${by} ${brief(name)}`, names as Json))];
}

function byIdentity(other: Json, by: string): Map<string, Json> {
  if (isObject(other)) return new Map(Object.entries(other));
  const items = Array.isArray(other) ? other : [];
  return new Map(
    items.flatMap((item): [string, Json][] => {
      const name = at(item, by);
      return typeof name === 'string' ? [[name, item]] : [];
    }),
  );
}
