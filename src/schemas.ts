import path from 'node:path';
import type { Ajv2020, ErrorObject, Options, ValidateFunction } from 'ajv/dist/2020.js';
import { holds, strictAjv } from './ajv.ts';
import { SuiteError } from './errors.ts';
import type { Basis } from './finding.ts';
import { at, child, isObject, tokens, without, type Json, type JsonObject } from './json.ts';
import { ROOT, type YamlFile } from './yaml.ts';

const BASE = 'https://contract.invalid/';
/** Members of OpenAPI objects and annotations that strict mode must not take for misspelt keywords. */
const OPENAPI_WORDS = ['xml', 'externalDocs', 'example', 'discriminator', 'x-basis', 'x-free'];
const COMPOSING = ['allOf', 'anyOf', 'oneOf'];
const NESTING = ['properties', 'patternProperties', 'dependentSchemas', '$defs'];

/** An Ajv that knows the words of OpenAPI and of these contracts. */
function contractAjv(options: Options = {}): Ajv2020 {
  // The documents' schemas are not looked at either: specs do that.
  const ajv = strictAjv({ passContext: true, validateSchema: false, ...options });
  ajv.addVocabulary(OPENAPI_WORDS);
  ajv.addKeyword({ keyword: 'x-templates', type: 'object', schemaType: 'object', validate: collect, errors: false });
  return ajv;
}

/** A value that a contract builds from others: where it stands, and the template of it. */
export interface Template {
  /** The object that carries the promise, as a pointer; pointers in the template begin there. */
  base: string;
  pointer: string;
  /** `https://api.example/things/{thingID}/parts/{/id}`: path parameters, and pointers into the object. */
  template: string;
  basis: Basis | undefined;
}

/** What one validation of a value found. */
interface Look {
  validate: ValidateFunction;
  value: Json;
  errors: ErrorObject[];
  templates: Template[];
}

/** An annotation, not an assertion: hands the templates of each place to the one who validates. */
function collect(
  this: { templates?: Template[] },
  said: Record<string, string | { is: string; basis: Basis }>,
  _value: unknown,
  _schema?: unknown,
  context?: { instancePath: string },
): boolean {
  const base = context?.instancePath ?? '';
  for (const [pointer, one] of Object.entries(said)) {
    const { is, basis } = typeof one === 'string' ? { is: one, basis: undefined } : one;
    this.templates?.push({ base, pointer: base + pointer, template: is, basis });
  }
  return true;
}

/** Compiles the schemas of a set of contract files, twice: as written, and closed. */
export class Schemas {
  readonly #open = contractAjv();
  /** Of members' names: what their values are like is looked at by the other. */
  readonly #closed = contractAjv({ validateFormats: false });
  readonly #files: ReadonlyMap<string, YamlFile>;
  readonly #compiled = new Map<string, ValidateFunction>();
  #last: Look | undefined;

  constructor(files: ReadonlyMap<string, YamlFile>) {
    this.#files = files;
    // A file's own sections (paths, schemas, …) stand beside its schemas: strict mode has to know them.
    const sections = new Set([...files.values()].flatMap((yaml) => Object.keys(yaml.value as JsonObject)));
    for (const section of sections)
      for (const ajv of [this.#open, this.#closed])
        if (!OPENAPI_WORDS.includes(section) && !ajv.getKeyword(section)) ajv.addKeyword(section);
    for (const [file, yaml] of files) {
      const id = idOf(file);
      this.#open.addSchema(yaml.value as JsonObject, id, undefined, false);
      this.#closed.addSchema(close(yaml.value) as JsonObject, id, undefined, false);
    }
  }

  #compile(schema: { file: string; pointer: string }, closed: boolean): ValidateFunction {
    const key = `${closed ? 'closed' : 'open'} ${schema.file}#${schema.pointer}`;
    let validate = this.#compiled.get(key);
    if (validate) return validate;
    const ajv = closed ? this.#closed : this.#open;
    const reference = `${idOf(schema.file)}#${encodeURI(schema.pointer)}`;
    try {
      validate = ajv.compile(closed ? { $ref: reference, unevaluatedProperties: false } : { $ref: reference });
    } catch (error) {
      const line = this.#files.get(schema.file)?.line(schema.pointer);
      throw new SuiteError(
        `the schema at '#${schema.pointer}' does not compile: ${String((error as Error).message)}`,
        schema.file,
        line,
      );
    }
    this.#compiled.set(key, validate);
    return validate;
  }

  /** Every error of a value under a schema; of a `type`-selected branch only that branch's. */
  validate(schema: { file: string; pointer: string }, value: Json): ErrorObject[] {
    return this.#look(schema, value).errors;
  }

  /** The templates of every place of a value that the schema has one for. */
  templates(schema: { file: string; pointer: string }, value: Json): Template[] {
    return this.#look(schema, value).templates;
  }

  /** Errors and templates of a value, which are asked for one after the other: the last are remembered. */
  #look(schema: { file: string; pointer: string }, value: Json): Look {
    const validate = this.#compile(schema, false);
    if (this.#last?.validate === validate && this.#last.value === value) return this.#last;
    const templates: Template[] = [];
    const errors = holds(validate, value, { templates })
      ? []
      : (validate.errors ?? []).filter((error) => error.keyword !== 'if');
    return (this.#last = { validate, value, errors, templates });
  }

  /** A value without what is wrong in it; undefined if that is the whole. */
  #right(schema: { file: string; pointer: string }, value: Json): Json | undefined {
    const wrong = this.validate(schema, value).map(({ instancePath }) => instancePath);
    if (wrong.length === 0) return value;
    if (wrong.includes('')) return undefined;
    return this.#right(schema, without(value, new Set(wrong.map((pointer) => aroundOf(value, pointer)))));
  }

  /**
   * Pointers of the members that the schema, closed, does not name. An object that is wrong fits no branch of the schema, and
   * which of its members have a name there nobody can tell: it is left out; a value that is wrong altogether has none.
   */
  unnamed(schema: { file: string; pointer: string }, value: Json): string[] {
    const validate = this.#compile(schema, true);
    const unnamed: string[] = [];
    for (let rest = this.#right(schema, value); rest !== undefined && !holds(validate, rest);) {
      const found = (validate.errors ?? [])
        .filter((error) => error.keyword === 'unevaluatedProperties')
        .map((error) =>
          child(error.instancePath, (error.params as { unevaluatedProperty: string }).unevaluatedProperty),
        );
      // In a branch that is chosen by a type, one such member makes all that the branch names unnamed: the deepest are true.
      const depth = Math.max(0, ...found.map((pointer) => tokens(pointer).length));
      const deepest = new Set(found.filter((pointer) => tokens(pointer).length === depth));
      if (deepest.size === 0) break;
      unnamed.push(...deepest);
      rest = deepest.has('') ? undefined : without(rest, deepest);
    }
    return unnamed;
  }
}

/** The object that a wrong value is a member of, or the list that it is in: the outermost of lists. At the top it is the value. */
function aroundOf(value: Json, pointer: string): string {
  const up = (one: string): string => one.slice(0, one.lastIndexOf('/'));
  let here = up(pointer) === '' ? pointer : up(pointer);
  while (here !== '' && Array.isArray(at(value, up(here)))) here = up(here);
  return here;
}

function idOf(file: string): string {
  return BASE + path.relative(ROOT, file).split(path.sep).join('/');
}

/**
 * A copy of a document in which every place where an object may stand is closed by `unevaluatedProperties: false`.
 * Only the outermost schema of a composition is closed; inside `allOf` and the like, closing would refuse valid members.
 */
function close(value: Json, schemaHere = false): Json {
  if (Array.isArray(value)) return value.map((one) => close(one));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, one] of Object.entries(value)) {
    if (key === 'properties' || key === 'patternProperties')
      copy[key] = isObject(one)
        ? Object.fromEntries(Object.entries(one).map(([name, schema]) => [name, close(schema, true)]))
        : one;
    else if (key === 'items' || (key === 'additionalProperties' && isObject(one))) copy[key] = close(one, true);
    else if (key === 'prefixItems' && Array.isArray(one)) copy[key] = one.map((schema) => close(schema, true));
    else if (['examples', 'example', 'default', 'const', 'enum'].includes(key)) copy[key] = one;
    else copy[key] = close(one);
  }
  const objectLike = ['$ref', ...COMPOSING, ...NESTING, 'if'].some((word) => word in value);
  const settled = 'unevaluatedProperties' in value || 'additionalProperties' in value || value['type'] === 'array';
  if (schemaHere && objectLike && !settled) copy['unevaluatedProperties'] = false;
  return copy;
}
