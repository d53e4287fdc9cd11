import fc from 'fast-check';

/** What disproves a property, with the smallest example that does; undefined when nothing was found. The same in every run. */
export function counterexample<T>(property: fc.IProperty<T>, numRuns = 300): string | undefined {
  return fc.defaultReportMessage(fc.check<T>(property, { seed: 20261122, numRuns }));
}

/** Ids as servers make them, UUIDs or not. */
export const ids = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~:@é+$&()'), minLength: 1, maxLength: 12 });
