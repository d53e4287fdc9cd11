import type { Cleaned } from './clean.ts';

/** What was cleaned up, in a line for each thing that is left and one for the rest. */
export function summaryOf(why: string, cleaned: Cleaned[]): string {
  const count = (came: Cleaned['came']): number => cleaned.filter((one) => one.came === came).length;
  const left = cleaned.filter(({ came }) => came === 'left');
  return [
    `${why}: ${count('undone')} undone, ${count('gone')} gone already, ${left.length} left`,
    ...left.map(({ what, because }) => `  left: ${what}: ${because ?? ''}`),
    ...(left.length > 0 ? ['  the journal is kept: npm run clean tries again'] : []),
  ].join('\n');
}
