import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SuiteError } from '../errors.ts';
import { markdownOfComparison, textOf } from './comparison.ts';
import { differences, type Difference, type Rating } from './difference.ts';
import type { Conformance } from './document.ts';
import { readDocument } from './files.ts';
import { pageOfComparison } from './page/comparison.ts';

const HELP = `npm run -s compare -- BEFORE AFTER [OPTIONS]

Says what differs between two runs of the suite: what broke, what is new, what is gone.
BEFORE and AFTER are files that a run wrote (conformance-report/<target>.json), or folders with one in each.

  --format text|markdown|html|json   how to say it; html is a page of its own (default: text)
  --output FILE                 where to write it (default: the terminal)
  --fail-on breaking|any|none   what makes the exit code 1 (default: breaking)
  --help                        this

Exit code: 0 nothing to fail on, 1 something to fail on, 2 a mistake in what was given.
docs/comparing.md says how each difference is rated.
`;

const FORMATS: Record<string, (before: Conformance, after: Conformance, found: Difference[]) => string> = {
  text: textOf,
  markdown: markdownOfComparison,
  html: pageOfComparison,
  json: (before, after, found) =>
    JSON.stringify({ before: before.target, after: after.target, differences: found }, null, 2),
};
const FAILING: Record<string, Rating[]> = {
  breaking: ['breaking'],
  any: ['breaking', 'additive', 'neutral'],
  none: [],
};

/** The command. @returns the exit code */
export function compareCommand(words: string[], print: (text: string) => void): number {
  const { values, positionals } = parseArgs({
    args: words,
    options: {
      format: { type: 'string', default: 'text' },
      output: { type: 'string' },
      'fail-on': { type: 'string', default: 'breaking' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const [first, second, more] = positionals;
  if (first === undefined || second === undefined || more !== undefined)
    throw new SuiteError(`two reports are needed, BEFORE and AFTER\n\n${HELP}`);
  const format = FORMATS[values.format];
  const failing = FAILING[values['fail-on']];
  if (!format)
    throw new SuiteError(
      `there is no form '${values.format}': --format must be one of ${Object.keys(FORMATS).join(', ')}`,
    );
  if (!failing)
    throw new SuiteError(
      `nothing is called '${values['fail-on']}': --fail-on must be one of ${Object.keys(FAILING).join(', ')}`,
    );
  const [before, after] = [readDocument(first), readDocument(second)];
  const products = (side: Conformance): string[] => [...new Set(side.coverage.map(({ product }) => product))];
  if (!products(before).some((product) => products(after).includes(product)))
    throw new SuiteError(
      `${first} is about ${products(before).join(', ')} and ${second} about ${products(after).join(', ')}: there is nothing to compare; give two reports about the same product`,
    );
  const found = differences(before, after);
  const text = format(before, after, found);
  if (values.output === undefined) print(text);
  else writeFileSync(values.output, `${text}\n`);
  return found.some((one) => failing.includes(one.rating)) ? 1 : 0;
}
