import type { PingidmVariant } from '../variants/worlds.ts';
import type { World } from './world.ts';

export type Setting = Readonly<Record<string, unknown>>;

/**
 * Configuration other than processes, by identifier, in the vendor's own form.
 * Source: self-service-reference, selfservice-questions and terms-conditions
 */
export function settings(_: (name: PingidmVariant) => boolean): Map<string, Setting> {
  return new Map<string, Setting>([
    [
      'selfservice.kba',
      {
        kbaPropertyName: 'kbaInfo',
        minimumAnswersToDefine: 2,
        minimumAnswersToVerify: 1,
        numberOfAttemptsAllowed: 3,
        kbaAttemptsPropertyName: 'kbaAttempts',
        questions: {
          '1': { en: "What's your favorite color?", fr: 'Quelle est votre couleur préférée?' },
          '2': { en: 'Who was your first employer?' },
        },
      },
    ],
    [
      'selfservice.terms',
      {
        active: '0.0',
        versions: [
          { version: '0.0', termsTranslations: { en: 'Fictitious terms' }, createDate: '2019-10-28T04:20:11.320Z' },
        ],
        uiConfig: { displayName: "We've updated our terms", purpose: 'Please accept them', buttonText: 'Accept' },
      },
    ],
  ]);
}

/** One of them; an empty object when it was taken away. */
export function settingOf({ settings: all }: World, id: string): Setting {
  return all.get(id) ?? {};
}
