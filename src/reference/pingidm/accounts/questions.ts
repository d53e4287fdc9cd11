import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import { settingOf } from '../settings.ts';
import { objectOrUndefined, type Requirements } from '../stage.ts';
import type { World } from '../world.ts';
import { form } from './flow.ts';

/** One answered question, the answer as it is stored. */
export interface Answered {
  questionId?: string;
  customQuestion?: string;
  answer: { value: string; algorithm: string };
}
export type Answers = Answered[];
type Texts = Readonly<Record<string, string>>;

/** The configured questions by id, each in several languages. */
export function questions(world: World): Readonly<Record<string, Texts>> {
  return (settingOf(world, 'selfservice.kba')['questions'] ?? {}) as Readonly<Record<string, Texts>>;
}

/** The form that lets a user choose questions and answer them. Source: the ancestor's stage, and a recorded mock. */
export function definitionForm(world: World, more: Requirements = {}): Requirements {
  const answer = (description: string) => ({ description, type: 'string' });
  const shape = (description: string, name: string, what: string) => ({
    description,
    type: 'object',
    required: [name, 'answer'],
    properties: {
      [name]: { description: what, type: 'string' },
      answer: answer(name === 'questionId' ? 'Answer to the referenced question' : 'Answer to the question'),
    },
    additionalProperties: false,
  });
  return form('Knowledge based questions', {
    required: ['kba'],
    properties: {
      kba: {
        type: 'array',
        minItems: minimum(world),
        items: {
          type: 'object',
          oneOf: [{ $ref: '#/definitions/systemQuestion' }, { $ref: '#/definitions/userQuestion' }],
        },
        questions: Object.entries(questions(world)).map(([id, question]) => ({ id, question })),
      },
    },
    definitions: {
      userQuestion: shape('User Question', 'customQuestion', 'Question defined by the user'),
      systemQuestion: shape('System Question', 'questionId', 'Id of predefined question'),
    },
    ...more,
  });
}

function minimum(world: World): number {
  return Number(settingOf(world, 'selfservice.kba')['minimumAnswersToDefine'] ?? 1);
}

/**
 * Reads chosen questions and their answers.
 * @returns them as they are stored, or undefined when there are too few
 * @throws Refusal 400 for one of another form, one that is not configured, and one of the user's own that is
 * Source: self-service-reference, stages/stage-kba-security-answer-definition
 */
export function definedAnswers(world: World, given: unknown): Answers | undefined {
  const { fault } = world;
  if (!Array.isArray(given) || (given.length < minimum(world) && !fault('answers-too-few-accepted'))) return undefined;
  return given.map((one): Answered => {
    const { questionId, customQuestion, answer, ...rest } = objectOrUndefined(one) ?? {};
    const chosen = typeof questionId === 'string' && questionId in questions(world);
    const own = typeof customQuestion === 'string' && !isConfigured(world, customQuestion);
    const single = (questionId === undefined) !== (customQuestion === undefined);
    // Chosen: an empty answer is none.
    const answered = typeof answer === 'string' && answer.trim() !== '';
    if (!single || !(chosen || own) || !answered || Object.keys(rest).length > 0)
      throw new Refusal(400, 'The security questions are not answered as asked');
    return { ...(chosen ? { questionId } : { customQuestion: customQuestion as string }), answer: hashed(answer) };
  });
}

/** Whether a question is configured, in any language; case and punctuation do not count. */
function isConfigured(world: World, question: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const known = Object.values(questions(world)).flatMap((texts) => Object.values(texts));
  return !world.fault('questions-duplicate-accepted') && known.some((one) => bare(one) === bare(question));
}

/** Salted and hashed, case aside. Source: the ancestor. */
function hashed(answer: string): Answered['answer'] {
  const salt = randomBytes(12).toString('base64url');
  return { value: `${salt}.${digest(answer, salt)}`, algorithm: 'SHA-256' };
}

/** An answered question whose answer may still be readable, as it is stored. Source: the vendor's client writes them so */
export function answeredWith(one: unknown): unknown {
  const { answer, ...question } = objectOrUndefined(one) ?? {};
  return typeof answer === 'string' ? { ...question, answer: hashed(answer) } : one;
}

/** Whether a given answer is the stored one. */
export function isAnswer(given: unknown, { answer }: Answered): boolean {
  const [salt = '', value] = answer.value.split('.');
  return typeof given === 'string' && digest(given, salt) === value;
}

function digest(answer: string, salt: string): string {
  return createHash('sha256')
    .update(salt + answer.trim().toLowerCase())
    .digest('base64url');
}
