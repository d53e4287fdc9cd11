import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { FORMATS } from './formats.ts';
import { isObject, type Json } from './json.ts';

/** An Ajv for JSON Schema 2020-12 that answers are held to: strict, every error with what it is about, formats asserted. */
export function strictAjv(options: Options): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allErrors: true,
    allowUnionTypes: true,
    verbose: true,
    // Most schemas are compiled for a few answers each: tidying their code would take longer than it saves.
    code: { optimize: false },
    ...options,
  });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  for (const [name, validate] of Object.entries(FORMATS)) ajv.addFormat(name, { type: 'string', validate });
  return ajv;
}

/**
 * Validates a value that a server gave. Ajv compares objects by calling `toString` and `valueOf`; where a server has
 * members of these names, which are no functions, they are compared under others.
 */
export function holds(validate: ValidateFunction, value: Json, context = {}): boolean {
  try {
    return validate.call(context, value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return validate.call(context, renamed(value));
  }
}

function renamed(value: Json): Json {
  if (Array.isArray(value)) return value.map(renamed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [/^(toString|valueOf)$/.test(name) ? `${name} ` : name, renamed(one)]),
  );
}
