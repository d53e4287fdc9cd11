import type { PingidmVariant } from '../../variants/worlds.ts';
import { processesOtherwise } from './otherwise.ts';

type Translations = Readonly<Record<string, string>>;

interface Mail {
  name: string;
  identityEmailField: string;
  emailServiceUrl: string;
  from: string;
  subjectTranslations: Translations;
  messageTranslations: Translations;
}

/** The stages of processes about accounts, in the vendor's own form. Source: self-service-reference, appendix-stages. */
export type AccountStageConfiguration =
  | { name: 'parameters'; parameterNames: string[] }
  | {
      name: 'userQuery';
      validQueryFields: string[];
      identityIdField: string;
      identityEmailField: string;
      identityUsernameField: string;
      identityServiceUrl: string;
    }
  | { name: 'validateActiveAccount'; accountStatusField: string }
  | (Mail & { name: 'emailValidation'; verificationLink: string; verificationLinkToken: string })
  | (Mail & { name: 'emailUsername'; usernameToken: string })
  | { name: 'retrieveUsername' }
  | { name: 'captcha'; recaptchaSiteKey: string; recaptchaSecretKey: string; recaptchaUri: string }
  | { name: 'kbaSecurityAnswerDefinitionStage'; kbaConfig: null }
  | {
      name: 'kbaSecurityAnswerVerificationStage';
      kbaConfig: null;
      identityServiceUrl: string;
      numberOfQuestionsUserMustAnswer: string;
    }
  | { name: 'resetStage'; identityServiceUrl: string; identityPasswordField: string }
  | { name: 'termsAndConditions' }
  | { name: 'consent'; consentTranslations: Translations }
  | {
      name: 'idmUserDetails';
      identityEmailField: string;
      socialRegistrationEnabled: boolean;
      identityServiceUrl: string;
      registrationProperties: string[];
      registrationPreferences: string[];
    }
  | { name: 'selfRegistration'; identityServiceUrl: string }
  | { name: 'localAutoLogin'; successUrl: string; identityUsernameField: string; identityPasswordField: string }
  | { name: 'socialUserClaim'; identityServiceUrl: string; claimQueryFilter: string }
  // Of the operator's own: known by its class alone.
  | { name: 'com.example.stage.SumStageConfig'; class: string; left: number; right: number }
  | { name: 'allInOneRegistration'; stages: AccountStageConfiguration[] };

export interface AccountProcess {
  stageConfigs: AccountStageConfiguration[];
  allInOneRegistration?: boolean;
  snapshotToken: Record<string, unknown>;
  storage: 'stateless';
}

const SNAPSHOT = {
  snapshotToken: {
    type: 'jwt',
    jweAlgorithm: 'RSAES_PKCS1_V1_5',
    encryptionMethod: 'A128CBC_HS256',
    jwsAlgorithm: 'HS256',
    tokenExpiry: 300,
  },
  storage: 'stateless',
} as const;

const PARAMETERS: AccountStageConfiguration = { name: 'parameters', parameterNames: ['returnParams'] };
const ACTIVE: AccountStageConfiguration = { name: 'validateActiveAccount', accountStatusField: 'accountStatus' };
const RESET: AccountStageConfiguration = {
  name: 'resetStage',
  identityServiceUrl: 'managed/user',
  identityPasswordField: 'password',
};

function userQuery(...validQueryFields: string[]): AccountStageConfiguration {
  return {
    name: 'userQuery',
    validQueryFields,
    identityIdField: '_id',
    identityEmailField: 'mail',
    identityUsernameField: 'userName',
    identityServiceUrl: 'managed/user',
  };
}

function emailValidation(subject: string, verificationLink: string): AccountStageConfiguration {
  return {
    name: 'emailValidation',
    identityEmailField: 'mail',
    emailServiceUrl: 'external/email',
    from: 'info@admin.org',
    subjectTranslations: { en: subject },
    messageTranslations: { en: '<a href="%link%">Go on</a>' },
    verificationLinkToken: '%link%',
    verificationLink,
  };
}

const DETAILS: AccountStageConfiguration = {
  name: 'idmUserDetails',
  identityEmailField: 'mail',
  socialRegistrationEnabled: true,
  identityServiceUrl: 'managed/user',
  registrationProperties: ['userName', 'givenName', 'sn', 'mail'],
  registrationPreferences: ['marketing', 'updates'],
};
const CONFIRMED = emailValidation('Register new account', 'https://localhost:8443/#/registration/');
const QUESTIONS: AccountStageConfiguration = { name: 'kbaSecurityAnswerDefinitionStage', kbaConfig: null };
const LAST: AccountStageConfiguration[] = [
  { name: 'selfRegistration', identityServiceUrl: 'managed/user' },
  { name: 'localAutoLogin', successUrl: '', identityUsernameField: 'userName', identityPasswordField: 'password' },
];
const CAPTCHA: AccountStageConfiguration = {
  name: 'captcha',
  recaptchaSiteKey: 'a-site-key',
  recaptchaSecretKey: 'a-secret-key',
  recaptchaUri: 'https://www.google.com/recaptcha/api/siteverify',
};

const CONSENT: AccountStageConfiguration = {
  name: 'consent',
  consentTranslations: { en: 'Your data is shared with a directory' },
};
const TERMS: AccountStageConfiguration = { name: 'termsAndConditions' };
const USERNAME: AccountStageConfiguration = {
  name: 'emailUsername',
  identityEmailField: 'mail',
  emailServiceUrl: 'external/email',
  from: 'info@admin.org',
  subjectTranslations: { en: 'Account information' },
  messageTranslations: { en: 'Your username is %username%' },
  usernameToken: '%username%',
};

/**
 * The processes about accounts, by the path they are served at: those that the pages configure, and three of an
 * operator's own with the stages that those leave out.
 * Source: self-service-reference, registration-rest-requests, self-service-flow and username-rest-flow
 */
export function accountProcesses(variant: (name: PingidmVariant) => boolean): Record<string, AccountProcess> {
  const passwordReset = emailValidation('Reset your password', 'https://localhost:8443/#/passwordreset/');
  return {
    'selfservice/registration': {
      allInOneRegistration: true,
      stageConfigs: [PARAMETERS, DETAILS, TERMS, CONFIRMED, QUESTIONS, ...LAST],
      ...SNAPSHOT,
    },
    'selfservice/reset': {
      stageConfigs: [PARAMETERS, userQuery('userName', 'mail', 'givenName', 'sn'), ACTIVE, passwordReset, RESET],
      ...SNAPSHOT,
    },
    // Chosen: its configuration.
    'selfservice/socialUserClaim': {
      stageConfigs: [
        PARAMETERS,
        { name: 'socialUserClaim', identityServiceUrl: 'managed/user', claimQueryFilter: '/mail eq "{{mail}}"' },
        ...LAST,
      ],
      ...SNAPSHOT,
    },
    'selfservice/username': {
      stageConfigs: [userQuery('mail', 'givenName', 'sn'), USERNAME, { name: 'retrieveUsername' }],
      ...SNAPSHOT,
    },
    'selfservice/registrationInSteps': {
      stageConfigs: [CAPTCHA, CONFIRMED, DETAILS, TERMS, QUESTIONS, CONSENT, ...LAST],
      ...SNAPSHOT,
    },
    'selfservice/resetByQuestions': {
      stageConfigs: [
        userQuery('userName'),
        {
          name: 'kbaSecurityAnswerVerificationStage',
          kbaConfig: null,
          identityServiceUrl: 'managed/user',
          numberOfQuestionsUserMustAnswer: '2',
        },
        RESET,
      ],
      ...SNAPSHOT,
    },
    ...processesOtherwise(variant, {
      stages: {
        active: ACTIVE,
        captcha: CAPTCHA,
        confirmed: CONFIRMED,
        consent: CONSENT,
        details: DETAILS,
        parameters: PARAMETERS,
        questions: QUESTIONS,
        reset: RESET,
        terms: TERMS,
      },
      last: LAST,
      passwordReset,
      userQuery,
      username: USERNAME,
      snapshot: SNAPSHOT,
    }),
  };
}

// What a registration in one page asks for at once.
const IN_ONE_PAGE = ['idmUserDetails', 'termsAndConditions', 'consent', 'captcha', 'kbaSecurityAnswerDefinitionStage'];

/** The stages as they are gone through: in a registration in one page, several of them are one. */
export function stagesOf({ stageConfigs, allInOneRegistration }: AccountProcess): AccountStageConfiguration[] {
  if (allInOneRegistration !== true) return stageConfigs;
  const stages = stageConfigs.filter(({ name }) => IN_ONE_PAGE.includes(name));
  return stageConfigs.flatMap((stage): AccountStageConfiguration[] => {
    if (stage === stages[0]) return [{ name: 'allInOneRegistration', stages }];
    return stages.includes(stage) ? [] : [stage];
  });
}
