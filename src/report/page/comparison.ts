import { pagesFile } from '../../pages.ts';
import { countsOf, nameOf, placeOf, RATINGS } from '../comparison.ts';
import type { Difference } from '../difference.ts';
import { verdictText, type Conformance } from '../document.ts';
import { pageOf, section, table } from './frame.ts';
import { markup, wordOf, type Html } from './html.ts';

/** A comparison as one page: how much differs first, then both sides in columns. */
export function pageOfComparison(before: Conformance, after: Conformance, found: Difference[]): string {
  const title = `${nameOf(before)} → ${nameOf(after)}`;
  const main = markup`<header>
<h1>${title}</h1>
<p><strong>${countsOf(found)}</strong></p>
${sides(before, after)}
</header>
${found.length === 0 ? markup`<p>Nothing differs.</p>` : ''}
${(['behaviour', 'contract'] as const).map((of) => RATINGS.map((rating) => differences(found, of, rating)))}`;
  return pageOf(`${countsOf(found)}: ${title}`, main);
}

function sides(before: Conformance, after: Conformance): Html {
  const verdict = (side: Conformance): Html =>
    markup`<strong class="${wordOf(side.verdict)}">${verdictText(side)}</strong>`;
  const row = (name: string, of: (side: Conformance) => string | number | Html): (string | number | Html)[] => [
    name,
    of(before),
    of(after),
  ];
  const total = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  return table(
    'Both sides',
    ['what', 'before', 'after'],
    [
      row('server', nameOf),
      row('verdict', verdict),
      row('statements that hold', (side) => total(side.counts.held)),
      ...Object.keys(after.counts.found).map((grade) =>
        row(`found: ${grade}`, (side) => side.counts.found[grade as 'notice']),
      ),
      row('statements told', (side) => side.stories.flatMap((story) => story.statements).length),
      ...after.coverage.map(({ product }) =>
        row(`seen of the contract of ${product}`, (side) =>
          side.coverage
            .filter((one) => one.product === product)
            .map(({ seen, named }) => `${seen} of ${named}`)
            .join(', '),
        ),
      ),
    ],
  );
}

function differences(found: Difference[], of: Difference['of'], rating: Difference['rating']): Html[] {
  const rows = found.filter((one) => one.of === of && one.rating === rating);
  if (rows.length === 0) return [];
  const title = of === 'contract' ? `Documentation: ${rating}` : rating;
  const cells = rows.map((one) => {
    const url = pagesFile()[one.page ?? '']?.url;
    return [
      markup`<b class="${rating}">${one.rule}</b>`,
      markup`<code>${placeOf(one)}</code>${one.says === undefined ? '' : markup`<br>${one.says}`}${url === undefined ? '' : markup` <a href="${url}" rel="noreferrer">page</a>`}`,
      markup`<code>${one.before}</code>`,
      markup`<code>${one.after}</code>`,
    ];
  });
  return [
    section(`${of}-${rating}`, `${title} (${rows.length})`, table(title, ['what', 'where', 'before', 'after'], cells)),
  ];
}
