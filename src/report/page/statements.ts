import { pagesFile } from '../../pages.ts';
import type { SentenceEntry } from '../document.ts';
import { grouped } from '../grouped.ts';
import type { Run } from '../run.ts';
import { section } from './frame.ts';
import { markup, wordOf, type Html } from './html.ts';

/** One telling of a statement: in which story, and what it came to. */
interface Telling {
  id: string;
  /** Index of the story and of the statement. */
  at: [number, number];
  version: string;
  outcome: string;
}

/** The name of a telling in the page: rows show those that they name, and links lead to the first that names it. */
export function statementAt(story: number, statement: number): string {
  return `${story}.${statement}`;
}

/** Every sentence of the pages and every statement, page by page; what checks it, and what was sent, is a click away. */
export function statementsSection(run: Run): Html {
  const { sentences } = run.document;
  const tellings = tellingsOf(run);
  const pages = grouped(sentences, (one) => one.page);
  return section(
    'statements',
    `Statements (${sentences.length})`,
    markup`<form id="filter" role="search" aria-label="Statements">
<label>Search <input type="search" id="text" autocomplete="off"></label>
<label>Outcome <select id="outcome"><option value="">any</option>${[...new Set(sentences.map((one) => one.outcome))].sort().map((one) => markup`<option>${one}</option>`)}</select></label>
<output id="shown"></output>
</form>
`,
    [...pages].map(([page, rows]) => pageSection(page, rows, tellings)),
  );
}

/** Every telling of each statement, by the id that sentences name it by. */
function tellingsOf({ stories }: Run): Map<string, Telling[]> {
  const tellings = stories.flatMap(({ version, statements }, story) =>
    statements.flatMap((statement, index) =>
      [statement, ...statement.also].map(({ id, outcome }): Telling => ({ id, at: [story, index], version, outcome })),
    ),
  );
  return grouped(tellings, (one) => one.id);
}

function pageSection(page: string, rows: SentenceEntry[], tellings: Map<string, Telling[]>): Html {
  const known = pagesFile()[page];
  const counts = [...grouped(rows, (one) => one.outcome)].map(([outcome, list]) => ({ outcome, count: list.length }));
  const bad = counts.some(({ outcome }) => outcome === 'broken' || outcome === 'not testable');
  return markup`<details class="page"${bad ? markup` open` : ''}>
<summary><h3>${known?.title ?? page} <small>${page}</small></h3> ${counts.map(({ outcome, count }) => markup`<b class="${wordOf(outcome)}">${count} ${outcome}</b> `)}</summary>
${known ? markup`<p><a href="${known.url}" rel="noreferrer">${known.url}</a></p>` : ''}
<ul>${rows.map((row) => rowOf(row, tellings))}</ul></details>
`;
}

/** One sentence. Its button shows each telling that checked it, from what is packed beside the page. */
function rowOf({ says, basis, outcome, checks, because }: SentenceEntry, all: Map<string, Telling[]>): Html {
  const tellings = checks.flatMap((check) => all.get(check) ?? []);
  const outcomes = grouped(tellings, (one) => one.outcome);
  const versions = (list: Telling[]): string => [...new Set(list.map((one) => one.version))].join(' ');
  const chips =
    outcomes.size < 2
      ? markup`<b class="${wordOf(outcome)}">${outcome}</b>`
      : markup`<b>${[...outcomes].map(([one, list]) => markup`<span class="${wordOf(one)}">${one} ${versions(list)}</span> `)}</b>`;
  const places = tellings.map((one) => statementAt(...one.at));
  const why = because === undefined ? `not told in this run: ${checks.join(', ')}` : `nothing checks it: ${because}`;
  const what =
    places.length === 0
      ? markup`<span>${says} <small>${why}</small></span>`
      : markup`<button type="button" aria-expanded="false" data-e="${places.join(' ')}">${says}</button>`;
  return markup`<li data-o="${outcome}">${chips}${what}<i>${basis}</i></li>`;
}
