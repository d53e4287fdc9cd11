import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { parse } from 'dotenv';
import { SuiteError } from './errors.ts';
import { grouped } from './report/grouped.ts';
import { leaves, type Json, type JsonObject } from './json.ts';
import { explain, once, readYaml, ROOT } from './yaml.ts';

/** Validated variables, defaults filled in; absent and empty ones are not there. */
export type Environment = Readonly<Record<string, string>>;

/** A variable, as its grammar describes it. */
export interface Variable {
  description: string;
  examples: string[];
  enum?: string[];
  default?: string;
  writeOnly?: boolean;
  'x-personal'?: boolean;
  contentSchema?: object;
}

const SCHEMA = 'fixtures/environment.schema.json';

const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  verbose: true,
  strictTypes: false,
  strictRequired: false,
  validateSchema: false, // a spec does, once
});

ajv.addKeyword({ keyword: 'x-personal', schemaType: 'boolean' });

const described = once(() => {
  const schema = readYaml(SCHEMA).value as JsonObject;
  return { known: schema['properties'] as unknown as Record<string, Variable>, validate: ajv.compile(schema) };
});

/** Every variable that there is, in the order in which they are told. */
export function variables(): Record<string, Variable> {
  return described().known;
}

type Mark = 'writeOnly' | 'x-personal';

function marked(mark: Mark): string[] {
  return Object.entries(variables()).flatMap(([name, variable]) => (variable[mark] === true ? [name] : []));
}

/** Names of the variables that hold secrets. */
export function secretVariables(): string[] {
  return marked('writeOnly');
}

/** The values that are secret, and those that are about a person; of a JSON object, each text in it. */
export function hiddenValues(environment: Environment): { secrets: string[]; personal: string[] } {
  const values = (mark: Mark): string[] =>
    marked(mark).flatMap((name) => {
      const value = environment[name];
      if (value === undefined) return [];
      return variables()[name]?.contentSchema
        ? leaves(JSON.parse(value) as Json).flatMap(({ value: leaf }) =>
            typeof leaf === 'string' || typeof leaf === 'number' ? [`${leaf}`] : [],
          )
        : [value];
    });
  return { secrets: values('writeOnly'), personal: values('x-personal') };
}

/** The file of settings. */
export const ENV = path.join(ROOT, '.env');

/**
 * The variables that the process environment and `.env` give; the process environment wins.
 * @throws SuiteError when .env cannot be read
 */
export function readEnvironment(file = ENV): Record<string, string> {
  return { ...given(parse(textOf(file))), ...given(trimmed(process.env)) };
}

/** Names that a file of settings gives, known or not. @throws SuiteError when it cannot be read */
export function namesIn(file = ENV): string[] {
  return Object.keys(parse(textOf(file)));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return '';
    throw new SuiteError(`.env cannot be read (${code ?? 'error'}); it must be a text file of NAME=value lines`);
  }
}

function given(values: Record<string, string | undefined>): Record<string, string> {
  const known = variables();
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value !== undefined && value.trim() !== '' && name in known ? [[name, value]] : [],
    ),
  );
}

/** Secrets of a CI easily end with a line feed; in a file, quotes say what belongs to a value. */
function trimmed(values: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value?.trim()]));
}

/**
 * Validates variables and fills in defaults.
 * @throws SuiteError with one line for each variable that is missing or malformed: what it is for, and an example
 */
export function validateEnvironment(values: Record<string, string>): Environment {
  const problems = [...new Set(problemsOf(values).map(({ says }) => says))];
  if (problems.length > 0)
    throw new SuiteError(
      `the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`} (environment or .env):\n${problems.join('\n')}`,
    );
  const defaults = Object.entries(variables()).flatMap(([name, variable]) =>
    variable.default === undefined ? [] : [[name, variable.default]],
  );
  return { ...(Object.fromEntries(defaults) as Record<string, string>), ...values };
}

/** What is wrong with a variable, or that it is missing, in words that say what it is for, with an example. */
export interface Problem {
  name: string;
  missing: boolean;
  says: string;
}

/** Everything that is wrong with the values of variables, without showing one. */
export function problemsOf(values: Record<string, string>): Problem[] {
  const { known, validate } = described();
  const errors = validate(values) ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  const absent = grouped(
    errors.filter(({ keyword }) => keyword === 'dependentRequired'),
    ({ params }) => String((params as { missingProperty: unknown }).missingProperty),
  );
  const problems = [
    ...[...absent].map(([name, all]) => missing(name, all, known)),
    ...errors.filter(({ keyword }) => keyword !== 'dependentRequired').map((error) => problem(error, known)),
  ];
  for (const [name, variable] of Object.entries(known)) {
    if (!variable.contentSchema || values[name] === undefined) continue;
    const wrong = (what: string): unknown => problems.push({ name, missing: false, says: line(name, known, what) });
    try {
      if (!ajv.validate(variable.contentSchema, JSON.parse(values[name] ?? ''))) wrong('is not a JSON object');
    } catch {
      wrong('is not valid JSON');
    }
  }
  return problems;
}

/** One problem for one variable, however many others want it. */
function missing(name: string, errors: ErrorObject[], known: Record<string, Variable>): Problem {
  const [first, ...others] = new Set(errors.map(({ params }) => String((params as { property: unknown }).property)));
  const by = others.length === 0 ? `${first ?? ''} is` : `${first ?? ''} and ${others.length} more are`;
  return { name, missing: true, says: line(name, known, `is missing, but ${by} set`) };
}

function problem(error: ErrorObject, known: Record<string, Variable>): Problem {
  const name = error.instancePath.slice(1);
  const says = line(name, known, explain(error).replace(/^must match the pattern.*/, 'is malformed'));
  return { name, missing: false, says };
}

function line(name: string, known: Record<string, Variable>, what: string): string {
  const variable = known[name];
  return `  ${name} ${what}\n      ${variable?.description ?? ''}; for example: ${name}=${variable?.examples[0] ?? ''}`;
}
