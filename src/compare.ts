import { failures } from './assertion.ts';
import type { Basis, Finding } from './finding.ts';
import { at, brief, child, equal, isObject, leaves, typeOf, type Json } from './json.ts';
import {
  beginsUrl,
  isName,
  kindOf,
  note,
  namedLeaves,
  literally,
  type Binding,
  type Names,
  type Part,
  type Scope,
  type Sighting,
} from './names.ts';
import { printedText, type Printed } from './printed.ts';
import type { Excuse, Holding } from './sequence.ts';

/** The excuses of a printed body, by pointer; an excuse covers what is below its pointer. */
export type Excuses = ReadonlyMap<string, Excuse>;

function excused(excuses: Excuses, pointer: string): boolean {
  for (const one of excuses.keys()) if (pointer === one || pointer.startsWith(`${one}/`)) return true;
  return false;
}

/** Where a printed body and what came differ, names apart; excused values are held against their schema. */
export function compare(
  printed: Printed,
  came: Json | undefined,
  names: Names,
  excuses: Excuses,
  basis: Basis,
  pointer = '',
): Finding[] {
  const differs = (expected: string): Finding[] => [
    { kind: 'printed value', where: pointer, expected, came: brief(came), basis },
  ];
  const excuse = excuses.get(pointer);
  if (excuse) {
    if (came === undefined)
      return excuse.optional
        ? []
        : differs(`a value in place of ${brief(printed)}`).map((one) => ({ ...one, basis: excuse.basis ?? basis }));
    const schema = excuse.schema ?? { type: printedText(typeOf(printed)) };
    return failures(schema, came).map((failure) => ({
      kind: 'printed value',
      where: pointer + failure.pointer,
      expected: `${failure.expected} (printed: ${brief(printed)}; excused because ${excuse.because})`,
      came: brief(at(came, failure.pointer)),
      basis: excuse.basis ?? basis,
    }));
  }
  if (typeof printed === 'string' && names.mentions(printed))
    return typeof came === 'string' ? [] : differs(`a string in place of ${brief(printed)}`);
  if (isObject(printed)) {
    if (!isObject(came)) return differs(brief(printed));
    const members = Object.keys(printed);
    if (members.length === 0)
      return Object.keys(came).map((name) => ({
        kind: 'undocumented',
        where: child(pointer, name),
        expected: 'absent',
        came: brief(came[name]),
        basis,
      }));
    return members.flatMap((name) =>
      compare(
        printed[name] as Printed,
        Object.hasOwn(came, name) ? came[name] : undefined,
        names,
        excuses,
        basis,
        child(pointer, name),
      ),
    );
  }
  if (Array.isArray(printed)) {
    if (!Array.isArray(came)) return differs(brief(printed));
    if (printed.length === 0)
      return came.map((one, index) => ({
        kind: 'undocumented',
        where: child(pointer, index),
        expected: 'absent',
        came: brief(one),
        basis,
      }));
    const items = printed.flatMap((one, index) =>
      compare(one, came[index], names, excuses, basis, child(pointer, index)),
    );
    return came.length > printed.length
      ? [
          ...items,
          {
            kind: 'printed value',
            where: pointer,
            expected: `${printed.length} item${printed.length === 1 ? '' : 's'}`,
            came: `${came.length} items: ${brief(came)}`,
            basis,
          },
        ]
      : items;
  }
  return came !== undefined && equal(printed, came) ? [] : differs(brief(printed));
}

/** Excuses of values that the page does not print: where such a value comes, its schema binds it. */
export function compareUnprinted(printed: Json | undefined, came: Json, excuses: Excuses, basis: Basis): Finding[] {
  return [...excuses].flatMap(([pointer, excuse]) => {
    const value = at(came, pointer);
    if (value === undefined || excuse.schema === undefined || at(printed, pointer) !== undefined) return [];
    return failures(excuse.schema, value).map((failure): Finding => ({
      kind: 'printed value',
      where: pointer + failure.pointer,
      expected: `${failure.expected} (not printed; excused because ${excuse.because})`,
      came: brief(at(value, failure.pointer)),
      basis: excuse.basis ?? basis,
    }));
  });
}

/**
 * Reads every name out of a body that came; whole leaves bind first.
 * @param scope what is known by now; nobody else holds it, and what is read is put into it
 * @returns what does not fit
 */
export function unify(
  scope: Map<string, Binding>,
  printed: Printed,
  came: Json,
  names: Names,
  excuses: Excuses,
  step: string,
  basis: Basis,
): Finding[] {
  return namedLeaves(names, printed).flatMap(({ pointer, text }) => {
    const value = at(came, pointer);
    if (typeof value !== 'string') return [];
    const parts = names.parts(text);
    const place = `${step} ${pointer}`;
    if (!excused(excuses, pointer))
      return unifyText(scope, parts, value, names, place).map((finding) => ({ ...finding, where: pointer, basis }));
    // Excused from being the same, yet later requests may need it.
    for (const sighting of names.read(parts, value, place, scope) ?? [])
      if (!scope.has(sighting.name)) note(scope, sighting);
    return [];
  });
}

/** What does not fit. */
type Misfit = Pick<Finding, 'kind' | 'expected' | 'came'>;

/**
 * Reads the names out of one string that came in place of a printed one.
 * @param scope what is read is put into it
 */
export function unifyText(
  scope: Map<string, Binding>,
  printed: readonly Part[],
  came: string,
  names: Names,
  place: string,
): Misfit[] {
  const sightings = names.read(printed, came, place, scope);
  if (!sightings)
    return [{ kind: 'printed value', expected: `the form of ${brief(literally(printed))}`, came: brief(came) }];
  return sightings.flatMap((sighting) => {
    const misfits = fits(sighting, scope, printed);
    // A place that showed another value is no place of the name's, and nothing is no value.
    if (misfits.length === 0 || (!scope.has(sighting.name) && sighting.value !== '')) note(scope, sighting);
    return misfits;
  });
}

function fits(sighting: Sighting, scope: Scope, printed: readonly Part[]): Misfit[] {
  const { name, value } = sighting;
  const bound = scope.get(name);
  const [first, ...rest] = printed;
  if (bound) {
    const same =
      rest.length === 0 && isName(first) && first.ignoring === 'case'
        ? bound.value.toLowerCase() === value.toLowerCase()
        : bound.value === value;
    return same
      ? []
      : [
          {
            kind: 'unification',
            expected: `${name} = ${brief(bound.value)}, as in ${bound.places.join(', ')}`,
            came: brief(value),
          },
        ];
  }
  // A link may be relative to the address that was called (RFC 3986, 4.2): what stands before the path is then empty.
  const begins = rest.length > 0 && isName(first) && first.name === name && beginsUrl(first);
  if (value === '' && !begins) return [{ kind: 'unification', expected: `a value for ${name}`, came: brief(value) }];
  const twin = [...scope].find(
    ([other, binding]) => binding.value === value && other !== name && kindOf(other) === kindOf(name),
  );
  return twin
    ? [
        {
          kind: 'unification',
          expected: `a ${kindOf(name)} of its own, other than ${twin[0]} (${twin[1].places[0] ?? 'given'})`,
          came: brief(value),
        },
      ]
    : [];
}

/** A value whose every leaf must stand in a body, with what may differ. */
export interface Held extends Omit<Holding, 'value' | 'exceptMembersOf'> {
  value: Json;
  /** Members of the value that may differ. */
  members?: string[];
}

/** Leaves of a value that do not stand in a body. An array is compared as a whole: its items have no identity of their own. */
export function missingLeaves(holding: Held, body: Json | undefined, basis: Basis): Finding[] {
  const base = holding.at ?? '';
  const skipped = [...(holding.except ?? []), ...(holding.members ?? []).map((name) => child('', name))];
  const skip = (pointer: string): boolean => skipped.some((one) => pointer === one || pointer.startsWith(`${one}/`));
  const missing = (expected: Json, came: Json | undefined, pointer: string): Finding[] => {
    if (isObject(expected) && Object.keys(expected).length > 0) {
      const here = isObject(came) ? came : {};
      return Object.entries(expected).flatMap(([name, one]) =>
        missing(one, Object.hasOwn(here, name) ? here[name] : undefined, child(pointer, name)),
      );
    }
    if (came !== undefined && stands(expected, came)) return [];
    if (leaves(expected, pointer).every((leaf) => skip(leaf.pointer))) return [];
    return [{ kind: 'state', where: base + pointer, expected: brief(expected), came: brief(came), basis }];
  };
  return missing(holding.value, at(body, base), '');
}

/** Whether every leaf of a value stands in what came; what came may have more members, but no more items. */
function stands(expected: Json, came: Json): boolean {
  if (Array.isArray(expected) && Array.isArray(came))
    return expected.length === came.length && expected.every((one, index) => stands(one, came[index] as Json));
  if (isObject(expected) && isObject(came))
    return Object.entries(expected).every(
      ([name, one]) => Object.hasOwn(came, name) && stands(one, came[name] as Json),
    );
  return equal(expected, came);
}
