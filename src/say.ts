import type { Finding } from './finding.ts';
import { pagesFile } from './pages.ts';
import { parseJson } from './transport.ts';
import { curl } from './request.ts';
import type { Redactor } from './redact.ts';
import type { Exchange, StepReport } from './telling.ts';

/** Everything found at a step, as a person reads it: pointer, what was expected, what came, basis, page, and how to repeat it. */
export function failureText(report: StepReport, redactor: Redactor): string {
  const pages = pagesFile();
  const lines = report.findings.map((finding) => findingText(finding, pages[finding.page ?? report.page]?.url ?? ''));
  const last = report.exchanges.at(-1);
  const count = report.findings.length;
  const text = [
    `${report.says}${report.kind === 'refusal' ? ` [${report.id}]` : ''}: ${count} finding${count === 1 ? '' : 's'}`,
    ...lines,
    ...(last ? ['Repeat it (secrets are masked):', curlOf(last, redactor)] : []),
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

/** The curl command of an exchange, masked. */
function curlOf({ sent }: Exchange, redactor: Redactor): string {
  return curl(
    { ...sent, path: redactor.text(sent.path), headers: redactor.headers(sent.headers) },
    bodyText(sent.body, redactor),
  );
}

/** A request and its answer as they went over the wire, line by line, masked. */
export function exchangeLines(exchange: Exchange, redactor: Redactor): { request: string[]; answer: string[] } {
  const { sent, came, problem } = exchange;
  const lines = (first: string, headers: [string, string][], body: Buffer | undefined): string[] => [
    first,
    ...redactor.headers(headers).map(([name, value]) => `${name}: ${value}`),
    ...(bodyText(body, redactor)?.split('\n') ?? []),
  ];
  return {
    request: lines(`${sent.method} ${redactor.text(sent.path)} HTTP/1.1`, sent.headers, sent.body),
    answer: came
      ? [
          ...(came.repeated ?? []).map((why) => `(sent again: ${why})`),
          ...lines(`HTTP/1.1 ${came.status}`, came.headers, came.body),
        ]
      : [`no answer: ${problem ?? ''}`],
  };
}

function bodyText(body: Buffer | undefined, redactor: Redactor): string | undefined {
  if (body === undefined || body.length === 0) return undefined;
  const parsed = parseJson(body);
  if ('json' in parsed) return JSON.stringify(redactor.json(parsed.json), null, 2);
  return redactor
    .text(body.toString().replace(/((?:secret|password|token|assertion)=)[^&]*/gi, '$1•••'))
    .slice(0, 4000);
}
