import { verdictText } from '../document.ts';
import { placeOf, type Run, type ToldStatement, type ToldStory } from '../run.ts';
import { isUntold, problemOf } from './problem.ts';
import { printableJson } from '../../printable.ts';

/** A run as a Common Test Report (CTRF): a test for each statement. Its times are those of the exchanges. */
export function ctrfOf({ document, stories }: Run): string {
  const tests = stories.flatMap((story) => story.statements.map((statement) => testOf(story, statement)));
  const exchanges = stories.flatMap((story) => story.statements.flatMap((statement) => statement.evidence));
  const [start, stop] = exchanges.reduce(
    ([first, last], { at, answer }) => [Math.min(first, at), Math.max(last, Math.ceil(at + (answer?.ms ?? 0)))],
    [Infinity, 0],
  );
  const count = (status: string): number => tests.filter((one) => one.status === status).length;
  const summary = {
    tests: tests.length,
    ...{
      passed: count('passed'),
      failed: count('failed'),
      pending: 0,
      skipped: count('skipped'),
      other: count('other'),
    },
    suites: stories.length,
    ...{ start: Number.isFinite(start) ? start : 0, stop },
  };
  const tool = { name: 'conformance', version: document.suite };
  const environment = { appName: document.target.name, extra: { verdict: verdictText(document) } };
  return printableJson({ reportFormat: 'CTRF', specVersion: '0.0.0', results: { tool, summary, tests, environment } });
}

function testOf(story: ToldStory, statement: ToldStatement) {
  const problem = problemOf(statement);
  const { file, line } = placeOf(statement.place);
  return {
    name: `${statement.says} [${statement.id}]`,
    status: problem
      ? 'failed'
      : isUntold(statement)
        ? 'skipped'
        : statement.outcome === 'tolerated'
          ? 'other'
          : 'passed',
    duration: Math.round(statement.evidence.reduce((sum, { answer }) => sum + (answer?.ms ?? 0), 0)),
    suite: [`${story.title} (${story.product} ${story.version})`],
    ...(problem ? { message: problem.short, trace: problem.whole } : {}),
    ...(statement.reason === undefined || problem ? {} : { message: statement.reason }),
    tags: [statement.kind, statement.basis],
    filePath: file,
    line,
  };
}
