import { createContext, Script } from 'node:vm';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { holds, strictAjv } from './ajv.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { explain } from './yaml.ts';

function lenientAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false, allErrors: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv;
}

/** Schemas that one Ajv compiles. It never forgets all of one, not even of a removed one, so it is made anew then. */
const KEPT = 400;

/** One thing that a value does not fulfil. */
export interface Failure {
  pointer: string;
  expected: string;
}

/**
 * Holds a value against a JSON Schema written in a sequence.
 * @throws Error when the schema does not compile
 */
export function failures(schema: JsonObject | boolean, value: Json): Failure[] {
  const values: Json[] = [];
  const own = lifted(withoutEmptyEnums(schema), values);
  // What the schema defines is referred to from its root, which is now the one around it.
  const { $defs = {}, ...rest } = isObject(own) ? own : {};
  const validate = compiled({ $defs, properties: { value: isObject(own) ? rest : own } });
  if (holds(validate, { value, values })) return [];
  return (validate.errors ?? [])
    .filter((error) => error.keyword !== 'if')
    .map((error) => ({ pointer: error.instancePath.slice('/value'.length), expected: said(error, values) }));
}

/** Words whose members are named by the author: each is a schema. */
const NAMING = ['properties', 'patternProperties', 'dependentSchemas', '$defs'];

/** A schema without the values of this run, which stand beside what is judged: so it is compiled once for every run. */
function lifted(schema: Json, values: Json[]): Json {
  if (Array.isArray(schema)) return schema.map((one) => lifted(one, values));
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).map(([word, value]): [string, Json] => {
    if (word === 'const' || (word === 'enum' ? Array.isArray(value) : word === 'pattern' && typeof value === 'string'))
      return [word, { $data: `/values/${values.push(value) - 1}` }];
    if (!NAMING.includes(word) || !isObject(value)) return [word, lifted(value, values)];
    return [word, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lifted(one, values)]))];
  });
  return Object.fromEntries(members);
}

/** A lifted schema with its values in place, to be shown. */
function whole(schema: Json, values: Json[]): Json {
  if (Array.isArray(schema)) return schema.map((one) => whole(one, values));
  if (!isObject(schema)) return schema;
  const place = schema['$data'];
  if (typeof place === 'string') return values[Number(place.slice('/values/'.length))] ?? null;
  return Object.fromEntries(Object.entries(schema).map(([word, value]) => [word, whole(value, values)]));
}

const kept = new Map<string, ValidateFunction>();
let strict = strictAjv({ $data: true });

function compiled(schema: JsonObject): ValidateFunction {
  const key = JSON.stringify(schema);
  const found = kept.get(key);
  if (found) return found;
  if (kept.size === KEPT) {
    kept.clear();
    strict = strictAjv({ $data: true });
  }
  const validate = strict.compile(schema);
  kept.set(key, validate);
  return validate;
}

function said(error: ErrorObject, values: Json[]): string {
  const schema = (): string => JSON.stringify(whole(error.schema as Json, values));
  if (error.keyword === 'contains') return `an item that fulfils ${schema()}`;
  if (error.keyword === 'not') return `nothing that fulfils ${schema()}`;
  if (error.keyword === 'false schema') return 'absent';
  return explain(error);
}

/** Milliseconds that a schema which a server gave may take: its patterns, or its references, may never come to an end. */
const PATIENCE = 500;

const here = createContext({ work: (): unknown => undefined });
const worked = new Script('work()');

/** What some work comes to. @throws Error when it takes too long; only a context of its own can be stopped from outside */
function inTime(work: () => unknown): unknown {
  here['work'] = work;
  return worked.runInContext(here, { timeout: PATIENCE });
}

/**
 * Whether a schema that a server gave accepts a value, as far as can be told in time; words that we do not know are passed
 * over. Each has an Ajv of its own: two of the same `$id` would be in each other's way.
 */
export function acceptedBy(schema: Json | undefined, value: Json): boolean {
  if (!isObject(schema) && typeof schema !== 'boolean') return true;
  try {
    return inTime(() => lenientAjv().validate(schema, value)) === true;
  } catch {
    return false;
  }
}

/** An `enum` of no values, which an empty list of an earlier answer leaves, accepts nothing; Ajv would not compile it. */
function withoutEmptyEnums(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withoutEmptyEnums);
  if (!isObject(schema)) return schema;
  if (Array.isArray(schema['enum']) && schema['enum'].length === 0) return false;
  return Object.fromEntries(Object.entries(schema).map(([word, value]) => [word, withoutEmptyEnums(value)]));
}
