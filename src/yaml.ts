import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import { didYouMean, SuiteError } from './errors.ts';
import { child, type Json, type JsonObject } from './json.ts';
import { kept } from './kept.ts';

/** The project's folder; every file name in a message is relative to it. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A parsed YAML file that remembers where each value stands. */
export interface YamlFile<T = Json> {
  /** Absolute path. */
  file: string;
  /** Path from the project's folder, with forward slashes. */
  name: string;
  value: T;
  /** Line (from 1) of the value that a JSON Pointer points at, or of its nearest ancestor. */
  line: (pointer: string) => number;
}

/** Reads one YAML (or JSON) file. @throws SuiteError that names file and line when it cannot be read or parsed */
export function readYaml(file: string): YamlFile {
  const { absolute, name, text } = textOf(file);
  const read = (): Pick<YamlFile, 'value' | 'line'> => placed(made(text, '', () => parsed(text, absolute)));
  const json = name.endsWith('.json') ? jsonOf(text) : undefined;
  if (json === undefined) return { file: absolute, name, ...read() };
  const whole = once(read);
  return { file: absolute, name, value: json, line: (pointer) => whole().line(pointer) };
}

function textOf(file: string): { absolute: string; name: string; text: string } {
  const absolute = path.resolve(ROOT, file);
  const name = path.relative(ROOT, absolute).split(path.sep).join('/');
  try {
    return { absolute, name, text: readFileSync(absolute, 'utf8') };
  } catch (error) {
    throw new SuiteError(
      `${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}): look at its name and its rights`,
    );
  }
}

/** The value of a JSON text, which Node reads far faster than YAML; undefined where YAML has to say what is wrong. */
function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** What a YAML text says, and the line (from 1) of each of its members and items, by JSON Pointer. */
interface Parsed extends JsonObject {
  value: Json;
  lines: Record<string, number>;
}

const require = createRequire(import.meta.url);
/** What makes them: one value that is made otherwise would be another. */
const MAKERS = ['yaml', 'ajv'].map((name) => (require(`${name}/package.json`) as { version: string }).version).join();

/** Parsing takes longer than all else that a start does: what a file comes to is kept beside the installed packages. */
function made(text: string, grammar: string, make: () => Parsed): Parsed {
  return kept(path.join(ROOT, 'node_modules/.conformance'), `yaml and ajv ${MAKERS}, 1\n${grammar}`, text, make);
}

function placed({ value, lines }: Parsed): Pick<YamlFile, 'value' | 'line'> {
  return { value, line: (pointer) => lineOf(lines, pointer) };
}

function parsed(text: string, file: string): Parsed {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true, merge: true });
  const [problem] = document.errors;
  if (problem) {
    const place = counter.linePos(problem.pos[0]);
    throw new SuiteError(`this is not valid YAML: ${problem.message}`, file, place.line, place.col);
  }
  const lines: Record<string, number> = {};
  note(document.contents, '', (pointer, node) => {
    if (node?.range) lines[pointer] = counter.linePos(node.range[0]).line;
  });
  return { value: document.toJS({ maxAliasCount: 1000 }) as Json, lines };
}

/** Tells the node of each member and item: of a member its key. */
function note(node: unknown, pointer: string, tell: (pointer: string, node: Node | null) => void): void {
  if (isMap<Node, Node | null>(node))
    for (const { key, value } of node.items) {
      const here = child(pointer, String(isScalar(key) ? key.value : key));
      tell(here, key);
      note(value, here, tell);
    }
  else if (isSeq<Node>(node))
    for (const [index, item] of node.items.entries()) {
      const here = child(pointer, index);
      tell(here, item);
      note(item, here, tell);
    }
}

function lineOf(lines: Parsed['lines'], pointer: string): number {
  for (let here = pointer; here !== ''; here = here.slice(0, here.lastIndexOf('/'))) {
    const line = lines[here];
    if (line !== undefined) return line;
  }
  return 1;
}

// That grammars are JSON Schemas is for a spec to say, once: compiling the schema of schemas takes longer than theirs.
const ajv = new Ajv2020({
  verbose: true,
  strict: true,
  allErrors: true,
  allowUnionTypes: true,
  strictRequired: false,
  validateSchema: false,
});
const grammars = new Map<string, ValidateFunction>();

/**
 * Reads one YAML file and holds it against its grammar.
 * @param grammar a JSON Schema file, relative to the project's folder
 * @throws SuiteError that names file, line, what is wrong there and what is allowed
 */
export function readFixture<T>(file: string, grammar: string): YamlFile<T> {
  const { absolute, name, text } = textOf(file);
  const whole = made(text, textOf(grammar).text, () => obeying(parsed(text, absolute), absolute, grammar));
  return { file: absolute, name, ...(placed(whole) as Pick<YamlFile<T>, 'value' | 'line'>) };
}

/** What was read, if it obeys its grammar. */
function obeying(read: Parsed, file: string, grammar: string): Parsed {
  const validate = grammars.get(grammar) ?? ajv.compile(readYaml(grammar).value as JsonObject);
  grammars.set(grammar, validate);
  if (validate(read.value)) return read;
  const error = mostSpecific(validate.errors ?? []);
  const message = `${error.instancePath || 'the file'} ${explain(error)}; ${grammar} describes what is allowed here`;
  throw new SuiteError(message, file, lineOf(read.lines, error.instancePath));
}

/** A grammar with alternatives gives many errors: the deepest one is the one to read. */
function mostSpecific(errors: ErrorObject[]): ErrorObject {
  const weight = (error: ErrorObject): number =>
    error.instancePath.split('/').length * 3 +
    (['anyOf', 'oneOf', 'if'].includes(error.keyword) ? 0 : error.keyword === 'additionalProperties' ? 2 : 1);
  return errors.reduce((best, error) => (weight(error) > weight(best) ? error : best));
}

/** One error of Ajv's in words. */
export function explain(error: ErrorObject): string {
  const parameters = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const member = String(parameters['additionalProperty'] ?? parameters['unevaluatedProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
      return `has the unknown member '${member}'${didYouMean(member, known)}${known.length ? `; allowed: ${known.join(', ')}` : ''}`;
    }
    case 'required':
      return `lacks the member '${String(parameters['missingProperty'])}'`;
    case 'enum':
      return `must be one of ${(parameters['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(parameters['allowedValue'])}`;
    case 'pattern':
      return `must match the pattern ${String(parameters['pattern'])}`;
    default:
      return error.message ?? error.keyword;
  }
}

/** A value that is made at the first call and kept: fixtures do not change during a run. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
