import { line, lines, ours, type Shown } from '../shown.ts';
import type { Cleaned } from './clean.ts';

/** What was cleaned up, in a line for each thing that is left and one for the rest. */
export function summaryOf(why: Shown, cleaned: Cleaned[]): Shown {
  const count = (came: Cleaned['came']): number => cleaned.filter((one) => one.came === came).length;
  const left = cleaned.filter(({ came }) => came === 'left');
  return lines([
    line`${why}: ${count('undone')} undone, ${count('gone')} gone already, ${left.length} left`,
    ...left.map(({ what, because }) => line`  left: ${what}: ${because ?? ours('')}`),
    ...(left.length > 0 ? [ours('  the journal is kept: npm run clean tries again')] : []),
  ]);
}
