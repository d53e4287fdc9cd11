import { WAYS } from '../../alterations.ts';
import { COLUMNS, sumOf, type Proof, type Row } from '../../kill-matrix.ts';
import { section, table } from './frame.ts';
import { markup, type Html } from './html.ts';

const HEAD = [
  'alterations',
  ...COLUMNS,
  'found',
  'notices',
  'excused',
  'free form',
  'survived',
] as const satisfies (keyof Row)[];

/** What would have been noticed if the server had answered otherwise: the kill matrix, and what was not noticed. */
export function proofSection(proofs: Proof[]): Html {
  if (proofs.length === 0)
    return section(
      'altered',
      'Altered answers',
      markup`<p>No answer was altered in this run (<code>PROVE</code>).</p>`,
    );
  const matrix = sumOf(proofs.map((one) => one.matrix));
  const rows = WAYS.map((way) => [way, ...HEAD.map((column) => matrix[way][column])]);
  const survivors = new Set(
    proofs.flatMap((one) => one.survivors.map(({ step, pointer, ways }) => `${step} ${pointer}: ${ways.join('; ')}`)),
  );
  return section(
    'altered',
    'Altered answers',
    markup`<p>What would have been noticed if the server had answered otherwise: alterations by kind, and what found them.</p>`,
    table('Kill matrix', ['alteration', ...HEAD], rows),
    survivors.size === 0
      ? []
      : markup`<details><summary>Not noticed: ${survivors.size}</summary><ul>${[...survivors].map((one) => markup`<li>${one}</li>`)}</ul></details>`,
  );
}
