import { condition } from './condition.ts';
import { flag, form, known, list, may, need, object, string, text, whole, word, type Shape } from './validation.ts';

/** What an action of any type may hold. */
export const COMMON: Shape = {
  priority: need(whole(1)),
  condition: may(condition),
};

const reference = object({ id: need(text) });
const switched = object({ enabled: need(flag) });
const population = object({ id: need(known('population')) });
// Chosen: an identity provider that does not exist is refused.
const provider = object({ id: need(known('identityProvider')) });

const registered = {
  enabled: need(flag),
  population: may(population),
  confirmIdentityProviderAttributes: may(flag),
};

const SIGN_ON: Shape = {
  enforceLockoutForIdentityProviders: may(flag),
  recovery: may(switched),
  // Chosen: an external page is kept even when registration is enabled, though it then means nothing.
  registration: may(object({ ...registered, external: may(object({ href: need(form(/^\S+$/)) })) })),
  socialProviders: may(list(provider)),
};

const device = { enabled: may(flag) };

/**
 * What an action of each type may hold beside the common members.
 * Source: pingone-api/platform/sign-on-policies/sign-on-policy-actions; Ping's OpenAPI for the types of PingID.
 * Chosen: an empty `attributes` array is accepted, since no least number is documented; the members of
 * PROGRESSIVE_PROFILING_FORM are not known, and none is kept.
 */
export const ACTION_TYPES: Record<string, Shape> = {
  LOGIN: {
    ...SIGN_ON,
    newUserProvisioning: may(
      object({
        gateways: need(
          list(object({ id: need(known('gateway')), type: need(word('LDAP')), userType: need(reference) })),
        ),
      }),
    ),
  },
  MULTI_FACTOR_AUTHENTICATION: {
    deviceAuthenticationPolicy: may(object({ id: need(known('deviceAuthenticationPolicy')) })),
    noDevicesMode: may(word('BYPASS', 'BLOCK')),
    recovery: may(switched),
    ...Object.fromEntries(
      ['authenticator', 'boundBiometrics', 'email', 'securityKey', 'sms', 'voice'].map((name) => [
        name,
        may(object(device)),
      ]),
    ),
    applications: may(
      list(
        object({
          id: need(text),
          autoEnrollment: may(object(device)),
          deviceAuthorization: may(
            object({ ...device, extraVerification: may(word('disabled', 'permissive', 'restrictive')) }),
          ),
        }),
      ),
    ),
  },
  IDENTIFIER_FIRST: {
    ...SIGN_ON,
    discoveryRules: may(
      list(
        object({
          condition: need(object({ contains: need(text), value: need(text) })),
          identityProvider: need(provider),
        }),
        100,
      ),
    ),
  },
  IDENTITY_PROVIDER: {
    identityProvider: need(provider),
    acrValues: may(string),
    passUserContext: may(flag),
    registration: may(object(registered)),
  },
  AGREEMENT: {
    agreement: need(object({ id: need(known('agreement')) })),
    disableDeclineOption: may(flag),
  },
  PROGRESSIVE_PROFILING: {
    attributes: need(list(object({ name: need(text), required: need(flag) }))),
    preventMultiplePromptsPerFlow: need(flag),
    promptText: need(text),
    promptIntervalSeconds: need(whole(1)),
  },
  PROGRESSIVE_PROFILING_FORM: {},
  PINGID_AUTHENTICATION: {},
  PINGID_WINLOGIN_PASSWORDLESS_AUTHENTICATION: {
    uniqueUserAttribute: need(object({ name: need(text) })),
    offlineMode: need(switched),
  },
};
