import { contractOf } from '../contract.ts';
import { ledger, type Row } from '../ledger.ts';
import { pagesFile } from '../pages.ts';
import { pageOf, section, table } from '../report/page/frame.ts';
import { markup, type Html } from '../report/page/html.ts';
import type { Documented } from './build.ts';

const link = (href: string, text: string): Html => markup`<a href="${href}">${text}</a>`;
const titled = (title: string, ...content: (Html | Html[])[]): string =>
  pageOf(title, markup`<header><h1>${title}</h1></header>${content}`);
const HOME = markup`<nav aria-label="Pages">${link('index.html', 'All pages')}</nav>`;

/** The first page: what there is to read. */
export function indexPage(documented: Documented[]): string {
  const rows = ledger();
  const checked = rows.filter((row) => row.checks.length > 0).length;
  return titled(
    'What is documented, and what checks it',
    section(
      'contracts',
      'Contracts',
      table(
        'Reference pages',
        ['contract', 'operations'],
        documented.map(({ page, product, version }) => [
          link(page, `${product} ${version}`),
          contractOf(product, version).operations.size,
        ]),
      ),
    ),
    section(
      'ledger-of',
      'Ledger',
      markup`<p>${link('ledger.html', 'Every sentence of the pages')} with what checks it: ${checked} of ${rows.length} are checked.</p>`,
    ),
    section(
      'arazzo',
      'Sequences as Arazzo 1.0.1',
      table(
        'Files for other runners',
        ['file', 'sequences', 'steps', 'not said'],
        documented.map(({ arazzo, exported }) => [
          link(arazzo, arazzo),
          exported.length,
          exported.reduce((sum, { workflow }) => sum + (workflow?.steps.length ?? 0), 0),
          link(`arazzo.html#${arazzo}`, String(exported.flatMap(({ lost }) => lost).length)),
        ]),
      ),
    ),
  );
}

/** Every sentence of the pages, with what checks it or why nothing does. */
export function ledgerPage(): string {
  const pages = new Map<string, Row[]>();
  for (const row of ledger()) pages.set(row.page, [...(pages.get(row.page) ?? []), row]);
  return titled(
    'The ledger',
    HOME,
    [...pages].map(([id, rows]) => {
      const page = pagesFile()[id];
      const url = page === undefined ? '' : markup`<p>${link(page.url, page.url)}</p>`;
      return section(
        id,
        page?.title ?? id,
        markup`${url}`,
        table(
          `The sentences of ${id}`,
          ['sentence', 'basis', 'checked by'],
          rows.map(({ says, basis, checks, because }) => [
            says,
            basis,
            because === undefined
              ? markup`${checks.map((one) => markup`<code>${one}</code> `)}`
              : markup`<span class="skipped">nothing: ${because}</span>`,
          ]),
        ),
      );
    }),
  );
}

/** What the sequences say and their exports do not. */
export function lossesPage(documented: Documented[]): string {
  return titled(
    'What Arazzo does not say',
    HOME,
    markup`<p>Of each sequence, beside the refusals and what is said of an answer beyond its printed form.</p>`,
    documented.map(({ arazzo, exported }) =>
      section(
        arazzo,
        arazzo,
        table(
          `Not said in ${arazzo}`,
          ['sequence and step', 'what', 'why'],
          exported.flatMap(({ story, lost }) =>
            lost.map(({ step, what, because }) => [`${story.id}#${step}`, markup`<code>${what}</code>`, because]),
          ),
        ),
      ),
    ),
  );
}
