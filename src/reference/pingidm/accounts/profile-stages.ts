import type { KbaUpdate, PatchObject, TermsAndConditions } from '../configuration.ts';
import { settingOf } from '../settings.ts';
import type { Stage } from '../stage.ts';
import { definedAnswers, definitionForm } from './questions.ts';
import { activeTerms, isAccepted, storeAnswers, termsText } from './terms.ts';

/**
 * Asks a user who is logged in for security questions; too few of them are asked for again.
 * Source: self-service-reference, stages/stage-kba-update
 */
export const kbaUpdate: Stage<KbaUpdate> = {
  requirements: ({ world }, { uiConfig }) => definitionForm(world, { uiConfig }),
  advance: ({ world, user }, { uiConfig }, { kba }) => {
    const answers = definedAnswers(world, kba);
    if (answers === undefined && !world.fault('update-too-few-ends')) return definitionForm(world, { uiConfig });
    if (user && answers && !world.fault('questions-update-lost')) storeAnswers(world, user, answers);
    if (user && world.fault('answers-readable')) user.attributes['securityQuestions'] = kba;
    return undefined;
  },
};

/** Asks a user who is logged in to accept the terms. Source: self-service-reference, stages/stage-terms-conditions. */
export const termsAndConditions: Stage<TermsAndConditions> = {
  requirements: ({ world }) => termsText(world, { uiConfig: settingOf(world, 'selfservice.terms')['uiConfig'] }),
  advance: (context, configuration, { accept }) => {
    const { world, user } = context;
    if (!isAccepted(world, accept)) return termsAndConditions.requirements(context, configuration);
    const termsAccepted = {
      termsVersion: activeTerms(world),
      acceptDate: new Date(world.now()).toISOString(),
      iscurrent: true,
    };
    for (const one of world.fault('terms-accepted-for-all') ? world.users.values() : [user])
      if (one) one.meta.termsAccepted = termsAccepted;
    return undefined;
  },
};

/** Stores what was accepted. Chosen: the stage before has done so already, since it knows the user. */
export const patchObject: Stage<PatchObject> = { requirements: () => ({}), advance: () => undefined };
