import type { Faults, PingoneFault } from './faults.ts';
import { ACTION_TYPES, COMMON } from './action-types.ts';
import { isObject } from './body.ts';
import { check, type Problem, type Shape } from './validation.ts';
import type { Members } from './world.ts';

type Excuse = (problem: Problem) => boolean;

const at = (problem: Problem): string => problem.target.replaceAll(/\[\d+\]/g, '[]');

const missing =
  (target: string): Excuse =>
  (problem) =>
    problem.code === 'REQUIRED_VALUE' && at(problem) === target;

const sent =
  (target: string, test: (value: unknown) => boolean): Excuse =>
  (problem) =>
    problem.code !== 'REQUIRED_VALUE' && at(problem) === target && test(problem.sent);

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isNegative = (value: unknown): boolean => isNumber(value) && (value as number) < 0;
const isZero = (value: unknown): boolean => value === 0;

/** Which broken rules each mistake overlooks. */
const OVERLOOKED: Partial<Record<PingoneFault, Excuse>> = {
  'priority-missing-accepted': missing('priority'),
  'priority-zero-accepted': sent('priority', isZero),
  'priority-negative-accepted': sent('priority', isNegative),
  'priority-fraction-accepted': sent('priority', (value) => isNumber(value) && !Number.isInteger(value)),
  'priority-string-accepted': sent('priority', isText),
  'type-missing-accepted': missing('type'),
  'type-unknown-accepted': sent('type', isText),
  'attributes-missing-accepted': missing('attributes'),
  'attributes-object-accepted': sent('attributes', () => true),
  'attribute-empty-accepted': ({ target, within }) =>
    target.startsWith('attributes[') && isObject(within) && Object.keys(within).length === 0,
  'attribute-name-missing-accepted': missing('attributes[].name'),
  'attribute-name-number-accepted': sent('attributes[].name', isNumber),
  'attribute-required-missing-accepted': missing('attributes[].required'),
  'attribute-required-string-accepted': sent('attributes[].required', () => true),
  'prompt-interval-missing-accepted': missing('promptIntervalSeconds'),
  'prompt-interval-zero-accepted': sent('promptIntervalSeconds', isZero),
  'prompt-interval-negative-accepted': sent('promptIntervalSeconds', isNegative),
  'prompt-interval-string-accepted': sent('promptIntervalSeconds', isText),
  'prompt-text-missing-accepted': missing('promptText'),
  'prompt-text-number-accepted': sent('promptText', isNumber),
  'prevent-prompts-missing-accepted': missing('preventMultiplePromptsPerFlow'),
  'prevent-prompts-string-accepted': sent('preventMultiplePromptsPerFlow', () => true),
  'agreement-missing-accepted': missing('agreement'),
  'agreement-unknown-accepted': sent('agreement.id', isText),
  'no-devices-mode-unchecked': sent('noDevicesMode', isText),
  'discovery-rules-unlimited': sent('discoveryRules', Array.isArray),
  'condition-unchecked': ({ target }) => target.startsWith('condition'),
};

/** Rules that no document has, for the mistakes that refuse good actions. */
function invented(members: Members, fault: Faults): Problem[] {
  const attributes = Array.isArray(members.attributes) ? (members.attributes as unknown[]) : [];
  const found = (test: (attribute: Record<string, unknown>) => boolean): Problem[] =>
    attributes.some((one) => isObject(one) && test(one))
      ? [{ code: 'INVALID_VALUE', target: 'attributes', message: 'is not allowed', sent: attributes, within: members }]
      : [];
  const problems: Problem[] = [];
  if (fault('nested-attribute-refused'))
    problems.push(...found(({ name }) => isText(name) && String(name).includes('.')));
  if (fault('required-attribute-refused')) problems.push(...found(({ required }) => required === true));
  return problems;
}

/**
 * Checks the body of an action.
 * @param current the type of the action that is to be replaced; undefined for a new one
 * @returns the action's type, the members to keep and everything that is wrong
 * Source: pingone-api/platform/sign-on-policies/sign-on-policy-actions (create and update).
 */
export function checkAction(
  body: Record<string, unknown>,
  current: string | undefined,
  fault: Faults,
  there: (kind: string) => string[] = () => [],
): { type: string; members: Members; problems: Problem[] } {
  let type = body.type ?? undefined;
  if (fault('type-lower-case-accepted') && typeof type === 'string') type = type.toUpperCase();
  const own = typeof type === 'string' && Object.hasOwn(ACTION_TYPES, type) ? ACTION_TYPES[type] : undefined;
  const shape: Shape = { ...COMMON, ...own };
  // Chosen: the update page prints a body without attributes, so that they may be left out; they then stay as they are.
  if (current !== undefined && shape.attributes) shape.attributes = { ...shape.attributes, required: false };
  const { kept, problems } = check(body, shape, there);
  const wrong = { target: 'type', sent: type, within: body };
  if (type === undefined) problems.unshift({ ...wrong, code: 'REQUIRED_VALUE', message: 'is required' });
  else if (!own || (fault('pingid-types-refused') && typeof type === 'string' && type.startsWith('PINGID'))) {
    const innerError = { allowedValues: Object.keys(ACTION_TYPES) };
    problems.unshift({ ...wrong, code: 'INVALID_VALUE', message: 'is not a type of action', innerError });
  }
  // Chosen: an action keeps its type for life.
  else if (current !== undefined && type !== current)
    problems.unshift({ ...wrong, code: 'INVALID_VALUE', message: 'cannot be changed' });
  const overlooked = Object.entries(OVERLOOKED).filter(([name]) => fault(name as PingoneFault));
  const left = problems.filter((problem) => !overlooked.some(([, excuse]) => excuse(problem)));
  return {
    type: typeof type === 'string' ? type : 'LOGIN',
    members: kept,
    problems: current !== undefined && fault('action-update-unchecked') ? [] : [...left, ...invented(kept, fault)],
  };
}
