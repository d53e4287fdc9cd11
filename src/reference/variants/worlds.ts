import type { Variants } from './variant.ts';

/** What a PingIDM world does differently when it is asked to: its configuration, its users, and who else uses it. */
export const PINGIDM_VARIANTS = {
  'idm-other-roles-held': { says: 'Users hold other roles too, before and after their profile is complete.' },
  'idm-role-meanwhile': { says: 'A role of its own is granted while the profile is due, and goes with it.' },
  'idm-other-full-role': { says: 'The full role is another one than the page names.' },
  'idm-another-process-first': { says: 'Another process is due before the profile, and stays due.' },
  'idm-another-process-last': { says: 'Another process is due after the profile, and stays due.' },
  'idm-form-until-filled': { says: 'The form is due at every login until the attribute has a value.' },
  'idm-several-forms': { says: 'The profile process has three forms, the last with nothing that is required.' },
  'idm-several-attributes': { says: 'The form asks for optional attributes beside the required one.' },
  'idm-another-attribute': { says: 'The form asks for another attribute, which takes any text.' },
  'idm-attribute-with-own-value': { says: 'The form asks for an attribute that the printed value does not fit.' },
  'idm-value-stored': { says: 'The attribute that is asked for has a value already.' },
  'idm-value-stored-as-sent': { says: 'The attribute that is asked for has the very value already that is sent.' },
  'idm-value-stored-empty': { says: 'The attribute that is asked for is an empty text so far.' },
  'idm-attribute-not-counted': { says: 'The attribute that is asked for does not count for completeness.' },
  'idm-more-attributes-counted': { says: 'Completeness looks at more attributes.' },
  'idm-profile-completed-whole': { says: 'Everything else of the profile is filled in already.' },
  'idm-pattern-as-error': { says: 'A value that its schema forbids is refused with an error and no form.' },
  'idm-policy-as-forbidden': {
    says: 'A value that its schema forbids is refused with 403 and the policies that failed.',
  },
  'idm-others-use-it': {
    says: 'Other users log in, are created and changed between any two requests.',
    unseen: 'a client that keeps to its own user never sees the others',
  },
  'idm-activity-recorded': { says: 'Every request of a user changes when the user was last seen, refused or not.' },
  'idm-session-without-cookie': { says: 'Anonymous requests without a cookie are taken for those of the last user.' },
  'idm-session-renewed': { says: 'Every answer in a session brings a new cookie, and the old ones go on working.' },
  'idm-session-for-anonymous-too': {
    says: 'Anonymous credentials start a session of their own, whoever else is in one.',
  },
  'idm-questions-in-another-order': {
    says: "A reset asks the user's security questions in another order than they were answered in.",
    unseen: 'only a reset by questions asks them',
  },
  'idm-processes-longer': {
    says: 'Processes have more stages, in another order, one of them known by its class; three questions, with other identifiers, are to be answered.',
  },
  'idm-processes-shorter': {
    says: 'Processes have as few stages as they can do with, and one security question is to be answered.',
  },
  'idm-configuration-in-effect-later': {
    says: 'What is configured anew takes effect one and a half seconds after the answer, and is shown then.',
    unseen: 'only what is configured anew shows it',
  },
  'idm-processes-restart-later': {
    says: 'A process asks by its old configuration for one and a half seconds after it was configured anew.',
    unseen: 'only what is configured anew shows it',
  },
  'idm-lenient-about-values': { says: 'Values of any form are taken for what is asked, null and empty ones too.' },
} satisfies Variants;

/** What a PingOne world does differently when it is asked to. */
export const PINGONE_VARIANTS = {
  'one-lists-reversed': { says: 'Lists come newest first.' },
  'one-lists-in-pages': { says: 'Lists come in pages of one item, with a link to the next.' },
  'one-next-link-is-a-query': { says: 'Lists come in pages, and the link to the next is a query alone.' },
  'one-policies-of-others': { says: 'There are many policies already, with names that are no longer taken.' },
  'one-things-of-the-pages': {
    says: 'Lists hold, beside what is created, things with the ids and names that the pages print.',
  },
  'one-policies-come-and-go': { says: 'Others create and delete policies between any two requests.' },
  'one-last-action-deletable': { says: "A policy's last action can be deleted." },
  'one-lenient-about-bodies': { says: 'Values of another type or form than a member should have are put right.' },
  'one-client-secret-with-punctuation': {
    says: 'The client secret has characters that forms and headers must encode.',
  },
  'one-client-authenticates-by-form': { says: 'The client may authenticate in the form only.' },
  'one-token-from-another-environment': { says: 'The client gets its tokens in another environment.' },
  'one-created-is-found-later': {
    says: 'Every twentieth thing that is created, and the first, is not found for a moment.',
    unseen: 'the suite looks at what it has created, and waits for it, before a step reads it',
  },
  'one-attribute-members-added': { says: 'Attributes of an action tell by which name users see them.' },
} satisfies Variants;

export type PingidmVariant = keyof typeof PINGIDM_VARIANTS;
export type PingoneVariant = keyof typeof PINGONE_VARIANTS;
