import { randomUUID } from 'node:crypto';
import { isObject } from './body.ts';
import type { Changes } from './faults.ts';
import type { Members } from './world.ts';

type Change = (members: Members) => Members;

/** Changes one member where it is there; undefined drops it. */
const member =
  (name: string, change: (value: unknown) => unknown = () => undefined): Change =>
  (members) =>
    name in members ? { ...members, [name]: change(members[name]) } : members;

const inside = (name: string, inner: string, change?: (value: unknown) => unknown): Change =>
  member(name, (value) => (isObject(value) ? member(inner, change)(value) : value));

const ids = (value: unknown): unknown => (isObject(value) ? value.id : value);

/** Changes every rule of a condition, innermost first. */
function rules(change: (rule: Members, depth: number) => Members): Change {
  const walk = (value: unknown, depth: number): unknown => {
    if (!isObject(value)) return value;
    const copy: Members = { ...value };
    for (const name of ['and', 'or'])
      if (Array.isArray(copy[name])) copy[name] = (copy[name] as unknown[]).map((one) => walk(one, depth + 1));
    if ('not' in copy) copy.not = walk(copy.not, depth + 1);
    return change(copy, depth);
  };
  return member('condition', (value) => walk(value, 0));
}

const EVERY_MEMBER = ['condition', 'recovery', 'registration', 'socialProviders', 'deviceAuthenticationPolicy'];

/** What mistakes do to the members of an action before they are stored, on creation as on replacement. */
export const TYPE_STORED: Changes<Members> = {
  'lockout-lost': member('enforceLockoutForIdentityProviders'),
  'recovery-lost': member('recovery'),
  'recovery-always-enabled': member('recovery', () => ({ enabled: true })),
  'registration-lost': member('registration'),
  'registration-population-lost': inside('registration', 'population'),
  'registration-external-lost': inside('registration', 'external'),
  'registration-confirm-lost': inside('registration', 'confirmIdentityProviderAttributes'),
  'social-providers-lost': member('socialProviders'),
  'social-providers-as-ids': member('socialProviders', (all) => (all as unknown[]).map(ids)),
  'provisioning-lost': member('newUserProvisioning'),
  'discovery-rules-lost': member('discoveryRules'),
  'discovery-rules-reversed': member('discoveryRules', (all) => (all as unknown[]).toReversed()),
  'identity-provider-as-id': member('identityProvider', ids),
  'acr-values-lost': member('acrValues'),
  'pass-user-context-defaulted': member('passUserContext', () => true),
  'agreement-as-id': member('agreement', ids),
  'decline-option-lost': member('disableDeclineOption'),
  'device-policy-lost': member('deviceAuthenticationPolicy'),
  'no-devices-mode-lower-cased': member('noDevicesMode', (value) => String(value).toLowerCase()),
  'mfa-devices-lost': (members) =>
    ['authenticator', 'boundBiometrics', 'email', 'securityKey', 'sms', 'voice'].reduce(
      (left, name) => member(name)(left),
      members,
    ),
  'mfa-applications-lost': member('applications'),
  'unique-attribute-lost': member('uniqueUserAttribute'),
  'offline-mode-flipped': inside('offlineMode', 'enabled', (value) => !value),
  'absent-members-null': (members) => ({ ...Object.fromEntries(EVERY_MEMBER.map((name) => [name, null])), ...members }),
  'attributes-beyond-three-lost': member('attributes', (all) => (all as unknown[]).slice(0, 3)),
  'condition-lost': member('condition'),
  'condition-or-as-and': rules(({ or, ...rule }) => (or === undefined ? rule : { ...rule, and: or })),
  'condition-not-as-array': rules((rule) => ('not' in rule ? { ...rule, not: [rule.not] } : rule)),
  'condition-not-lost': rules((rule) => (isObject(rule.not) ? rule.not : rule)),
  'condition-greater-as-string': rules(member('greater', String)),
  'condition-equals-as-string': rules(member('equals', String)),
  'condition-empty-list-lost': rules((rule) =>
    Array.isArray(rule.anonymousNetwork) && rule.anonymousNetwork.length === 0
      ? { ...rule, anonymousNetwork: undefined }
      : rule,
  ),
  'condition-first-rule-only': rules((rule) =>
    ['and', 'or'].reduce((left, name) => member(name, (all) => (all as unknown[]).slice(0, 1))(left), rule),
  ),
  'condition-depth-limited': rules((rule, depth) =>
    depth < 2 ? rule : ['and', 'or', 'not'].reduce((left, name) => member(name)(left), rule),
  ),
};

/** What a replacement leaves of an action, by the mistakes that are made in it. */
export const TYPE_UPDATED: Changes<Members, [Members]> = {
  'action-update-ignored': (_members, old) => old,
  'action-update-merges': (members, old) => ({ ...old, ...members }),
  'action-update-keeps-priority': (members, old) => ({ ...members, priority: old.priority }),
};

/** What mistakes do to the answer to a replacement; the second argument is what the action was shown as before. */
export const TYPE_ANSWERED: Changes<Members, [Members, Members]> = {
  'action-update-ignored': (body, _old, sent) => ({ ...body, ...sent }),
  'action-update-answers-old': (_body, old) => old,
  'action-update-changes-id': (body) => ({ ...body, id: randomUUID() }),
};
