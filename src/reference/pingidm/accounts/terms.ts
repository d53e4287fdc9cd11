import { Refusal } from '../refusal.ts';
import { settingOf } from '../settings.ts';
import type { Requirements } from '../stage.ts';
import type { User } from '../users.ts';
import type { World } from '../world.ts';
import { form } from './flow.ts';
import type { Answers } from './questions.ts';

interface Version {
  version: string;
  termsTranslations: Readonly<Record<string, string>>;
}

export function activeTerms(world: World): string {
  return String(settingOf(world, 'selfservice.terms')['active']);
}

/** The active terms, to be accepted. Source: self-service-reference, stages/stage-terms-conditions. */
export function termsText(world: World, more: Requirements = {}): Requirements {
  const { versions = [] } = settingOf(world, 'selfservice.terms') as { versions?: Version[] };
  const { termsTranslations } = versions.find(({ version }) => version === activeTerms(world)) ?? {};
  return form('Accept Terms and Condition', {
    required: ['accept'],
    properties: { accept: { description: 'Accept', type: 'string' } },
    ...(world.fault('terms-text-missing') ? {} : { terms: termsTranslations?.['en'] ?? '' }),
    ...more,
  });
}

/**
 * Whether terms are accepted; false when nothing is said of them, so that they are asked for again.
 * @throws Refusal 400 when they are refused. Source: the page says that they are asked again, or that this is an error
 */
export function isAccepted({ fault }: World, accept: unknown): boolean {
  if (accept === undefined) return fault('terms-absent-accepts');
  if (accept === 'true' || accept === true || fault('terms-refused-ends')) return true;
  if (fault('registration-terms-ignored')) return false;
  throw new Refusal(400, 'Must accept terms and conditions');
}

/** Stores answers to security questions; they are never shown. */
export function storeAnswers({ fault }: World, user: User, answers: Answers): void {
  if (!fault('answers-lost')) user.attributes['kbaInfo'] = answers;
}
