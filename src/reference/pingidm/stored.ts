import type { PingidmFault } from './faults.ts';

type Fault = (name: PingidmFault) => boolean;

/** Values as they are stored: as they came, but for mistakes. */
export function stored<T>(fault: Fault, how: 'create' | 'update' | 'patch' | 'form' | 'configuration', value: T): T {
  const text = (one: string): string => {
    const cut = how !== 'configuration' && fault(`values-cut-on-${how}`) ? one.slice(0, 255) : one;
    const composed = fault(`values-composed-on-${how}`) ? cut.normalize('NFC') : cut;
    const latin = fault(`values-latin-on-${how}`) ? composed.replace(/[^\x20-\xff]/gu, '?') : composed;
    const trimmed = fault(`values-trimmed-on-${how}`) ? latin.trim() : latin;
    return fault(`values-escaped-on-${how}`) ? trimmed.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : trimmed;
  };
  const inside = (one: unknown): unknown => {
    if (typeof one === 'string') return text(one);
    if (typeof one === 'number') return fault('numbers-of-32-bits') ? one | 0 : one;
    if (Array.isArray(one)) return (fault('lists-of-ten') ? one.slice(0, 10) : one).map(inside);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, inside(member)]));
  };
  return inside(value) as T;
}
