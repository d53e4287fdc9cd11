import { gzipSync } from 'node:zlib';
import { verdictText } from '../document.ts';
import { versionOf } from '../markdown.ts';
import { placeOf, type Run, type ToldStory } from '../run.ts';
import { coverageSection } from './coverage.ts';
import { pageOf, section, table } from './frame.ts';
import { markup, wordOf, type Html } from './html.ts';
import { latencySection } from './latency.ts';
import { proofSection } from './proof.ts';
import { statementAt, statementsSection } from './statements.ts';

/** What a run came to, as one page: the verdict first, and each request and answer a click away. */
export function pageOfRun(run: Run): string {
  const { target, verdict, suite } = run.document;
  const main = markup`<header>
<h1>${target.name}: <strong class="${wordOf(verdict)}">${verdictText(run.document)}</strong></h1>
${summary(run)}
</header>
<nav aria-label="Parts of this page"><a href="#found">Found</a> <a href="#statements">Statements</a> <a href="#undocumented">Undocumented</a> <a href="#coverage">Coverage</a> <a href="#altered">Altered answers</a> <a href="#latency">Latency</a></nav>
${foundSection(run)}
${untoldSection(run)}
${announcedSection(run)}
${statementsSection(run)}
${undocumentedSection(run)}
${coverageSection(run.document)}
${proofSection(run.proofs)}
${latencySection(run)}
<footer><p>Judged by version ${suite} of the suite. Secrets are masked. What was sent and answered is in this file, and is shown when a statement is opened; that needs JavaScript, nothing else does.</p></footer>`;
  return pageOf(`${target.name}: ${verdictText(run.document)}`, main, run.stories.map(packed));
}

/** What the page shows of each statement of a story once it is opened, so small that a page with many opens at once. */
function packed({ version, statements }: ToldStory): string {
  const shown = statements.map(({ id, outcome, reason, place, findings, evidence }) => ({
    ...{ id, version, outcome, reason, place, findings },
    exchanges: evidence,
  }));
  return gzipSync(JSON.stringify(shown), { level: 2 }).toString('base64');
}

function summary({ document: { counts, policy, coverage } }: Run): Html {
  const listed = (one: Record<string, number>): string =>
    Object.entries(one)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  return markup`<dl>
<dt>Judged as</dt><dd>${coverage.map(versionOf).join(', ')}</dd>
<dt>Held</dt><dd>${listed(counts.held)}</dd>
<dt>Found</dt><dd>${listed(counts.found)}</dd>
<dt>Policy</dt><dd>statements that are only recorded or assumed ${policy.strict ? 'fail' : 'are notices'}; undocumented members ${policy.undocumented === 'fail' ? 'fail' : 'are reported'}</dd>
</dl>
`;
}

/** Everything found, but undocumented members, which have a part of their own. */
function foundSection({ stories }: Run): Html {
  const rows = stories.flatMap((story, index) =>
    story.statements.flatMap((statement, at) =>
      statement.findings
        .filter((finding) => finding.grade !== 'undocumented')
        .map(({ grade, kind, where, expected, came, basis }) => [
          markup`<b class="${wordOf(grade)}">${grade}</b>`,
          markup`<a href="#${statementAt(index, at)}">${statement.says}</a> <small>${story.version}, ${placeOf(statement.place).file.split('/').at(-1)}:${placeOf(statement.place).line}</small>`,
          markup`<code>${where}</code>`,
          markup`<code>${expected}</code>`,
          markup`<code>${came}</code>`,
          markup`${kind}, ${basis}${/^https?:/.test(statement.url) ? markup`, <a href="${statement.url}" rel="noreferrer">page</a>` : ''}`,
        ]),
    ),
  );
  const head = ['grade', 'statement', 'where', 'expected', 'came', 'found by, basis'];
  return section('found', 'Found', rows.length === 0 ? markup`<p>Nothing.</p>` : table('Everything found', head, rows));
}

/** Stories and statements that were not told, and what could not be taken away again. */
function untoldSection({ stories }: Run): Html {
  const lines = stories.flatMap(({ title, version, skipped, statements }) => [
    ...(skipped ? [`${title} (${version}): ${skipped.reason}`] : []),
    ...statements
      .filter(({ outcome, kind }) => outcome === 'skipped' || kind === 'clean-up')
      .map(({ says, reason }) => `${says}: ${reason ?? ''}`),
  ]);
  if (lines.length === 0) return markup``;
  return section(
    'untold',
    'Not told, or left behind',
    markup`<ul>${[...new Set(lines)].map((line) => markup`<li>${line}</li>`)}</ul>`,
  );
}

/** What the vendor has announced to take away. */
function announcedSection({ document: { announced } }: Run): Html {
  if (announced.length === 0) return markup``;
  const lines = announced.map(
    ({ says, url, features }) =>
      markup`<li>${says} (${features.join(', ')}) <a href="${url}" rel="noreferrer">page</a></li>`,
  );
  return section('announced', 'Announced', markup`<ul>${lines}</ul>`);
}

/** Members that answers have and no contract names, each with the operations' statements that showed it. */
function undocumentedSection({ stories }: Run): Html {
  const shown = new Map<string, Html>();
  for (const [index, { statements, version }] of stories.entries())
    for (const [at, { findings, evidence, id }] of statements.entries())
      for (const { grade, where, came } of findings) {
        const operation = evidence.at(-1)?.operation ?? id;
        const key = `${version} ${operation} ${where}`;
        if (grade === 'undocumented' && !shown.has(key))
          shown.set(
            key,
            markup`<tr><th scope="row"><code>${where}</code></th><td>${operation}</td><td>${version}</td><td><code>${came}</code></td><td><a href="#${statementAt(index, at)}">${id}</a></td></tr>`,
          );
      }
  if (shown.size === 0)
    return section(
      'undocumented',
      'Undocumented members',
      markup`<p>None: the contract names everything that came.</p>`,
    );
  return section(
    'undocumented',
    'Undocumented members',
    markup`<div class="scrolls" tabindex="0" role="group" aria-label="Undocumented members"><table><thead><tr>${['member', 'operation', 'version', 'came', 'first seen'].map((one) => markup`<th scope="col">${one}</th>`)}</tr></thead><tbody>${[...shown.values()]}</tbody></table></div>`,
  );
}
