import { isObject } from './body.ts';
import { ACTION_TYPES } from './action-types.ts';
import type { checkAction } from './action-check.ts';

type Checked = ReturnType<typeof checkAction>;

/** A text, from whatever was sent. */
export const textOf = (value: unknown, otherwise: string): string =>
  (typeof value === 'string' ? value : JSON.stringify(value ?? '')).replace(/^""$/, '') || otherwise;

/** A whole number of at least 1, from whatever was sent. */
const count = (value: unknown, otherwise: number): number => {
  const number = Math.floor(Number(value));
  return number >= 1 ? number : otherwise;
};

/**
 * What a lenient server makes of a new action: values of another type or form are put right in its own way, untold.
 * What is missing or out of range is still refused, for the pages say what is required and how much is too little.
 */
export function mended({ type, members, problems }: Checked): Checked {
  const serious = problems.filter(({ code, target }) => !/^(INVALID|EMPTY)_VALUE$/.test(code) || target === 'type');
  if (serious.length > 0) return { type, members, problems: serious };
  const known = Object.keys(ACTION_TYPES).find((one) => one === type.toUpperCase()) ?? 'LOGIN';
  const priority = count(members.priority, 1);
  if (problems.length === 0) return { type, members, problems };
  if (known !== 'PROGRESSIVE_PROFILING') {
    const wrong = new Set(problems.map(({ target }) => target.split(/[.[]/)[0] ?? ''));
    const right = Object.entries(members).filter(([name]) => !wrong.has(name));
    const missing = Object.entries(ACTION_TYPES[known] ?? {}).some(([name, rule]) => rule.required && wrong.has(name));
    return missing
      ? { type, members, problems }
      : { type: known, members: { ...Object.fromEntries(right), priority }, problems: [] };
  }
  const attributes: unknown[] = Array.isArray(members.attributes) ? members.attributes : [];
  return {
    type: known,
    members: {
      priority,
      attributes: attributes
        .filter(isObject)
        .map(({ name, required }) => ({ name: textOf(name, 'email'), required: Boolean(required) })),
      preventMultiplePromptsPerFlow: Boolean(members.preventMultiplePromptsPerFlow),
      promptText: textOf(members.promptText, ' '),
      promptIntervalSeconds: count(members.promptIntervalSeconds, 3600),
    },
    problems: [],
  };
}
