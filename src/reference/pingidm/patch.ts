import { own } from '../own.ts';
import type { PingidmFault } from './faults.ts';
import { Refusal } from './refusal.ts';
import { objectOrUndefined } from './stage.ts';

type Members = Record<string, unknown>;
type Fault = (name: PingidmFault) => boolean;

interface Operation {
  operation: string;
  /** The steps of the pointer that it is about. */
  field: string[];
  from: string[];
  value: unknown;
}

/** A field is an attribute, or a member inside one. What tells an object from others is no attribute, nor what makes it another kind of thing. */
const FIELD = /^\/?[A-Za-z_][^/]*(\/[^/]+)*$/;

/**
 * The attributes after the patch operations, in their order; those given stay as they are.
 * @param half sees what the operations before a bad one would have led to, for a mistake
 * @throws Refusal 400 for an operation that is none, or cannot be carried out
 * Chosen: lists keep their order and their duplicates; there are no scripts, so nothing is transformed. Source: crest, patch
 */
export function patched(
  fault: Fault,
  operations: unknown[],
  attributes: Members,
  half: (attributes: Members) => void,
): Members {
  let result = structuredClone(attributes);
  for (const one of inOrder(fault, operations)) {
    const operation = operationOf(fault, one);
    const changed = operation && carriedOut(fault, operation, structuredClone(result));
    if (changed === undefined) {
      if (fault('patch-half-applied')) half(result);
      throw new Refusal(400, 'The patch has an operation that cannot be carried out');
    }
    result = changed;
  }
  return result;
}

function inOrder(fault: Fault, operations: unknown[]): unknown[] {
  if (fault('patch-takes-the-first')) return operations.slice(0, 1);
  if (fault('patch-takes-the-last')) return operations.slice(-1);
  return fault('patch-from-the-end') ? [...operations].reverse() : operations;
}

function operationOf(fault: Fault, one: unknown): Operation | undefined {
  const { operation, field, from, value } = objectOrUndefined(one) ?? {};
  if (typeof operation !== 'string' || typeof field !== 'string' || !FIELD.test(field)) return undefined;
  if (from !== undefined && (typeof from !== 'string' || !FIELD.test(from))) return undefined;
  const steps = (pointer: string): string[] => pointer.replace(/^\//, '').split('/');
  const all = [...steps(field), ...(from === undefined ? [] : steps(from))];
  if (all.includes('__proto__') || (all.some((step) => /^_(id|rev|meta)$/.test(step)) && !fault('patch-sets-the-id')))
    return undefined;
  return { operation, field: steps(field), from: from === undefined ? [] : steps(from), value };
}

/** The members after one operation; undefined where it cannot be carried out. */
function carriedOut(fault: Fault, { operation, field, from, value }: Operation, members: Members): Members | undefined {
  const source = from.length > 0 ? valueAt(members, from) : undefined;
  switch (operation) {
    case 'add':
      return value === undefined ? undefined : add(fault, members, field, value);
    case 'replace':
      return value === undefined ? undefined : replace(fault, members, field, value);
    case 'remove':
      return fault('patch-removes-nothing') ? members : remove(fault, members, field, value);
    case 'copy':
    case 'move': {
      if (source === undefined) return undefined;
      const moves = (operation === 'move' && !fault('patch-move-copies')) || fault('patch-copy-moves');
      return add(fault, moves ? remove(fault, members, from, undefined) : members, field, source);
    }
    case 'increment': {
      const was = valueAt(members, field);
      if (typeof was !== 'number' || typeof value !== 'number') return undefined;
      return put(members, field, fault('patch-increment-sets') ? value : was + value);
    }
    default:
      return undefined;
  }
}

function add(fault: Fault, members: Members, field: string[], value: unknown): Members {
  const [last = ''] = field.slice(-1);
  const parent = valueAt(members, field.slice(0, -1)) as unknown[] | undefined;
  if (Array.isArray(parent) && /^(-|\d+)$/.test(last)) {
    const at = last === '-' ? parent.length : Number(last);
    const list = fault('patch-list-add-replaces') ? [value] : parent.toSpliced(at, 0, value);
    return put(members, field.slice(0, -1), fault('patch-list-grows-in-front') ? [value, ...parent] : list);
  }
  const was = valueAt(members, field);
  if (Array.isArray(was)) return put(members, field, [...(was as unknown[]), ...[value].flat()]);
  if (was !== undefined && fault('patch-add-keeps-the-old')) return members;
  if (was !== undefined && fault('patch-add-appends')) return put(members, field, [was, value].join(''));
  return put(members, field, value);
}

function replace(fault: Fault, members: Members, field: string[], value: unknown): Members {
  const was = valueAt(members, field);
  if (Array.isArray(was) && fault('patch-replace-adds'))
    return put(members, field, [...(was as unknown[]), ...[value].flat()]);
  if (field.length > 1 && fault('patch-member-takes-the-object'))
    return put(members, field.slice(0, -1), { [String(field.at(-1))]: value });
  return put(members, field, value);
}

function remove(fault: Fault, members: Members, field: string[], value: unknown): Members {
  const was = valueAt(members, field);
  if (value === undefined || (Array.isArray(was) && fault('patch-remove-takes-the-list')))
    return put(members, field, undefined);
  if (fault('patch-remove-by-value-lost')) return members;
  if (!Array.isArray(was)) return same(was, value) ? put(members, field, undefined) : members;
  const gone = [value].flat();
  return put(
    members,
    field,
    was.filter((one) => !gone.some((other) => same(one, other))),
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function valueAt(value: unknown, steps: string[]): unknown {
  return steps.reduce<unknown>(
    (inside, step) => (typeof inside === 'object' && inside !== null ? own(inside as Members, step) : undefined),
    value,
  );
}

/** The members with a value at a place, whose parents come about where they are missing; without one where it is undefined. */
function put(members: Members, [first = '', ...rest]: string[], value: unknown): Members {
  const inside = own(members, first);
  const inner = rest.length === 0 ? value : put(objectOrUndefined(inside) ?? {}, rest, value);
  const { [first]: _, ...others } = members;
  if (inner === undefined) return others;
  return Object.hasOwn(members, first) ? { ...members, [first]: inner } : { ...others, [first]: inner };
}
