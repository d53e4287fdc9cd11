import { filterOf } from '../filter.ts';
import { Refusal } from '../refusal.ts';
import { settingOf } from '../settings.ts';
import type { User } from '../users.ts';
import { otherUser, type World } from '../world.ts';
import { form, userOf, type AccountStages, type Flow } from './flow.ts';
import { mailCode } from './mail.ts';
import { because, passwordPolicy, textOr400 } from './policy.ts';
import { isAnswer, questions, type Answers } from './questions.ts';

type Recovery = Pick<
  AccountStages,
  | 'parameters'
  | 'userQuery'
  | 'validateActiveAccount'
  | 'emailValidation'
  | 'emailUsername'
  | 'retrieveUsername'
  | 'kbaSecurityAnswerVerificationStage'
  | 'resetStage'
>;

/** The stages by which users get back into their accounts. Source: self-service-reference, stages. */
export const recovery: Recovery = {
  parameters: {
    ask: (_, { parameterNames }) =>
      form('Parameters', {
        properties: Object.fromEntries(
          parameterNames.map((name) => [name, { description: `Parameter named '${name}'`, type: 'string' }]),
        ),
      }),
    take: ({ memory }, _, { returnParams }) => {
      if (returnParams !== undefined) memory.returnParams = textOr400(returnParams, 'returnParams is not text');
      return undefined;
    },
  },

  userQuery: {
    ask: ({ world }) =>
      form('Find your account', {
        required: ['queryFilter'],
        properties: { queryFilter: { description: 'filter string to find account', type: 'string' } },
        ...(world.fault('query-answers-account')
          ? { accounts: [...world.users.values()].map(({ attributes }) => attributes) }
          : {}),
      }),
    take: ({ world, memory }, { validQueryFields }, { queryFilter }) => {
      const found = accountOf(world, textOr400(queryFilter, 'Invalid query filter'), validQueryFields);
      if (found === undefined) return undefined;
      const user = world.fault('query-finds-another') ? otherUser(world, found) : found;
      memory.userId = user.id;
      memory.mail = String(user.attributes['mail']);
      return undefined;
    },
  },

  validateActiveAccount: {
    // Chosen: an account that is not active is refused like one that nobody has.
    enter: (flow, { accountStatusField }) => {
      const status = userOf(flow)?.attributes[accountStatusField];
      if (status !== 'active' && !flow.world.fault('inactive-account-found'))
        throw new Refusal(400, 'Unable to find account');
    },
  },

  emailValidation: {
    enter: (flow, { subjectTranslations }) => {
      if (flow.memory.mail !== undefined) mailCode(flow, flow.memory.mail, subjectTranslations['en'] ?? '');
    },
    tag: ({ world, memory }) =>
      memory.code === undefined || world.fault('process-tag-always-initial') ? 'initial' : 'validateCode',
    ask: ({ world, memory }) =>
      memory.code === undefined
        ? form('Verify your email address', {
            required: ['mail'],
            properties: { mail: { description: 'Email address', type: 'string' } },
          })
        : world.fault('code-stage-skipped')
          ? {}
          : form('Verify emailed code', {
              required: ['code'],
              properties: {
                code: { description: 'Enter code emailed', type: 'string' },
                ...(world.fault('code-in-answer') ? { hint: { description: memory.code, type: 'string' } } : {}),
              },
            }),
    take: (flow, configuration, input) => {
      const { memory } = flow;
      if (memory.code === undefined) {
        const mail = textOr400(input['mail'], 'mail should not be empty');
        mailCode(flow, mail, configuration.subjectTranslations['en'] ?? '');
        return recovery.emailValidation.ask?.(flow, configuration);
      }
      return codeTaken(flow, memory.code, input['code'])
        ? undefined
        : recovery.emailValidation.ask?.(flow, configuration);
    },
  },

  emailUsername: {
    enter: (flow, { subjectTranslations }) => {
      const user = userOf(flow);
      const userName = String(user?.attributes['userName']);
      const wrong = user && flow.world.fault('username-mailed-to-another') && otherUser(flow.world, user);
      const to = wrong ? String(wrong.attributes['mail']) : (flow.memory.mail ?? '');
      flow.letters.push({ to, subject: subjectTranslations['en'] ?? '', userName });
    },
  },

  retrieveUsername: {
    enter: (flow) => {
      const { fault } = flow.world;
      const user = userOf(flow);
      if (user === undefined || fault('username-missing')) return;
      const told = fault('username-of-another') ? otherUser(flow.world, user) : user;
      flow.additions['userName'] = told.attributes['userName'];
      if (fault('username-with-password')) flow.additions['password'] = user.password;
    },
  },

  kbaSecurityAnswerVerificationStage: {
    enter: (flow, { numberOfQuestionsUserMustAnswer }) => {
      const user = questioned(flow);
      if (user === undefined || locked(flow.world, user)) throw new Refusal(400, 'Unable to verify the answers');
      const answers = answersOf(user);
      const wanted = Number(numberOfQuestionsUserMustAnswer);
      if (answers.length < wanted) throw new Refusal(400, 'Too few security questions are answered');
      // Some of them by chance, in the order in which they were defined.
      const chosen = answers.map((_, index) => ({ index, chance: Math.random() })).sort((a, b) => a.chance - b.chance);
      const asked = chosen
        .slice(0, wanted)
        .map(({ index }) => index)
        .sort();
      flow.memory.asked = flow.world.variant('idm-questions-in-another-order') ? asked.reverse() : asked;
    },
    ask: (flow) => {
      const { world, memory } = flow;
      const answers = answersOf(questioned(flow));
      const asked = (memory.asked ?? []).map((index, at) => {
        const { questionId = '', customQuestion, answer } = answers[index] ?? { answer: { value: '' } };
        const question =
          customQuestion === undefined
            ? { systemQuestion: questions(world)[questionId] }
            : { userQuestion: customQuestion };
        const shown = world.fault('questions-show-answers') ? { answer } : {};
        return [`answer${at + 1}`, { ...question, type: 'string', ...shown }] as const;
      });
      return form('Answer security questions', {
        required: asked.map(([name]) => name),
        properties: Object.fromEntries(asked),
      });
    },
    take: (flow, _, input) => {
      const { world, memory } = flow;
      const user = userOf(flow);
      if (user === undefined || locked(world, user)) throw new Refusal(400, 'Unable to verify the answers');
      const answers = answersOf(user);
      const every = [...world.users.values()].flatMap(answersOf);
      const right = (memory.asked ?? []).every((index, at) => {
        const stored = answers[index];
        const given = input[`answer${at + 1}`];
        if (at > 0 && world.fault('answers-first-decides')) return true;
        if (world.fault('answers-of-another-accepted') && every.some((one) => isAnswer(given, one))) return true;
        return stored !== undefined && isAnswer(given, stored);
      });
      if (right || world.fault('answers-any-accepted')) return undefined;
      if (!world.fault('answers-attempts-not-counted'))
        user.attributes['kbaAttempts'] = Number(user.attributes['kbaAttempts'] ?? 0) + 1;
      throw new Refusal(400, 'Answers are not matched');
    },
  },

  resetStage: {
    enter: (flow) => {
      if (userOf(flow)?.attributes['mail'] !== flow.memory.mail) throw new Refusal(400, 'The account is another one');
    },
    ask: () =>
      form('Reset password', {
        required: ['password'],
        properties: { password: { description: 'Password', type: 'string' } },
      }),
    take: (flow, configuration, input) => {
      const { world } = flow;
      const { fault } = world;
      const user = userOf(flow);
      const empty = fault('reset-empty-password-accepted') && (input['password'] ?? '') === '';
      const password = empty ? '' : textOr400(input['password'], 'password is missing from input');
      const broken = passwordPolicy(password, user?.attributes['userName']);
      if (broken.length > 0 && !fault('reset-policy-ignored') && !empty) {
        if (user && fault('reset-refused-stored')) change(world, user, password);
        if (fault('reset-policy-as-error')) throw new Refusal(403, 'Policy validation failed');
        const reason = fault('reset-policy-without-reason') ? {} : because(broken);
        return { ...recovery.resetStage.ask?.(flow, configuration), ...reason };
      }
      if (fault('reset-repeats-password')) flow.additions['password'] = password;
      if (user && !fault('reset-lost'))
        change(world, fault('reset-of-another-account') ? otherUser(world, user) : user, password);
      return undefined;
    },
  },
};

/** The one account that a filter over allowed fields fits. @throws Refusal 400 for none, for several, for other fields */
function accountOf(world: World, filter: string, fields: string[]): User | undefined {
  const { fault } = world;
  const [, field = ''] = /^\s*\/?(\w+)/.exec(filter) ?? [];
  if (!fields.includes(field) && !fault('query-of-any-field')) throw new Refusal(400, 'Invalid query filter');
  const matches = filterOf(filter);
  const found = [...world.users.values()].filter(({ id, attributes }) => matches({ _id: id, ...attributes }));
  if (found.length === 0 && fault('query-unknown-goes-on')) return [...world.users.values()][0];
  if (found.length > 1 && !fault('query-of-many-takes-first'))
    throw new Refusal(400, fault('query-tells-many-from-none') ? 'Several accounts fit' : 'Unable to find account');
  if (found.length === 0) throw new Refusal(400, 'Unable to find account');
  return found[0];
}

function codeTaken({ world, memory }: Flow, code: string, given: unknown): boolean {
  const { fault } = world;
  const missing = given === undefined || given === '';
  if (missing && !fault('empty-code-accepted')) throw new Refusal(400, 'Input code is missing');
  const longer = typeof given === 'string' && given.startsWith(code) && fault('code-with-more-accepted');
  const mailed = fault('code-of-another-accepted') && world.outbox.some((mail) => mail.code === given);
  if (given !== code && !missing && !longer && !mailed && !fault('any-code-accepted')) {
    if (fault('wrong-code-asks-again')) return false;
    throw new Refusal(400, 'Invalid code');
  }
  delete memory.code;
  return true;
}

/** The user whose questions are asked: the one who was found, but for mistakes. */
function questioned(flow: Flow): User | undefined {
  const user = userOf(flow);
  if (user === undefined || !flow.world.fault('questions-of-another-user')) return user;
  return [...flow.world.users.values()].find((other) => other.id !== user.id && answersOf(other).length > 1) ?? user;
}

function answersOf(user: User | undefined): Answers {
  return (user?.attributes['kbaInfo'] ?? []) as Answers;
}

/** Whether too many answers were wrong. Source: self-service-reference, stages/stage-kba-security-answer-verification. */
function locked(world: World, user: User): boolean {
  const allowed = Number(settingOf(world, 'selfservice.kba')['numberOfAttemptsAllowed'] ?? Infinity);
  return Number(user.attributes['kbaAttempts'] ?? 0) >= allowed;
}

function change({ fault }: World, user: User, password: string): void {
  if (fault('reset-old-password-kept') && user.password !== undefined) user.formerPassword = user.password;
  user.password = password;
}
