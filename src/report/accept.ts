import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMap, parseDocument, YAMLMap } from 'yaml';
import { SuiteError } from '../errors.ts';
import { targetFiles } from '../target.ts';
import { readDocument } from './files.ts';

const HELP = `npm run -s accept -- REPORT [--target NAME]

Writes each statement that a run found broken into the deviations of the target's file (fixtures/targets/<target>.yaml), for you
to commit once you have filled in why, and until when. From then on such a statement must fail, and the run is red
once it stops failing or its day has passed.
REPORT is a conformance-report/<target>.json. A target chosen under another name is told with --target.

  --target NAME   the target's file in fixtures/targets (default: the one that the report names)
  --help          this

Exit code: 0 written, or nothing to accept; 2 a mistake in what was given.
`;

/** What is broken and not yet accepted, as keys of deviations. */
function broken(place: string): { target: string; statements: string[] } {
  const document = readDocument(place);
  const statements = document.stories.flatMap((story) =>
    story.statements
      .filter((statement) => statement.outcome === 'broken' && statement.kind !== 'clean-up')
      .map((statement) => `${story.product}/${statement.id}`),
  );
  return { target: document.target.id, statements: [...new Set(statements)] };
}

/**
 * Adds deviations to the text of a target's file; what stands there stays, comments too.
 * `because` is left empty, which the grammar refuses with the line: it is for a person to fill in.
 * @param seen today, as YYYY-MM-DD
 */
export function withDeviations(text: string, statements: string[], seen: string): { text: string; added: string[] } {
  const document = parseDocument(text);
  const present = document.get('deviations');
  const deviations = isMap(present) ? present : new YAMLMap();
  if (!isMap(present)) document.set('deviations', deviations);
  const added = statements.filter((key) => !deviations.has(key));
  for (const key of added) deviations.set(key, document.createNode({ because: '', seen, until: '' }));
  return { text: added.length === 0 ? text : document.toString({ lineWidth: 0 }), added };
}

/** The command. @returns the exit code */
export function acceptCommand(words: string[], print: (text: string) => void): number {
  const { values, positionals } = parseArgs({
    args: words,
    options: { target: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [place, more] = positionals;
  if (values.help) {
    print(HELP);
    return 0;
  }
  if (place === undefined || more !== undefined) throw new SuiteError(`one report is needed\n\n${HELP}`);
  const found = broken(place);
  const name = values.target ?? found.target;
  const yaml = targetFiles()[name];
  if (!yaml)
    throw new SuiteError(
      `there is no fixtures/targets/${name}.yaml: give --target, one of ${Object.keys(targetFiles()).join(', ')}`,
    );
  if (yaml.value.world !== undefined)
    throw new SuiteError(`${name} is a world of our own: what is broken there is to be mended, not accepted`);
  const { text, added } = withDeviations(
    readFileSync(yaml.file, 'utf8'),
    found.statements,
    new Date().toISOString().slice(0, 10),
  );
  writeFileSync(yaml.file, text);
  print(
    added.length === 0
      ? 'nothing to accept: every statement that is broken is a deviation already, or none is'
      : `${path.basename(yaml.file)}: ${added.length} deviations added. Fill in because (and until, or take it out) for each, then commit the file:\n  ${added.join('\n  ')}`,
  );
  return 0;
}
