import { isObject } from './body.ts';
import { ACTION_TYPES } from './action-types.ts';
import type { checkAction } from './action-check.ts';

type Checked = ReturnType<typeof checkAction>;

/** A whole number of at least 1, from whatever was sent. */
const count = (value: unknown, otherwise: number): number => {
  const number = Math.floor(Number(value));
  return number >= 1 ? number : otherwise;
};

/** What a lenient server makes of a new action: every mistake is put right in its own way, none is told. */
export function mended({ type, members }: Checked): Checked {
  const known = Object.keys(ACTION_TYPES).find((one) => one === type.toUpperCase()) ?? 'LOGIN';
  const priority = count(members.priority, 1);
  if (known === 'LOGIN') return { type: known, members: { priority }, problems: [] };
  const attributes: unknown[] = Array.isArray(members.attributes) ? members.attributes : [];
  return {
    type: known,
    members: {
      priority,
      attributes: attributes
        .filter(isObject)
        .map(({ name, required }) => ({ name: String(name ?? 'email') || 'email', required: Boolean(required) })),
      preventMultiplePromptsPerFlow: Boolean(members.preventMultiplePromptsPerFlow),
      promptText: String(members.promptText ?? ''),
      promptIntervalSeconds: count(members.promptIntervalSeconds, 3600),
    },
    problems: [],
  };
}
