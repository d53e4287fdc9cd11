import type { Condition } from './configuration.ts';
import { filterOf } from './filter.ts';
import { settingOf } from './settings.ts';
import type { User } from './users.ts';
import type { World } from './world.ts';

type Conditions = {
  [Type in Condition['type']]: (world: World, condition: Extract<Condition, { type: Type }>, user: User) => boolean;
};

// Chosen: `every` means each multiple of the amount; only `at` is documented for this product.
const CONDITIONS: Conditions = {
  loginCount: (_, { interval, amount }, { meta }) =>
    interval === 'every' ? meta.loginCount % amount === 0 : meta.loginCount === amount,
  queryFilter: (_, { filter }, user) => filterOf(filter)(user.attributes),
  // Holds when as many questions are answered as have to be.
  kbaQuestions: (world, _, { attributes }) => {
    const { kbaPropertyName = 'kbaInfo' } = settingOf(world, 'selfservice.kba');
    const answers = attributes[kbaPropertyName as string];
    const wanted = Number(settingOf(world, 'selfservice.kba')['minimumAnswersToDefine'] ?? 1);
    return Array.isArray(answers) && answers.length >= wanted;
  },
  // Chosen: holds while the active version of the terms is still to be accepted, as its documented process has it.
  terms: (world, _, { meta }) => {
    const { active } = settingOf(world, 'selfservice.terms');
    return active !== undefined && meta.termsAccepted?.termsVersion !== active;
  },
};

/** Whether a stage's condition holds for the user. Source: self-service-reference, stages/stage-conditional-user. */
export function holds(world: World, condition: Condition, user: User): boolean {
  const evaluate = CONDITIONS[condition.type] as (world: World, condition: Condition, user: User) => boolean;
  return evaluate(world, condition, user);
}

/** Whether a form completed at an earlier login comes up again. */
export function recurs(condition: Condition): boolean {
  return condition.type === 'loginCount' && condition.interval === 'every';
}
