import { appendFileSync } from 'node:fs';
import type { Grade } from '../../finding.ts';
import { verdictText } from '../document.ts';
import { findingsOf, headOf } from '../markdown.ts';
import { placeOf, type Run } from '../run.ts';
import { said } from './problem.ts';

const COMMANDS: Partial<Record<Grade, string>> = { violation: 'error', 'not testable': 'error', notice: 'warning' };

/** Findings that a job's summary shows; the page has them all. */
const SHOWN = 100;

/** Tells GitHub Actions what was found, where a run is one of its jobs: annotations of lines, and the job's summary. */
export function tellGithub(run: Run, environment: NodeJS.ProcessEnv, print: (line: string) => void): void {
  const { document } = run;
  if (environment['GITHUB_ACTIONS'] === 'true') {
    for (const line of annotationsOf(run)) print(line);
    if (document.filtered) print(`::notice::${data(`${document.target.name}: ${verdictText(document)}`)}`);
  }
  const file = environment['GITHUB_STEP_SUMMARY'];
  try {
    if (file) appendFileSync(file, `${summaryOf(run)}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    print(`GITHUB_STEP_SUMMARY: the file cannot be written (${code}), so the job has no summary`);
  }
}

/** Workflow commands that annotate the line of the sequence; what is only reported is not among them. */
export function annotationsOf({ stories }: Run): string[] {
  return stories.flatMap(({ statements }) =>
    statements.flatMap((statement) =>
      statement.findings.flatMap((finding) => {
        const command = COMMANDS[finding.grade];
        if (command === undefined) return [];
        const { file, line } = placeOf(statement.place);
        return [
          `::${command} file=${property(file)},line=${line},title=${property(statement.says)}::${data(said(finding))}`,
        ];
      }),
    ),
  );
}

function summaryOf({ document }: Run): string {
  const told = document.stories.flatMap((story) => story.statements);
  return [...headOf(document), ...findingsOf(told, SHOWN)].join('\n\n');
}

/** Text after a workflow command; a line break would end it, and could begin another. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
