import type { Faults } from './faults.ts';

/** What careless servers do to the texts that they store. */
const CARELESS = {
  cut: { does: 'Cuts texts after 255 characters', change: (text: string) => [...text].slice(0, 255).join('') },
  trimmed: { does: 'Takes blanks off both ends of texts', change: (text: string) => text.trim() },
  normalized: { does: 'Stores letters and their accents as one character', change: (text: string) => text.normalize() },
  latin: {
    does: 'Stores question marks for letters that Latin-1 does not have',
    change: (text: string) => text.replaceAll(/[\u0100-\u{10ffff}]/gu, '?'),
  },
};

/** The kinds of things whose texts can suffer, with the words for them. */
const KINDS = {
  policy: 'sign-on policies',
  action: 'actions',
  application: 'applications',
  population: 'populations',
  user: 'users',
};

export type TextKind = keyof typeof KINDS;
export type TextFault = `${TextKind}-texts-${keyof typeof CARELESS}`;

/** A mistake for each kind of things and each way to spoil their texts. */
export const TEXT_FAULTS = Object.fromEntries(
  Object.entries(KINDS).flatMap(([kind, words]) =>
    Object.entries(CARELESS).map(([how, { does }]) => [`${kind}-texts-${how}`, `${does} of ${words}.`]),
  ),
) as Record<TextFault, string>;

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => eachText(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, eachText(one, change)]));
}

/** What is stored of a thing of that kind: the thing itself, or what a mistake makes of its texts. */
export function textsStored<Value>(fault: Faults, kind: TextKind, value: Value): Value {
  const names = Object.keys(CARELESS) as (keyof typeof CARELESS)[];
  const how = names.find((one) => fault(`${kind}-texts-${one}`));
  return how ? (eachText(value, CARELESS[how].change) as Value) : value;
}
