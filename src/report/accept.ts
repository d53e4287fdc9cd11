import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMap, isPair, isScalar, isSeq, parseDocument, stringify, type Document, type Node } from 'yaml';
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
 * Adds deviations to the text of a target's file; every other line stays as it is, byte by byte.
 * `because` is left empty, which the grammar refuses with the line: it is for a person to fill in.
 * @param seen today, as YYYY-MM-DD
 */
export function withDeviations(text: string, statements: string[], seen: string): { text: string; added: string[] } {
  const document = parseDocument(text, { keepSourceTokens: true });
  const present = document.get('deviations', true);
  const known = isMap(present) ? present.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
  const added = statements.filter((key) => !known.includes(key));
  return { text: added.length === 0 ? text : inserted(text, document, added, seen), added };
}

function inserted(text: string, document: Document.Parsed, added: string[], seen: string): string {
  const line = text.includes('\r\n') ? '\r\n' : '\n';
  const block = (indent: string): string =>
    added
      .map((key) =>
        entryOf(key, seen)
          .map((one) => `${indent}${one}${line}`)
          .join(''),
      )
      .join('');
  const ended = (before: string): string => (before === '' || before.endsWith('\n') ? before : before + line);
  const pair = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isScalar(key) && key.value === 'deviations')
    : undefined;
  if (!pair) return `${ended(text)}deviations:${line}${block('  ')}`;
  const { value } = pair as { value: Node | null };
  const [from = 0, to = 0] = value?.range ?? [];
  if (isMap(value) && !value.flow) {
    const [first] = value.items;
    const start = (first?.key as Node | undefined)?.range?.[0] ?? from;
    const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
    const end = endOfLine(text, endOf(value));
    return ended(text.slice(0, end)) + block(indent) + text.slice(end);
  }
  if (isMap(value) && value.items.length > 0) {
    const end = endOf(value);
    const more = added.map((key) => `, ${keyOf(key)}: { because: "", seen: ${seen}, until: "" }`).join('');
    return text.slice(0, end) + more + text.slice(end);
  }
  // Nothing, or an empty map: what is said of it begins below.
  const key = (pair.key as Node).range?.[1] ?? 0;
  const colon = text.indexOf(':', key) + 1;
  const rest = value === null || from === to ? text.slice(colon) : text.slice(colon, from).trimEnd() + text.slice(to);
  const end = endOfLine(rest, 0);
  return ended(text.slice(0, colon) + rest.slice(0, end)) + block('  ') + rest.slice(end);
}

/** Where the last value of a block of values ends, without the comments and empty lines that follow. */
function endOf(node: Node | null): number {
  const last = isMap(node) || isSeq(node) ? node.items.at(-1) : undefined;
  const value = isPair(last) ? ((last.value ?? last.key) as Node | null) : (last as Node | undefined);
  const block = (isMap(value) || isSeq(value)) && !value.flow;
  return block ? endOf(value) : ((value ?? node)?.range?.[1] ?? 0);
}

/** The place after the line break that ends a line; a block scalar's end is one already. */
function endOfLine(text: string, from: number): number {
  if (from > 0 && text[from - 1] === '\n') return from;
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

function entryOf(key: string, seen: string): string[] {
  return [`${keyOf(key)}:`, '  because: ""', `  seen: ${seen}`, '  until: ""'];
}

function keyOf(key: string): string {
  return stringify(key, { lineWidth: 0 }).trimEnd();
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
