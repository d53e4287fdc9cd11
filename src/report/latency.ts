import { grouped } from './grouped.ts';
import type { Run } from './run.ts';

/** Upper ends, in milliseconds, of the classes that latencies are counted in; the last class has none. */
export const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** How long the answers of one operation took, in milliseconds from sending to the last byte. */
export interface Latency {
  product: string;
  version: string;
  operation: string;
  count: number;
  least: number;
  median: number;
  p90: number;
  p99: number;
  most: number;
  /** How many took at most each of BOUNDS, and more than the one before; then how many took longer than all. */
  classes: number[];
}

/** The latencies of each operation, of every answer that came: those of steps, refusals and clean-ups alike. */
export function latenciesOf({ stories }: Run): Latency[] {
  const answers = stories.flatMap(({ product, version, statements }) =>
    statements
      .flatMap((statement) => statement.evidence)
      .flatMap(({ operation, answer }) => (answer ? [{ product, version, operation, ms: answer.ms }] : [])),
  );
  const groups = grouped(answers, (one) => `${one.product} ${one.version} ${one.operation}`);
  return [...groups.values()].map((group) => {
    const { product = '', version = '', operation = '' } = group[0] ?? {};
    const sorted = group.map((one) => one.ms).sort((a, b) => a - b);
    const quantile = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    return {
      ...{ product, version, operation, count: sorted.length },
      ...{ least: sorted[0] ?? 0, median: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), most: quantile(1) },
      classes: [...BOUNDS, Infinity].map(
        (bound, index) => sorted.filter((one) => one <= bound && one > (BOUNDS[index - 1] ?? -1)).length,
      ),
    };
  });
}
