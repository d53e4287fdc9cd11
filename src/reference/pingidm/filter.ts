import { Refusal } from './refusal.ts';

/**
 * Reads a filter of the form `name eq "value"`, `name pr` or `true`; the name may start with a slash.
 * @throws Refusal 400 for any other form
 */
export function filterOf(filter: string): (attributes: Record<string, unknown>) => boolean {
  if (filter.trim() === 'true') return () => true;
  const [, name, operator, value] = /^\s*\/?(\w+)\s+(eq|pr)(?:\s+("(?:[^"\\]|\\.)*"))?\s*$/.exec(filter) ?? [];
  if (name === undefined || (operator === 'eq') !== (value !== undefined))
    throw new Refusal(400, 'Invalid query filter');
  if (value === undefined) return (attributes) => (attributes[name] ?? null) !== null;
  return (attributes) => attributes[name] === unquoted(value);
}

function unquoted(value: string): unknown {
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}
