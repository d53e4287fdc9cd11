import type { Changes } from './faults.ts';
import type { Members } from './world.ts';

interface Attribute {
  name: unknown;
}

/** Changes the numbers that stand in an action itself. */
const numbers =
  (change: (number: number) => number) =>
  (members: Members): Members =>
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [name, typeof value === 'number' ? change(value) : value]),
    );

const attributes =
  (keep: (attribute: Attribute, index: number, all: Attribute[]) => boolean) =>
  (members: Members): Members =>
    Array.isArray(members.attributes)
      ? { ...members, attributes: (members.attributes as Attribute[]).filter(keep) }
      : members;

const objectOf = ({ name }: Attribute): string => String(name).split('.')[0] ?? '';

/** What mistakes do to values of actions that are unlike those that the pages print, on creation as on replacement. */
export const STORED_UNLIKE: Changes<Members> = {
  'numbers-of-sixteen-bits': numbers((number) => number & 0x7fff),
  'numbers-as-floats': numbers(Math.fround),
  'attributes-beyond-ten-lost': attributes((_one, index) => index < 10),
  'attributes-one-of-each-object': attributes(
    (one, index, all) => all.findIndex((other) => objectOf(other) === objectOf(one)) === index,
  ),
};
