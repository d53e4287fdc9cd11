import type { Condition } from './configuration.ts';
import { filterOf } from './filter.ts';
import type { User } from './users.ts';

type Conditions = {
  [Type in Condition['type']]: (condition: Extract<Condition, { type: Type }>, user: User) => boolean;
};

// Chosen: `every` means each multiple of the amount; only `at` is documented for this product.
const CONDITIONS: Conditions = {
  loginCount: ({ interval, amount }, { meta }) =>
    interval === 'every' ? meta.loginCount % amount === 0 : meta.loginCount === amount,
  queryFilter: ({ filter }, user) => filterOf(filter)(user.attributes),
};

/** Whether a stage's condition holds for the user. Source: self-service-reference, stages/stage-conditional-user. */
export function holds(condition: Condition, user: User): boolean {
  const evaluate = CONDITIONS[condition.type] as (condition: Condition, user: User) => boolean;
  return evaluate(condition, user);
}

/** Whether a form completed at an earlier login comes up again. */
export function recurs(condition: Condition): boolean {
  return condition.type === 'loginCount' && condition.interval === 'every';
}
