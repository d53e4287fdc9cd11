import { isObject } from './body.ts';
import { flag, list, note, object, oneOf, need, text, whole, type Rule, type Shape } from './validation.ts';

const SCORE = whole(1);

/** Where the user signed on before, which geoVelocity compares with. */
const PLACE: Rule = object({
  previousSuccessfulAuthenticationIp: need(text),
  previousSuccessfulAuthenticationTime: need(text),
});

/** A rule that looks at data, by the member that it is known by. */
const DATA: Record<string, Shape> = {
  secondsSince: { secondsSince: need(text), greater: need(whole(1)) },
  value: { value: need(text), equals: need(oneOf(flag, (value) => typeof value === 'string')) },
  ipRange: { ipRange: need(list(text)), contains: need(text) },
  ipRisk: { ipRisk: need(object({ minScore: need(SCORE), maxScore: need(SCORE) })), valid: need(text) },
  geoVelocity: { geoVelocity: need(text), valid: need(PLACE) },
  anonymousNetwork: { anonymousNetwork: need(list(text)), valid: need(text) },
};

/**
 * When an action runs: rules that and, or and not combine to any depth.
 * Chosen: one rule per object, the first that is known; other members are ignored, and not kept.
 * Source: pingone-api sign-on policy actions, condition.
 */
export const condition: Rule = (value, at) => {
  if (!isObject(value)) return note(at, value, 'INVALID_VALUE', 'must be an object');
  if ('and' in value) return object({ and: need(list(condition)) })(value, at);
  if ('or' in value) return object({ or: need(list(condition)) })(value, at);
  if ('not' in value) return object({ not: need(condition) })(value, at);
  const known = Object.entries(DATA).find(([name]) => name in value);
  return known ? object(known[1])(value, at) : note(at, value, 'INVALID_VALUE', 'is not a rule of a condition');
};
