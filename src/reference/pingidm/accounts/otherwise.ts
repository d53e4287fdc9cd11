import type { PingidmVariant } from '../../variants/worlds.ts';
import type { Setting } from '../settings.ts';
import type { AccountProcess, AccountStageConfiguration } from './configuration.ts';

type Stages = Readonly<Record<Piece, AccountStageConfiguration>>;
type Piece =
  'active' | 'captcha' | 'confirmed' | 'details' | 'parameters' | 'questions' | 'reset' | 'terms' | 'consent';

/** What the documented processes are made of, for operators who put it together otherwise. */
export interface Pieces {
  stages: Stages;
  last: AccountStageConfiguration[];
  passwordReset: AccountStageConfiguration;
  userQuery: (...fields: string[]) => AccountStageConfiguration;
  username: AccountStageConfiguration;
  snapshot: Omit<AccountProcess, 'stageConfigs' | 'allInOneRegistration'>;
}

/** A stage of the operator's own, which asks for a sum. Source: custom-stage-configuring */
const SUM: AccountStageConfiguration = {
  name: 'com.example.stage.SumStageConfig',
  class: 'com.example.stage.SumStageConfig',
  left: 12,
  right: 4,
};

const verification = (many: string): AccountStageConfiguration => ({
  name: 'kbaSecurityAnswerVerificationStage',
  kbaConfig: null,
  identityServiceUrl: 'managed/user',
  numberOfQuestionsUserMustAnswer: many,
});

/** The processes as an operator has put them together who wanted more of a user, or less. */
export function processesOtherwise(
  variant: (name: PingidmVariant) => boolean,
  { stages, last, passwordReset, userQuery, username, snapshot }: Pieces,
): Record<string, AccountProcess> {
  const process = (...stageConfigs: AccountStageConfiguration[]): AccountProcess => ({ stageConfigs, ...snapshot });
  const [registers = stages.details] = last;
  if (variant('idm-processes-longer')) {
    const { active, captcha, confirmed, consent, details, parameters, questions, reset, terms } = stages;
    const more: AccountStageConfiguration =
      details.name === 'idmUserDetails'
        ? { ...details, registrationProperties: [...details.registrationProperties, 'telephoneNumber'] }
        : details;
    return {
      'selfservice/registration': process(captcha, confirmed, SUM, more, terms, questions, consent, ...last),
      'selfservice/reset': process(
        captcha,
        parameters,
        userQuery('userName', 'mail'),
        SUM,
        active,
        verification('1'),
        passwordReset,
        reset,
      ),
      'selfservice/username': process(parameters, captcha, userQuery('mail', 'sn'), username, SUM, {
        name: 'retrieveUsername',
      }),
      'selfservice/registrationInSteps': process(more, questions, terms, confirmed, captcha, ...last),
      'selfservice/resetByQuestions': process(parameters, userQuery('userName'), verification('3'), SUM, reset),
    };
  }
  if (!variant('idm-processes-shorter')) return {};
  return {
    'selfservice/registration': process(stages.details, registers),
    'selfservice/reset': process(userQuery('userName', 'mail'), passwordReset, stages.reset),
    'selfservice/username': process(userQuery('mail', 'sn'), username),
    'selfservice/registrationInSteps': process(stages.confirmed, stages.details, ...last),
    'selfservice/resetByQuestions': process(userQuery('userName'), verification('1'), stages.reset),
  };
}

/** The security questions by other names, as many as such an operator wants answered. */
export function questionsOtherwise(variant: (name: PingidmVariant) => boolean, usual: Setting): Setting {
  const { kbaAttemptsPropertyName: _, numberOfAttemptsAllowed: __, ...rest } = usual;
  const questions = {
    'first-pet': { de: 'Wie hieß Ihr erstes Haustier?', en: 'What was your first pet called?' },
    '2': { en: 'Where did you meet?' },
  };
  if (variant('idm-processes-longer')) return { ...rest, minimumAnswersToDefine: 3, questions };
  return variant('idm-processes-shorter') ? { ...rest, minimumAnswersToDefine: 1, questions } : usual;
}
