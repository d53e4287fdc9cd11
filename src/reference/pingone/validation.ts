import { isObject } from './body.ts';
import type { Detail } from './errors.ts';

/** A broken rule, with what was sent and the object in which it was sent. */
export interface Problem extends Detail {
  target: string;
  sent: unknown;
  within: unknown;
}

/** Checks a value, notes what is wrong with it, and gives what is to be kept of it. */
export type Rule = (value: unknown, at: Place) => unknown;

interface Place {
  target: string;
  within: unknown;
  problems: Problem[];
  /** The ids of the things of a kind that are there. */
  there: (kind: string) => string[];
}

/** What an object may hold, by member name. */
export type Shape = Record<string, { rule: Rule; required: boolean }>;

/** A member that must be there. */
export const need = (rule: Rule): { rule: Rule; required: boolean } => ({ rule, required: true });

/** A member that may be left out. */
export const may = (rule: Rule): { rule: Rule; required: boolean } => ({ rule, required: false });

export function note(
  at: Place,
  sent: unknown,
  code: string,
  message: string,
  innerError?: Detail['innerError'],
): unknown {
  const { target, within, problems } = at;
  problems.push({ code, target, message, sent, within, ...(innerError ? { innerError } : {}) });
  return sent;
}

/** A string, empty or not. */
export const string: Rule = (value, at) =>
  typeof value === 'string' ? value : note(at, value, 'INVALID_VALUE', 'must be a string');

/** A string with something in it. */
export const text: Rule = (value, at) => {
  // Chosen: no lower limit is documented, but an error code for empty values is.
  return value === '' ? note(at, value, 'EMPTY_VALUE', 'must not be empty') : string(value, at);
};

/** True or false; the words in quotes are not. */
export const flag: Rule = (value, at) =>
  typeof value === 'boolean' ? value : note(at, value, 'INVALID_VALUE', 'must be a boolean');

/** A whole number of at least `least` and at most `most`. Chosen: where nothing else is said, what Ping's own client can read. */
export const whole =
  (least: number, most = 2_147_483_647): Rule =>
  (value, at) => {
    if (!Number.isInteger(value)) return note(at, value, 'INVALID_VALUE', 'must be an integer');
    const range = { rangeMinimumValue: least, rangeMaximumValue: most };
    if ((value as number) >= least && (value as number) <= most) return value;
    return note(at, value, 'OUT_OF_RANGE', `must be between ${least} and ${most}`, range);
  };

/** One of some words. */
export const word =
  (...allowedValues: string[]): Rule =>
  (value, at) =>
    allowedValues.includes(value as string)
      ? value
      : note(at, value, 'INVALID_VALUE', `must be one of ${allowedValues.join(', ')}`, { allowedValues });

/** A string of a certain form. */
export const form =
  (pattern: RegExp): Rule =>
  (value, at) =>
    typeof value === 'string' && pattern.test(value)
      ? value
      : note(at, value, 'INVALID_VALUE', 'has a form that is not allowed', { allowedPattern: pattern.source });

/** What fulfils a test, or else a rule. */
export const oneOf =
  (rule: Rule, test: (value: unknown) => boolean): Rule =>
  (value, at) =>
    test(value) ? value : rule(value, at);

/** The id of a thing of a kind that is there. */
export const known =
  (kind: string): Rule =>
  (value, at) =>
    typeof value !== 'string' || value === '' || at.there(kind).includes(value)
      ? text(value, at)
      : note(at, value, 'INVALID_VALUE', 'is the id of nothing that is there');

/** An array whose items all keep one rule. */
export const list =
  (item: Rule, most = Number.POSITIVE_INFINITY): Rule =>
  (value, at) => {
    if (!Array.isArray(value)) return note(at, value, 'INVALID_VALUE', 'must be an array');
    if (value.length > most)
      return note(at, value, 'SIZE_LIMIT_EXCEEDED', `must have at most ${most} items`, { maximumValue: most });
    return value.map((one, index) => item(one, { ...at, target: `${at.target}[${index}]`, within: value }));
  };

/** An object of a certain shape. Chosen: members that the shape does not name are ignored, and not kept. */
export const object =
  (shape: Shape): Rule =>
  (value, at) => {
    if (!isObject(value)) return note(at, value, 'INVALID_VALUE', 'must be an object');
    const kept: Record<string, unknown> = {};
    for (const [name, { rule, required }] of Object.entries(shape)) {
      const place = { ...at, target: at.target ? `${at.target}.${name}` : name, within: value };
      // An explicit null clears a member; on creation that is the same as leaving it out.
      const sent = value[name] ?? undefined;
      if (sent !== undefined) kept[name] = rule(sent, place);
      else if (required) note(place, sent, 'REQUIRED_VALUE', 'is required');
    }
    return kept;
  };

/**
 * Checks a body.
 * @returns what is to be kept of it (bad values as they were sent), and what is wrong with it
 */
export function check(
  body: Record<string, unknown>,
  shape: Shape,
  there: Place['there'] = () => [],
): { kept: Record<string, unknown>; problems: Problem[] } {
  const problems: Problem[] = [];
  const kept = object(shape)(body, { target: '', within: body, problems, there }) as Record<string, unknown>;
  return { kept, problems };
}

/** Problems as a client sees them. */
export function details(problems: Problem[]): Detail[] {
  return problems.map(({ code, target, message, innerError }) => ({
    code,
    target,
    message: `${target} ${message}`,
    ...(innerError ? { innerError } : {}),
  }));
}
