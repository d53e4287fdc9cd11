import type { PingidmFault } from './faults.ts';
import { Refusal } from './refusal.ts';
import { objectOrUndefined } from './stage.ts';

type Attributes = Record<string, unknown>;

/**
 * The attributes after the patch operations; those given stay as they are.
 * @param half sees what the operations before a bad one would have led to, for a mistake
 * @throws Refusal 400 for an operation that is none, or a field that is not one attribute
 * Chosen: add, replace and remove, of whole attributes only. Source: crest, patch
 */
export function patched(
  fault: (name: PingidmFault) => boolean,
  operations: unknown[],
  attributes: Attributes,
  half: (attributes: Attributes) => void,
): Attributes {
  const result = { ...attributes };
  for (const one of operations) {
    const { operation, field, value } = objectOrUndefined(one) ?? {};
    const [, name] = /^\/?([A-Za-z][\w-]*)$/.exec(String(field)) ?? [];
    const sets = operation === 'add' || operation === 'replace';
    if (typeof field !== 'string' || name === undefined || !(sets ? value !== undefined : operation === 'remove')) {
      if (fault('patch-half-applied')) half(result);
      throw new Refusal(400, 'The patch has an operation that cannot be carried out');
    }
    if (sets) result[name] = value;
    else if (!fault('patch-removes-nothing')) delete result[name];
  }
  return result;
}
