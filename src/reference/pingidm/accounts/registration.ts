import { own } from '../../own.ts';
import { Refusal } from '../refusal.ts';
import { settingOf } from '../settings.ts';
import { objectOrUndefined, type Requirements } from '../stage.ts';
import { person } from '../users.ts';
import { otherUser, userNamed, type World } from '../world.ts';
import { form, type AccountStages, type Flow } from './flow.ts';
import { because, passwordPolicy, textOr400, type Broken } from './policy.ts';
import { definedAnswers, definitionForm } from './questions.ts';
import { seal } from './snapshot.ts';
import { activeTerms, isAccepted, storeAnswers, termsText } from './terms.ts';

type Registration = Pick<
  AccountStages,
  | 'captcha'
  | 'idmUserDetails'
  | 'termsAndConditions'
  | 'consent'
  | 'kbaSecurityAnswerDefinitionStage'
  | 'selfRegistration'
  | 'localAutoLogin'
  | 'socialUserClaim'
  | 'com.example.stage.SumStageConfig'
>;

/** The stages by which somebody becomes a user. Source: self-service-reference, stages. */
export const registration: Registration = {
  captcha: {
    ask: (_, { recaptchaSiteKey }) =>
      form('Captcha stage', {
        required: ['response'],
        properties: { response: { recaptchaSiteKey, description: 'Captcha response', type: 'string' } },
      }),
    // Chosen: nobody is asked whether the response is good; `passed` is.
    take: ({ world }, _, input) => {
      if (input['response'] !== 'passed' && !world.fault('captcha-ignored'))
        throw new Refusal(400, 'Recaptcha verification is unsuccessful.');
      return undefined;
    },
  },

  idmUserDetails: {
    ask: ({ world, memory }, { registrationProperties, registrationPreferences }) =>
      form('New user details', {
        required: ['user'],
        registrationProperties: {
          properties: Object.fromEntries(
            registrationProperties.map((name) => [
              name,
              {
                title: own(world.schema, name)?.title,
                description: own(world.schema, name)?.description,
                type: 'string',
                policies: [],
                ...(name === 'mail' && memory.mail !== undefined ? { value: memory.mail } : {}),
              },
            ]),
          ),
          required: ['userName', 'givenName', 'mail', ...registrationProperties.slice(4)],
        },
        registrationPreferences: Object.fromEntries(
          registrationPreferences.map((name) => [
            name,
            { description: own(PREFERENCES, name) ?? name, type: 'boolean' },
          ]),
        ),
      }),
    take: (flow, configuration, input) => {
      const { world, memory } = flow;
      const { fault } = world;
      const user = objectOrUndefined(input['user']) ?? {};
      const allowed = [...configuration.registrationProperties, 'password', 'preferences'];
      const other = Object.keys(user).filter((name) => !allowed.includes(name));
      if (other.length > 0 && !fault('registration-takes-any-attribute')) throw new Refusal(403, 'Access denied');
      const broken = detailsBroken(world, user);
      if (broken.length > 0) return { ...registration.idmUserDetails.ask?.(flow, configuration), ...because(broken) };
      if (memory.mail !== undefined && user['mail'] !== memory.mail) throw new Refusal(400, 'Email address mismatch');
      memory.details = user;
      memory.mail = String(user['mail']);
      if (fault('registration-before-the-end')) create(flow);
      return undefined;
    },
  },

  termsAndConditions: {
    ask: ({ world }) => termsText(world),
    take: ({ world, memory }, _, { accept }) => {
      if (!isAccepted(world, accept) && !world.fault('registration-terms-ignored')) return termsText(world);
      memory.termsVersion = activeTerms(world);
      return undefined;
    },
  },

  consent: {
    ask: (_, { consentTranslations }) =>
      form('Consent', {
        required: ['consentGiven'],
        consent: consentTranslations['en'],
        properties: { consentGiven: { description: 'Consent', type: 'string' } },
      }),
    take: ({ world }, _, { consentGiven }) => {
      if (consentGiven !== 'true' && consentGiven !== true && !world.fault('consent-ignored'))
        throw new Refusal(400, 'Consent is required');
      return undefined;
    },
  },

  kbaSecurityAnswerDefinitionStage: {
    ask: ({ world }) => definitionForm(world),
    take: ({ world, memory }, _, { kba }) => {
      const answers = definedAnswers(world, kba);
      if (answers === undefined) throw new Refusal(400, 'Too few security questions are answered');
      memory.answers = answers;
      if (world.fault('answers-readable')) memory.details = { ...memory.details, securityQuestions: kba };
      return undefined;
    },
  },

  selfRegistration: {
    enter: (flow) => {
      if (!flow.world.fault('registration-lost')) create(flow);
    },
  },

  // Chosen: nobody comes with an identity of a provider here, since none is enabled, so it only ever asks for one.
  socialUserClaim: {
    ask: () => form('Claim an account', { properties: {}, required: ['clientToken'] }),
    tag: ({ world }) => (world.fault('claim-tagged-otherwise') ? 'claim' : 'initial'),
    take: () => {
      throw new Refusal(400, 'No identity provider is enabled');
    },
  },

  'com.example.stage.SumStageConfig': {
    ask: (_, { left, right }) =>
      form('Add up', {
        required: ['sum'],
        properties: { sum: { description: `What is ${left} + ${right}?`, type: 'string' } },
      }),
    take: (_, { left, right }, { sum }) => {
      if (String(sum) !== String(left + right)) throw new Refusal(400, 'The sum is another one');
      return undefined;
    },
  },

  localAutoLogin: {
    enter: ({ world, memory, additions }, { successUrl, identityPasswordField, identityUsernameField }) => {
      const { fault } = world;
      const userName = memory.details?.[identityUsernameField];
      // A credential that cannot be made is the server's failure.
      if (typeof userName !== 'string' || typeof memory.details?.[identityPasswordField] !== 'string')
        throw new Refusal(500, 'Unable to generate the credential');
      const user = userNamed(world, userName);
      const whose =
        user && fault('credential-token-of-another') ? otherUser(world, user).attributes['userName'] : userName;
      if (!fault('credential-token-missing'))
        additions['credentialJwt'] = seal(world, 'credential', { userName: whose });
      additions['successUrl'] = successUrl;
    },
  },
};

const PREFERENCES: Readonly<Record<string, string>> = {
  marketing: 'Send me special offers and services',
  updates: 'Send me news and updates',
};

/** What the details of a new user break: what is missing, a name that is taken, the password. */
function detailsBroken(world: World, user: Record<string, unknown>): Broken[] {
  const { fault } = world;
  const one = (property: string, policyRequirement: string): Broken => ({
    property,
    policyRequirements: [{ policyRequirement }],
  });
  const missing = ['userName', 'givenName', 'mail', 'password'].filter(
    (name) => typeof user[name] !== 'string' || user[name] === '',
  );
  const taken =
    userNamed(world, String(user['userName'])) &&
    !fault('registration-name-taken-twice') &&
    !fault('registration-replaces-user');
  const password = typeof user['password'] === 'string' ? user['password'] : '';
  const policy = fault('registration-policy-ignored') ? [] : passwordPolicy(password, user['userName']);
  const lenient = fault('registration-without-required') ? ['givenName'] : [];
  return [
    ...missing.filter((name) => !lenient.includes(name)).map((name) => one(name, 'REQUIRED')),
    ...(taken ? [one('userName', 'UNIQUE')] : []),
    ...policy,
  ];
}

/** Creates the managed user. Chosen: with the terms that were accepted among its metadata. */
function create({ world, memory }: Flow): void {
  const { fault } = world;
  const { password, preferences, ...attributes } = memory.details ?? {};
  const known = userNamed(world, String(attributes['userName']));
  if (known && fault('registration-replaces-user')) world.users.delete(known.id);
  const user = person(textOr400(password, 'The details of the user are missing'), 0, {
    ...attributes,
    ...(fault('registration-under-another-name') ? { userName: `${String(attributes['userName'])}-1` } : {}),
    ...(fault('registration-preferences-lost') || preferences === undefined ? {} : { preferences }),
    ...(fault('registration-mail-changed') ? { mail: 'somebody@example.com' } : {}),
    ...(fault('registration-shows-password') ? { secret: password } : {}),
  });
  if (fault('registration-takes-any-attribute')) Object.assign(user.attributes, attributes);
  if (memory.answers) storeAnswers(world, user, memory.answers);
  if (memory.termsVersion !== undefined) user.meta.termsAccepted = acceptance(world, memory.termsVersion);
  world.users.set(user.id, user);
  memory.userId = user.id;
}

function acceptance(world: World, termsVersion: string) {
  return {
    termsVersion,
    acceptDate: new Date(world.now()).toISOString(),
    iscurrent: settingOf(world, 'selfservice.terms')['active'] === termsVersion,
  };
}

/** What several stages ask for, on one page. */
export function merged(parts: { name: string; requirements: Requirements }[]): Requirements {
  const all = parts.map(({ requirements }) => requirements);
  const list = (name: string): unknown[] => all.flatMap((one) => (one[name] ?? []) as unknown[]);
  return {
    ...Object.fromEntries(all.flatMap((one) => Object.entries(one))),
    description: 'Registration',
    stages: parts.map(({ name }) => name),
    required: list('required'),
    properties: Object.fromEntries(all.flatMap(({ properties }) => Object.entries(properties ?? {}))),
  };
}
