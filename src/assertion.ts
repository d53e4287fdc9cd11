import { createContext, Script } from 'node:vm';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { holds, strictAjv } from './ajv.ts';
import { isExpression } from './expression.ts';
import { isObject, type Json } from './json.ts';
import { exactly, filledParts } from './names.ts';
import type { Printed, Schema } from './printed.ts';
import { filled, type Known } from './template.ts';
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

/** A place of a schema whose value is known only in a run, beside what is judged: so the schema is compiled once for every run. */
interface Hole {
  word: string;
  template: Printed;
}

/**
 * Holds a value against a JSON Schema written in a sequence.
 * @param known what its names and expressions stand for; without it each string stands for itself
 * @throws Error when the schema does not compile
 */
export function failures(schema: Schema, value: Json, known?: Known): Failure[] {
  const holes: Hole[] = [];
  const validate = compiled(lifted(schema, holes));
  const values = holes.map((hole) => valueOf(hole, known));
  const unfit = holes.find(({ word }, index) => !isFit(word, values[index]));
  if (unfit) return [{ pointer: '', expected: `something to compare with in ${JSON.stringify(unfit.template)}` }];
  if (holds(validate, { value, values })) return [];
  return (validate.errors ?? [])
    .filter((error) => error.keyword !== 'if')
    .map((error) => ({ pointer: error.instancePath.slice('/value'.length), expected: said(error, values) }));
}

/** Words whose members are named by the author: each is a schema. */
const NAMING = ['properties', 'patternProperties', 'dependentSchemas', '$defs'];
/** Words that take any value, with which what is judged is compared. */
const COMPARING = ['const', 'enum', 'pattern'];
/** Words that take a number, which an expression may stand for. */
const BOUNDS = /^((exclusive)?(min|max)imum|(min|max)(length|items|properties))$/i;

/** A schema in which places that are filled in a run point to values beside what is judged (Ajv's `$data`). */
function lifted(schema: Printed, holes: Hole[]): Json {
  if (Array.isArray(schema)) return schema.map((one) => lifted(one, holes));
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).map(([word, value]): [string, Json] => {
    if (COMPARING.includes(word) || (BOUNDS.test(word) && typeof value === 'string'))
      return [word, { $data: `/values/${holes.push({ word, template: value }) - 1}` }];
    if (!NAMING.includes(word) || !isObject(value)) return [word, lifted(value, holes)];
    return [word, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lifted(one, holes)]))];
  });
  return Object.fromEntries(members);
}

/** The value of a place in this run; in a regular expression names stand for themselves. */
function valueOf({ word, template }: Hole, known: Known | undefined): Json {
  if (known === undefined) return template;
  if (word !== 'pattern') return filled(template, known).value;
  if (typeof template !== 'string') return template;
  if (isExpression(template)) {
    const { value } = filled(template, known);
    return typeof value === 'string' ? exactly(value) : value;
  }
  return filledParts(known.names.parts(template), known.scope, exactly).text;
}

/** Whether a value of an earlier answer is of the type that the word takes. */
function isFit(word: string, value: Json | undefined): boolean {
  if (word === 'enum') return Array.isArray(value);
  if (word === 'pattern') return typeof value === 'string';
  return !BOUNDS.test(word) || typeof value === 'number';
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

function compiled(lifted: Json): ValidateFunction {
  const key = JSON.stringify(lifted);
  const found = kept.get(key);
  if (found) return found;
  if (kept.size === KEPT) {
    kept.clear();
    strict = strictAjv({ $data: true });
  }
  // What the schema defines is referred to from its root, which is now the one around it.
  const { $defs = {}, ...rest } = isObject(lifted) ? lifted : {};
  const validate = strict.compile({ $defs, properties: { value: isObject(lifted) ? rest : lifted } });
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
