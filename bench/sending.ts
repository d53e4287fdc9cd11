import { again, byFetch, byTransport } from './bare.ts';
import { median, type Row } from './table.ts';
import { telling, type Told } from './told.ts';

/** Telling against the same requests sent bare: rounds take turns, so that a slow spell of the machine meets all. */
export async function sending(all: Told[], rounds: number): Promise<Row[]> {
  const times = { told: [] as number[], bare: [] as number[], fetch: [] as number[] };
  let [requests, steps, alike] = [0, 0, 0];
  for (let round = 0; round < rounds; round++) {
    const sum = { told: 0, bare: 0, fetch: 0 };
    [requests, steps, alike] = [0, 0, 0];
    for (const told of all) {
      const { ms, reports, exchanged, target } = await telling(told);
      const bare = await again(told, exchanged, target, byTransport);
      const fetched = await again(told, exchanged, target, byFetch);
      sum.told += ms;
      sum.bare += bare.ms;
      sum.fetch += fetched.ms;
      requests += exchanged.length;
      steps += reports.length;
      alike += bare.alike;
    }
    for (const key of ['told', 'bare', 'fetch'] as const) times[key].push(sum[key]);
  }
  const per = (key: keyof typeof times): number => median(times[key]) / requests;
  const ratio = (key: 'told' | 'fetch'): number => median(times[key].map((ms, round) => ms / (times.bare[round] ?? 1)));
  const row = (what: string, figure: number, unit: string, more: Partial<Row> = {}): Row => ({
    measure: 'sending',
    what,
    figure,
    unit,
    ...more,
  });
  const to = 'bare';
  return [
    row('told: requests', 1000 / per('told'), '/s'),
    row('told: each request', per('told'), 'ms', { ratio: ratio('told'), to, aim: { of: 'ratio', under: 2 } }),
    row('told: each step', median(times.told) / steps, 'ms'),
    row('bare: requests', 1000 / per('bare'), '/s'),
    row('bare: each request', per('bare'), 'ms'),
    row('bare by fetch: each request', per('fetch'), 'ms', { ratio: ratio('fetch'), to }),
    row('bare: requests answered as when told', alike, '', { ratio: alike / requests, to: 'those told' }),
  ];
}
