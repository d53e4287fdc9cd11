import { verdictText } from '../document.ts';
import { placeOf, type Run, type ToldStatement, type ToldStory } from '../run.ts';
import { markup, type Html } from '../page/html.ts';
import { isUntold, problemOf } from './problem.ts';

/** A run in the form that CI systems know from JUnit: a suite for each story, a case for each statement; without times. */
export function junitOf({ document, stories }: Run): string {
  const cases = stories.flatMap((story) => story.statements);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${document.target.name}: ${verdictText(document)}" ${counted(cases)}>
${stories.map(suite)}</testsuites>
`.text;
}

function suite(story: ToldStory): Html {
  const { title, product, version, statements } = story;
  return markup`<testsuite name="${title} (${product} ${version})" ${counted(statements)}>
${statements.map((statement) => testcase(story, statement))}</testsuite>
`;
}

function counted(cases: ToldStatement[]): Html {
  const failures = cases.filter((one) => problemOf(one) !== undefined).length;
  return markup`tests="${cases.length}" failures="${failures}" errors="0" skipped="${cases.filter(isUntold).length}"`;
}

function testcase({ id, version }: ToldStory, statement: ToldStatement): Html {
  const { says, place } = statement;
  const { file, line } = placeOf(place);
  const problem = problemOf(statement);
  const inside = problem
    ? markup`<failure message="${problem.short}" type="${statement.outcome}">${problem.whole}</failure>`
    : isUntold(statement)
      ? markup`<skipped message="${statement.reason ?? statement.outcome}"/>`
      : '';
  return markup`<testcase name="${says} [${statement.id}]" classname="${id} ${version}" file="${file}" line="${line}">${inside}</testcase>
`;
}
