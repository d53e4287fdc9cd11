import { accountProcesses } from './accounts/configuration.ts';
import { AUTHORIZED_ROLE, OTHER_FULL_ROLE } from './roles.ts';
import type { PingidmVariant } from '../variants/worlds.ts';

/** When a form is asked for. */
export type Condition =
  | { type: 'loginCount'; interval?: 'at' | 'every'; amount: number }
  | { type: 'queryFilter'; filter: string }
  | ({ type: 'timesincelogin' } & Partial<Record<Span, number>>)
  | { type: 'kbaQuestions' }
  | { type: 'terms' }
  | { type: 'script'; script: { type: string; source: string } };

export type Span = 'years' | 'months' | 'weeks' | 'days' | 'hours' | 'minutes';

/** A stage that asks for attributes of the managed object and stores them. */
export interface AttributeCollection {
  name: 'attributecollection';
  identityServiceUrl: string;
  uiConfig: { displayName: string; purpose: string; buttonText: string };
  attributes: { name: string; isRequired: boolean }[];
}

/** A stage that runs another one, depending on a condition. */
export interface ConditionalUser {
  name: 'conditionaluser';
  identityServiceUrl: string;
  condition: Condition;
  evaluateConditionOnField: string;
  onConditionTrue?: StageConfiguration;
  onConditionFalse?: StageConfiguration;
}

/** A stage that asks a user who is logged in for security questions. */
export interface KbaUpdate {
  name: 'kbaUpdateStage';
  kbaConfig: null;
  identityServiceUrl: string;
  uiConfig: { displayName: string; purpose: string; buttonText: string };
}

/** A stage that asks a user who is logged in to accept the terms. */
export interface TermsAndConditions {
  name: 'termsAndConditions';
}

/** A stage that stores the acceptance of terms. */
export interface PatchObject {
  name: 'patchObject';
  identityServiceUrl: string;
}

export type StageConfiguration = AttributeCollection | ConditionalUser | KbaUpdate | TermsAndConditions | PatchObject;

/** A self-service process: its stages run in this order. */
export interface Process {
  stageConfigs: StageConfiguration[];
}

/** Which processes a login looks at, and the roles it grants meanwhile and afterwards. */
export interface AuthenticationProfile {
  profileEnhancementProcesses: string[];
  authenticationRole?: string;
  authorizationRole: string;
}

type Variant = (name: PingidmVariant) => boolean;
type Attributes = AttributeCollection['attributes'];

const TWENTY_FIFTH: Condition = { type: 'loginCount', interval: 'at', amount: 25 };

/** A form that is asked for while the condition holds. */
function form(condition: Condition, attributes: Attributes): ConditionalUser {
  return {
    name: 'conditionaluser',
    identityServiceUrl: 'managed/user',
    condition,
    evaluateConditionOnField: 'user',
    onConditionTrue: collection(attributes),
  };
}

function collection(attributes: Attributes): AttributeCollection {
  return {
    name: 'attributecollection',
    identityServiceUrl: 'managed/user',
    uiConfig: {
      displayName: 'Add your telephone number',
      purpose: 'Help us verify your identity',
      buttonText: 'Save',
    },
    attributes,
  };
}

const required = (name: string): Attributes[number] => ({ name, isRequired: true });
const optional = (name: string): Attributes[number] => ({ name, isRequired: false });

function asked(variant: Variant): Attributes {
  if (variant('idm-another-attribute')) return [required('city')];
  if (variant('idm-attribute-with-own-value')) return [required('postalCode')];
  const telephone = required('telephoneNumber');
  return variant('idm-several-attributes') ? [optional('country'), telephone, optional('city')] : [telephone];
}

/** selfservice-profile.json: a telephone number at the 25th login. Source: self-service-reference, pro-profile-form. */
function profileProcess(variant: Variant): Process {
  const attributes = asked(variant);
  if (variant('idm-form-until-filled')) {
    const { onConditionTrue, ...stage } = form(
      { type: 'queryFilter', filter: `/${attributes.find(({ isRequired }) => isRequired)?.name ?? ''} pr` },
      attributes,
    );
    return { stageConfigs: [{ ...stage, ...(onConditionTrue ? { onConditionFalse: onConditionTrue } : {}) }] };
  }
  const more = variant('idm-several-forms')
    ? [
        form(TWENTY_FIFTH, [required('postalAddress'), optional('country')]),
        form(TWENTY_FIFTH, [optional('description')]),
      ]
    : [];
  return { stageConfigs: [form(TWENTY_FIFTH, attributes), ...more] };
}

/** auth.profile.json. Source: self-service-reference, pp-authprofile-json. */
function authenticationProfile(variant: Variant): AuthenticationProfile {
  const other = 'selfservice/preferences';
  return {
    profileEnhancementProcesses: [
      ...(variant('idm-another-process-first') ? [other] : []),
      'selfservice/profile',
      ...(variant('idm-another-process-last') ? [other] : []),
    ],
    ...(variant('idm-role-meanwhile') ? { authenticationRole: 'incomplete-profile' } : {}),
    authorizationRole: variant('idm-other-full-role') ? OTHER_FULL_ROLE : AUTHORIZED_ROLE,
  };
}

/** The self-service processes by the path they are served at, and which of them a login looks at. */
export function configured(variant: Variant): { processes: Record<string, Process>; profile: AuthenticationProfile } {
  return {
    processes: {
      // Those about accounts have stages of their own.
      ...(accountProcesses(variant) as unknown as Record<string, Process>),
      // Source: self-service-reference, terms-conditions.
      'selfservice/termsAndConditions': {
        stageConfigs: [
          {
            name: 'conditionaluser',
            identityServiceUrl: 'managed/user',
            condition: { type: 'terms' },
            evaluateConditionOnField: 'user',
            onConditionTrue: { name: 'termsAndConditions' },
          },
          { name: 'patchObject', identityServiceUrl: 'managed/user' },
        ],
      },
      // Source: self-service-reference, stages/stage-conditional-user.
      'selfservice/kbaUpdate': {
        stageConfigs: [
          {
            name: 'conditionaluser',
            identityServiceUrl: 'managed/user',
            condition: { type: 'kbaQuestions' },
            evaluateConditionOnField: 'user',
            onConditionFalse: {
              name: 'kbaUpdateStage',
              kbaConfig: null,
              identityServiceUrl: 'managed/user',
              uiConfig: {
                displayName: 'Update your security questions',
                purpose: 'Please review and update your security questions',
                buttonText: 'Update',
              },
            },
          },
        ],
      },
      'selfservice/profile': profileProcess(variant),
      // Never completed here: its condition holds for ever.
      'selfservice/preferences': {
        stageConfigs: [form({ type: 'queryFilter', filter: 'true' }, [required('description')])],
      },
    },
    profile: authenticationProfile(variant),
  };
}
