import { anything, flag, list, may, need, object, text, whole, word, type Shape } from './validation.ts';

const reference = object({ id: need(text) });

/** What an action of any type may hold. Chosen: conditions are kept unchecked, and priorities end at a 32-bit integer. */
export const COMMON: Shape = {
  priority: need(whole(1, 2_147_483_647)),
  condition: may(anything),
};

const registration = object({
  enabled: need(flag),
  // Chosen: an external page is kept even when registration is enabled, though it then means nothing.
  external: may(object({ href: need(text) })),
  population: may(reference),
  confirmIdentityProviderAttributes: may(flag),
});

const newUserProvisioning = object({
  gateways: need(list(object({ id: need(text), type: need(word('LDAP')), userType: need(reference) }))),
});

/**
 * What an action of each type may hold beside the common members.
 * Source: pingone-api/platform/sign-on-policies/sign-on-policy-actions.
 * Chosen: an empty `attributes` array is accepted, since no least number is documented.
 */
export const ACTION_TYPES: Record<string, Shape> = {
  LOGIN: {
    enforceLockoutForIdentityProviders: may(flag),
    recovery: may(object({ enabled: need(flag) })),
    registration: may(registration),
    socialProviders: may(list(reference)),
    newUserProvisioning: may(newUserProvisioning),
  },
  PROGRESSIVE_PROFILING: {
    attributes: need(list(object({ name: need(text), required: need(flag) }))),
    preventMultiplePromptsPerFlow: need(flag),
    promptText: need(text),
    promptIntervalSeconds: need(whole(1)),
  },
};
