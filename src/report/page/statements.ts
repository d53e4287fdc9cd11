import { pagesFile } from '../../pages.ts';
import type { SentenceEntry } from '../document.ts';
import { grouped } from '../grouped.ts';
import type { Run, ToldStatement } from '../run.ts';
import { section } from './frame.ts';
import { markup, wordOf, type Html } from './html.ts';

/** One telling of a statement: in which story, and what it came to. */
interface Telling {
  id: string;
  /** Index of the story and of the statement. */
  at: [number, number];
  version: string;
  outcome: string;
  statement: ToldStatement;
}

/** The name of a statement in the page: where links lead to. */
export function statementAt(story: number, statement: number): string {
  return `s${story}-${statement}`;
}

/** Every sentence of the pages and every statement, page by page; what checks it, and what was sent, is a click away. */
export function statementsSection(run: Run): Html {
  const { sentences } = run.document;
  const tellings = tellingsOf(run);
  const named = new Set<string>();
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
    [...pages].map(([page, rows]) => pageSection(page, rows, tellings, named)),
  );
}

/** Every telling of each statement, by the id that sentences name it by. */
function tellingsOf({ stories }: Run): Map<string, Telling[]> {
  const tellings = stories.flatMap(({ version, statements }, story) =>
    statements.flatMap((statement, index) =>
      [statement, ...statement.also].map(({ id, outcome }): Telling => ({ id, at: [story, index], version, outcome, statement })),
    ),
  );
  return grouped(tellings, (one) => one.id);
}

function pageSection(page: string, rows: SentenceEntry[], tellings: Map<string, Telling[]>, named: Set<string>): Html {
  const known = pagesFile()[page];
  const counts = [...grouped(rows, (one) => one.outcome)].map(([outcome, list]) => ({ outcome, count: list.length }));
  const bad = counts.some(({ outcome }) => outcome === 'broken' || outcome === 'not testable');
  return markup`<details class="page"${bad ? markup` open` : ''}>
<summary><h3>${known?.title ?? page} <small>${page}</small></h3> ${counts.map(({ outcome, count }) => markup`<b class="${wordOf(outcome)}">${count} ${outcome}</b> `)}</summary>
${known ? markup`<p><a href="${known.url}" rel="noreferrer">${known.url}</a></p>` : ''}
${rows.map((row) => rowOf(row, tellings, named))}</details>
`;
}

function rowOf({ says, basis, outcome, checks, because }: SentenceEntry, all: Map<string, Telling[]>, named: Set<string>): Html {
  const tellings = checks.flatMap((check) => all.get(check) ?? []);
  const outcomes = grouped(tellings, (one) => one.outcome);
  const chips =
    outcomes.size < 2
      ? markup`<b class="${wordOf(outcome)}">${outcome}</b>`
      : [...outcomes].map(([one, list]) => markup`<b class="${wordOf(one)}">${one} ${[...new Set(list.map((telling) => telling.version))].join(' ')}</b> `);
  return markup`<details class="row" data-o="${outcome}"><summary><span>${chips}</span> <span>${says}</span> <i>${basis}</i></summary>
${because === undefined ? '' : markup`<p>Nothing checks it: ${because}</p>`}${tellings.map((telling) => tellingOf(telling, named))}${tellings.length === 0 && because === undefined ? markup`<p>Not told in this run: ${checks.join(', ')}</p>` : ''}</details>
`;
}

function tellingOf({ id, at, version, outcome, statement }: Telling, named: Set<string>): Html {
  const name = statementAt(...at);
  const first = !named.has(name);
  named.add(name);
  const { findings, reason, place, evidence } = statement;
  return markup`<div class="told"${first ? markup` id="${name}"` : ''}${evidence.length > 0 ? markup` data-e="${at.join(' ')}"` : ''}><p><b class="${wordOf(outcome)}">${outcome}</b> <code>${id}</code> ${version} <small>${place}</small>${reason === undefined ? '' : `: ${reason}`}</p>${findings.length === 0 ? '' : markup`<ul>${findings.map((one) => markup`<li><b class="${wordOf(one.grade)}">${one.grade}</b> <code>${one.where === '' ? '(the whole body)' : one.where}</code>: expected <code>${one.expected}</code>, came <code>${one.came}</code></li>`)}</ul>`}</div>`;
}
