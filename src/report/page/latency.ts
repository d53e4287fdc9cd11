import { BOUNDS, latenciesOf, type Latency } from '../latency.ts';
import type { Run } from '../run.ts';
import { section, table } from './frame.ts';
import { markup, type Html } from './html.ts';

/** How long the answers of each operation took: quantiles, and the distribution as a picture. */
export function latencySection(run: Run): Html {
  const latencies = latenciesOf(run);
  if (latencies.length === 0) return section('latency', 'Latency', markup`<p>Nothing was answered.</p>`);
  const rows = latencies.map(({ product, version, operation, count, least, median, p90, p99, most, classes }) => [
    markup`${operation} <small>${product} ${version}</small>`,
    ...[count, least, median, p90, p99, most],
    picture(classes),
  ]);
  const head = [
    'operation',
    'answers',
    'least',
    'median',
    '90 %',
    '99 %',
    'most',
    `up to ${BOUNDS.join(', ')} ms, longer`,
  ];
  return section(
    'latency',
    'Latency',
    markup`<p>Milliseconds from sending to the last byte. They depend on the machine and the network, and are compared with nothing.</p>`,
    table('Latency by operation', head, rows),
  );
}

/** The classes as columns; a screen reader is told the counts. */
function picture(classes: Latency['classes']): Html {
  const most = Math.max(...classes);
  const counts = classes.map((count, index) =>
    count === 0 ? '' : `${count} ${BOUNDS[index] === undefined ? 'longer' : `up to ${BOUNDS[index]} ms`}`,
  );
  return markup`<svg class="distribution" role="img" aria-label="${counts.filter((one) => one !== '').join(', ')}" viewBox="0 0 ${classes.length * 6} 20">${classes.map(
    (count, index) => {
      const height = count === 0 ? 1 : 2 + Math.round((count / most) * 18);
      return markup`<rect class="${count === 0 ? 'all' : 'seen'}" x="${index * 6}" y="${20 - height}" width="5" height="${height}"/>`;
    },
  )}</svg>`;
}
