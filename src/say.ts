import { evidenceOf } from './evidence.ts';
import type { Finding } from './finding.ts';
import { pagesFile } from './pages.ts';
import { curl } from './request.ts';
import type { Redactor } from './redact.ts';
import type { StepReport } from './telling.ts';

/** Everything found at a step, as a person reads it: pointer, what was expected, what came, basis, page, and how to repeat it. */
export function failureText(report: StepReport, redactor: Redactor): string {
  const pages = pagesFile();
  const lines = report.findings.map((finding) => findingText(finding, pages[finding.page ?? report.page]?.url ?? ''));
  const last = report.exchanges.at(-1);
  const count = report.findings.length;
  const text = [
    `${report.says}${report.kind === 'refusal' ? ` [${report.id}]` : ''}: ${count} finding${count === 1 ? '' : 's'}`,
    ...lines,
    ...(last ? ['Repeat it (secrets are masked):', curl(evidenceOf(last, redactor).request)] : []),
  ].join('\n\n');
  return redactor.text(text);
}

function findingText(finding: Finding & { grade: string }, url: string): string {
  return [
    `  ${finding.where === '' ? '(the whole body)' : finding.where}`,
    `    expected  ${finding.expected}`,
    `    came      ${finding.came}`,
    `    ${finding.grade}: found by ${finding.kind}, basis ${finding.basis}`,
    `    ${url}`,
  ].join('\n');
}
