import { attributeCollection, storeAgain } from './attribute-collection.ts';
import { kbaUpdate, patchObject, termsAndConditions } from './accounts/profile-stages.ts';
import { holds, recurs } from './conditions.ts';
import type { ConditionalUser, StageConfiguration } from './configuration.ts';
import { Refusal } from './refusal.ts';
import type { Requirements, Stage, StageContext } from './stage.ts';

type Stages = { [Name in StageConfiguration['name']]: Stage<Extract<StageConfiguration, { name: Name }>> };

/**
 * Runs another stage for users to whom the condition applies, once for each time it does.
 * Source: self-service-reference, stages/stage-conditional-user
 */
const conditionalUser: Stage<ConditionalUser> = {
  requirements: (context, configuration) => {
    const inner = innerStage(context, configuration);
    return inner === undefined ? {} : requirementsOf(context, inner);
  },

  advance: (context, configuration, input) => {
    const { world, user, key } = context;
    // Chosen: without a user the submission is refused, since there is nobody whose profile it could complete.
    if (user === undefined) throw new Refusal(400, 'No user to collect attributes from');
    const inner = innerStage(context, configuration);
    if (inner === undefined) {
      if (world.fault('second-submit-writes-again') && key in user.meta.stagesCompleted) storeAgain(context, input);
      return undefined;
    }
    const again = advanceStage(context, inner, input);
    const skipped = Object.keys(input).length === 0 && world.fault('skipping-does-not-complete');
    if (
      (again === undefined && !skipped && !world.fault('completion-forgotten')) ||
      world.fault('refusal-completes-form')
    )
      complete(context);
    return again;
  },
};

const STAGES: Stages = {
  conditionaluser: conditionalUser,
  attributecollection: attributeCollection,
  kbaUpdateStage: kbaUpdate,
  termsAndConditions,
  patchObject,
};

/** What a configured stage asks for. */
export function requirementsOf(context: StageContext, configuration: StageConfiguration): Requirements {
  return stageOf(configuration).requirements(context, configuration);
}

/** Hands the input to a configured stage. Returns undefined when it is satisfied, else what it asks for. */
export function advanceStage(
  context: StageContext,
  configuration: StageConfiguration,
  input: Record<string, unknown>,
): Requirements | undefined {
  return stageOf(configuration).advance(context, configuration, input);
}

/** Remembers that the user is through with the form. */
export function complete({ world, user, key }: StageContext): void {
  if (user === undefined) return;
  for (const one of world.fault('completion-shared-by-all-users') ? world.users.values() : [user])
    one.meta.stagesCompleted[key] = user.meta.loginCount;
}

/** Whether there is such a stage. */
export function isStage(name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(STAGES, name);
}

function stageOf(configuration: StageConfiguration): Stage<StageConfiguration> {
  return STAGES[configuration.name] as Stage<StageConfiguration>;
}

/** The stage that the user's state leads to, unless the user is through with it. */
function innerStage(
  { world, user, key }: StageContext,
  configuration: ConditionalUser,
): StageConfiguration | undefined {
  if (user === undefined) return undefined;
  const { condition, onConditionTrue, onConditionFalse } = configuration;
  const completedAt = user.meta.stagesCompleted[key];
  // Chosen: a completed form does not come back, even while its condition still holds.
  if (completedAt !== undefined && (!recurs(condition) || completedAt === user.meta.loginCount)) return undefined;
  if (holds(world, condition, user)) return onConditionTrue;
  return world.fault('condition-false-not-run') ? undefined : onConditionFalse;
}
