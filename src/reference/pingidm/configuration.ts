/** When a form is asked for. */
export type Condition =
  { type: 'loginCount'; interval: 'at' | 'every'; amount: number } | { type: 'queryFilter'; filter: string };

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

export type StageConfiguration = AttributeCollection | ConditionalUser;

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

/** selfservice-profile.json: a telephone number at the 25th login. Source: self-service-reference, pro-profile-form. */
export const SELF_SERVICE_PROFILE: Process = {
  stageConfigs: [
    {
      name: 'conditionaluser',
      identityServiceUrl: 'managed/user',
      condition: { type: 'loginCount', interval: 'at', amount: 25 },
      evaluateConditionOnField: 'user',
      onConditionTrue: {
        name: 'attributecollection',
        identityServiceUrl: 'managed/user',
        uiConfig: {
          displayName: 'Add your telephone number',
          purpose: 'Help us verify your identity',
          buttonText: 'Save',
        },
        attributes: [{ name: 'telephoneNumber', isRequired: true }],
      },
    },
  ],
};

/** auth.profile.json. Source: self-service-reference, pp-authprofile-json. */
export const AUTHENTICATION_PROFILE: AuthenticationProfile = {
  profileEnhancementProcesses: ['selfservice/profile'],
  authorizationRole: 'internal/role/openidm-authorized',
};
