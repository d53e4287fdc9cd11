import { evidenceOf } from './evidence.ts';
import { pagesFile } from './pages.ts';
import { curl } from './request.ts';
import type { Redactor } from './redact.ts';
import { shownFinding, type ShownFinding } from './result.ts';
import { line, lines, ours, type Shown } from './shown.ts';
import type { StepReport } from './telling.ts';

/** Everything found at a step, as a person reads it: pointer, what was expected, what came, basis, page, and how to repeat it. */
export function failureText(report: StepReport, redactor: Redactor): Shown {
  const pages = pagesFile();
  const findings = report.findings.map((finding) =>
    findingText(shownFinding(finding, redactor), pages[finding.page ?? report.page]?.url ?? ''),
  );
  const last = report.exchanges.at(-1);
  const count = report.findings.length;
  const title = ours(report.kind === 'refusal' ? `${report.says} [${report.id}]` : report.says);
  return lines(
    [
      line`${title}: ${count} ${ours(count === 1 ? 'finding' : 'findings')}`,
      ...findings,
      ...(last ? [ours('Repeat it (secrets are masked):'), curl(evidenceOf(last, redactor).request)] : []),
    ],
    '\n\n',
  );
}

function findingText({ where, expected, came, grade, kind, basis }: ShownFinding, url: string): Shown {
  return lines([
    line`  ${where === '' ? ours('(the whole body)') : where}`,
    line`    expected  ${expected}`,
    line`    came      ${came}`,
    ours(`    ${grade}: found by ${kind}, basis ${basis}`),
    ours(`    ${url}`),
  ]);
}
