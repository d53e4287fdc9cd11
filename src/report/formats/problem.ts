import { fails } from '../../finding.ts';
import type { ToldStatement } from '../run.ts';

/** What fails at a statement, in a line and in whole; undefined where nothing does. */
export function problemOf(statement: ToldStatement): { short: string; whole: string } | undefined {
  const failing = statement.findings.filter((finding) => fails(finding.grade));
  if (statement.outcome !== 'broken' && statement.outcome !== 'not testable') return undefined;
  const lines = failing.map(said);
  const short = lines[0] ?? statement.reason ?? statement.outcome;
  return { short, whole: [...lines, statement.place, statement.url].join('\n') };
}

/** A finding in one line. */
export function said({ grade, where, expected, came, basis }: ToldStatement['findings'][number]): string {
  return `${grade} (${basis}): ${where === '' ? 'the whole body' : where}: expected ${expected}, came ${came}`;
}

/** Whether a statement was not judged at all. */
export function isUntold({ outcome }: ToldStatement): boolean {
  return outcome === 'skipped' || outcome === 'not applicable';
}
