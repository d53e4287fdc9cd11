import type { Condition, Span } from './configuration.ts';
import { filterOf } from './filter.ts';
import { settingOf } from './settings.ts';
import type { User } from './users.ts';
import type { World } from './world.ts';

type Conditions = {
  [Type in Condition['type']]: (world: World, condition: Extract<Condition, { type: Type }>, user: User) => boolean;
};

const MINUTE = 60_000;
// Chosen: months and years of average length.
const SPANS: Readonly<Record<Span, number>> = {
  years: 365.25 * 1440 * MINUTE,
  months: 30.4375 * 1440 * MINUTE,
  weeks: 7 * 1440 * MINUTE,
  days: 1440 * MINUTE,
  hours: 60 * MINUTE,
  minutes: MINUTE,
};

const CONDITIONS: Conditions = {
  // Chosen: `every` means each multiple of the amount; only `at` is documented for this product.
  loginCount: ({ fault }, { interval, amount }, { meta: { loginCount } }) => {
    const count = loginCount - (fault('login-count-one-late') ? 1 : 0);
    if (interval === 'every' && !fault('login-count-every-once')) return count > 0 && count % amount === 0;
    return fault('login-count-from-on') ? count >= amount : count === amount;
  },
  queryFilter: ({ fault }, { filter }, user) =>
    fault('filter-condition-always-holds') || filterOf(filter)(user.attributes),
  // Chosen: the time between the latest login and the one before it; nothing has passed for who never logged in before.
  timesincelogin: ({ fault }, condition, { meta: { lastLogin, loginBefore } }) => {
    if (fault('time-condition-always-holds')) return true;
    if (lastLogin === undefined || loginBefore === undefined || fault('time-condition-never-holds')) return false;
    const spans = Object.entries(SPANS) as [Span, number][];
    return lastLogin - loginBefore >= spans.reduce((sum, [span, ms]) => sum + (condition[span] ?? 0) * ms, 0);
  },
  // Holds when as many questions are answered as have to be.
  kbaQuestions: (world, _, { attributes }) => {
    const answers = attributes['kbaInfo'];
    const wanted = Number(settingOf(world, 'selfservice.kba')['minimumAnswersToDefine'] ?? 1);
    return world.fault('answers-condition-not-looked-up') || (Array.isArray(answers) && answers.length >= wanted);
  },
  // Chosen: holds while the active version of the terms is still to be accepted, as its documented process has it.
  terms: (world, _, { meta }) => {
    const { active } = settingOf(world, 'selfservice.terms');
    const accepted = world.fault('terms-condition-not-looked-up');
    return active !== undefined && meta.termsAccepted?.termsVersion !== active && !accepted;
  },
  // Chosen: no script is run; the two scripts that need none to be are taken.
  script: ({ fault }, { script }) => constantOf(script.source) === true || fault('script-condition-always-holds'),
};

/** The value of a script that is nothing but `true` or `false`; undefined for any other. */
export function constantOf(source: unknown): boolean | undefined {
  const [, word] = /^\s*\(?(true|false)\)?\s*;?\s*$/.exec(String(source)) ?? [];
  return word === undefined ? undefined : word === 'true';
}

/** Whether there is such a condition. */
export function isCondition(type: unknown): boolean {
  return typeof type === 'string' && Object.hasOwn(CONDITIONS, type);
}

/** Whether a stage's condition holds for the user. Source: self-service-reference, stages/stage-conditional-user. */
export function holds(world: World, condition: Condition, user: User): boolean {
  const evaluate = CONDITIONS[condition.type] as (world: World, condition: Condition, user: User) => boolean;
  return evaluate(world, condition, user);
}

/** Whether a form completed at an earlier login comes up again. */
export function recurs(condition: Condition): boolean {
  return condition.type === 'kbaQuestions' || (condition.type === 'loginCount' && condition.interval === 'every');
}
