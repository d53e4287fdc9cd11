import { questionsOtherwise } from './accounts/otherwise.ts';
import type { PingidmVariant } from '../variants/worlds.ts';
import { userSchema } from './schema.ts';
import type { World } from './world.ts';

export type Setting = Readonly<Record<string, unknown>>;

/**
 * Configuration other than processes, by identifier, in the vendor's own form.
 * Source: self-service-reference, selfservice-questions, terms-conditions and pp-managed-json
 */
export function settings(variant: (name: PingidmVariant) => boolean): Map<string, Setting> {
  return new Map<string, Setting>([
    [
      'managed',
      {
        objects: [
          {
            name: 'user',
            schema: { type: 'object', properties: userSchema(variant) },
            meta: {
              property: '_meta',
              resourceCollection: 'internal/usermeta',
              trackedProperties: ['createDate', 'lastChanged', 'loginCount', 'stagesCompleted'],
            },
          },
        ],
      },
    ],
    [
      'selfservice.kba',
      questionsOtherwise(variant, {
        kbaPropertyName: 'kbaInfo',
        minimumAnswersToDefine: 2,
        minimumAnswersToVerify: 1,
        numberOfAttemptsAllowed: 3,
        kbaAttemptsPropertyName: 'kbaAttempts',
        questions: {
          '1': { en: "What's your favorite color?", fr: 'Quelle est votre couleur préférée?' },
          '2': { en: 'Who was your first employer?' },
        },
      }),
    ],
    // Source: auth-guide, auth-run-as, which prints how a module maps its users; and the session of authentication.json.
    [
      'authentication',
      {
        serverAuthContext: {
          sessionModule: {
            name: 'JWT_SESSION',
            properties: { maxTokenLifeMinutes: 120, tokenIdleTimeMinutes: 30, sessionOnly: true, isHttpOnly: true },
          },
          authModules: [
            {
              name: 'MANAGED_USER',
              properties: {
                queryId: 'credential-query',
                queryOnResource: 'managed/user',
                propertyMapping: { authenticationId: 'username', userCredential: 'password', userRoles: 'authzRoles' },
                defaultUserRoles: ['internal/role/openidm-authorized'],
              },
              enabled: true,
            },
          ],
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

/** Whether metadata of that name is kept of users. Source: self-service-reference, pp-managed-json */
export function tracks(world: World, name: string): boolean {
  const { objects } = settingOf(world, 'managed') as { objects?: { meta?: { trackedProperties?: string[] } }[] };
  return objects?.[0]?.meta?.trackedProperties?.includes(name) === true;
}
