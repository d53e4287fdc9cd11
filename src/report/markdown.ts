import { sumOf, tableOf, type Proof } from '../kill-matrix.ts';
import { pagesFile } from '../pages.ts';
import {
  verdictText,
  type Conformance,
  type CoverageEntry,
  type SentenceEntry,
  type StatementEntry,
} from './document.ts';

const MARKS: Record<string, string> = {
  held: '✓',
  broken: '✗',
  'not testable': '✗',
  tolerated: '~',
  skipped: '-',
  'not told': '·',
  'not applicable': '·',
  unchecked: '○',
};

/** The document as Markdown: verdict first, then what was found, then the sentences of each page, then what nothing shows. */
export function markdownOf(document: Conformance, proofs: Proof[]): string {
  return [
    ...headOf(document),
    ...findingsOf(document.stories.flatMap((story) => story.statements)),
    ...skipped(document),
    ...announced(document),
    '## Sentences of the pages',
    '✓ holds · ✗ does not, or could not be tested · ~ tolerated · - skipped · · not told here · ○ nothing can check it',
    ...pages(document.sentences),
    ...coverage(document),
    ...proof(proofs),
  ].join('\n\n');
}

/** The verdict and the counts. */
export function headOf(document: Conformance): string[] {
  const { target, counts, policy, coverage: judged } = document;
  return [
    `# ${escaped(target.name)}: ${verdictText(document)}`,
    [
      `Judged as ${escaped(judged.map(versionOf).join(', '))}.`,
      `Held: ${listed(counts.held)}.`,
      `Found: ${listed(counts.found)}.`,
      `Statements that are only recorded or assumed ${policy.strict ? 'fail' : 'are notices'}; undocumented members ${policy.undocumented === 'fail' ? 'fail' : 'are reported'}.`,
    ].join('\n'),
  ];
}

/** A product with the version that it is judged as, and the one that the server says. */
export function versionOf({ product, version, says }: CoverageEntry): string {
  return `${product} ${version}${says.length === 0 ? '' : ` (the server says ${says.join(', ')})`}`;
}

function listed(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

/** What was found, as a table. @param most how many rows at most */
export function findingsOf(told: StatementEntry[], most = Infinity): string[] {
  const rows = told.flatMap((statement) =>
    statement.findings.map(
      ({ grade, where, expected, came, basis }) =>
        `| ${[grade, statement.id, where, expected, came, basis].map(escaped).join(' | ')} |`,
    ),
  );
  if (rows.length === 0) return [];
  const shown = rows.slice(0, most);
  return [
    '## Found',
    ['| grade | statement | where | expected | came | basis |', '|---|---|---|---|---|---|', ...shown].join('\n'),
    ...(rows.length > shown.length ? [`… and ${rows.length - shown.length} more: see the report.`] : []),
  ];
}

function skipped({ stories }: Conformance): string[] {
  const lines = [
    ...stories.flatMap(({ title, version, skipped: why }) =>
      why ? [`- ${escaped(`${title} (${version}): ${why.reason}`)}`] : [],
    ),
    ...stories.flatMap(({ statements }) =>
      statements
        .filter((one) => one.outcome === 'skipped')
        .map((one) => `- ${escaped(`${one.id}: ${one.reason ?? ''}`)}`),
    ),
  ];
  return lines.length === 0 ? [] : ['## Not told', [...new Set(lines)].join('\n')];
}

function announced({ announced: all }: Conformance): string[] {
  const lines = all.map(({ says, url, features }) => `- ${escaped(says)} (${features.join(', ')}): ${url}`);
  return lines.length === 0 ? [] : ['## Announced', lines.join('\n')];
}

function pages(sentences: SentenceEntry[]): string[] {
  const known = pagesFile();
  return [...new Set(sentences.map((one) => one.page))].flatMap((page) => {
    const rows = sentences
      .filter((one) => one.page === page)
      .map(({ id, says, basis, outcome, checks, because }) => {
        const by = because === undefined ? checks.join(', ') : `nothing: ${because}`;
        return `| ${MARKS[outcome] ?? ''} | ${[says, basis, id.startsWith(`${page}/`) ? by : (because ?? id)].map(escaped).join(' | ')} |`;
      });
    const title = `### ${escaped(`${known[page]?.title ?? page} (${page})`)}`;
    return [
      title,
      known[page]?.url ?? '',
      ['| | sentence | basis | checked by |', '|---|---|---|---|', ...rows].join('\n'),
    ];
  });
}

function coverage({ coverage: entries }: Conformance): string[] {
  return entries.flatMap(({ product, version, named, seen, never }) => [
    `## Never seen: ${product} ${version}`,
    `${seen} of ${named} operations, statuses, media types, members, branches and headers that the contract names were seen. Of the others nothing is known:`,
    never.map((one) => `- \`${one}\``).join('\n'),
  ]);
}

function proof(proofs: Proof[]): string[] {
  if (proofs.length === 0) return [];
  const table = tableOf(sumOf(proofs.map((one) => one.matrix)));
  const survivors = proofs.flatMap(({ survivors: left }) =>
    left.map(({ step, pointer, ways }) => `- ${escaped(`${step} ${pointer}: ${ways.join('; ')}`)}`),
  );
  return [
    '## Altered answers',
    'What would have been noticed if the server had answered otherwise: alterations by kind, and what found them.',
    `\`\`\`text\n${table}\n\`\`\``,
    ...(survivors.length === 0 ? [] : ['Not noticed:', [...new Set(survivors)].join('\n')]),
  ];
}

/** Text of a server or a fixture in a table of Markdown: neither a cell's end, nor a line's, nor HTML, a link or a picture. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\|[\]]/g, '\\$&')
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, '�');
}
