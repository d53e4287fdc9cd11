import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

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
  return ajv;
}
