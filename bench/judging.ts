import { judge } from '../src/judge.ts';
import { mediaType, parseJson } from '../src/transport.ts';
import { median, type Row } from './table.ts';
import { telling, type Seen, type Told } from './told.ts';

/** How fast answers are judged, apart from sending: the contract's validators, and the whole judgement. */
export async function judging(all: Told[], ms: number, perRequest: number): Promise<Row[]> {
  const seen: Seen[] = [];
  for (const told of all) await telling(told, seen);
  const values = seen.flatMap(({ question: { contract, operation }, came }) => {
    const schema = contract.answerSchema(operation, came.status, mediaType(came.headers) ?? '');
    const parsed = parseJson(came.body);
    return schema && 'json' in parsed ? [{ contract, schema, value: parsed.json }] : [];
  });
  const open = rate(ms, values, ({ contract, schema, value }) => contract.validate(schema, value));
  const closed = rate(ms, values, ({ contract, schema, value }) => contract.unnamed(schema, value));
  const judged = rate(ms, seen, ({ question, came }) => judge(question, came));
  const row = (what: string, figure: number): Row => ({ measure: 'judging', what, figure, unit: '/s' });
  return [
    row("validators: answers held against the contract's schemas", open),
    row('validators: answers searched for members it does not name', closed),
    {
      ...row('whole judgements of answers', judged),
      ratio: 1000 / judged / perRequest,
      to: 'a bare request',
      aim: { of: 'ratio', under: 1 },
    },
  ];
}

/** Calls per second: the median of several passes over all the things, for so many milliseconds. */
function rate<T>(ms: number, things: T[], work: (thing: T) => unknown): number {
  const rates: number[] = [];
  things.forEach(work); // compiles what is compiled at first use
  for (const until = performance.now() + ms; performance.now() < until || rates.length === 0;) {
    const started = performance.now();
    things.forEach(work);
    rates.push((1000 * things.length) / (performance.now() - started));
  }
  return median(rates);
}
