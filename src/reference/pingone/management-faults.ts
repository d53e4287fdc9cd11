import { TEXT_FAULTS } from './text-faults.ts';

/** The mistakes of a careless server in keeping things apart and whole: what it replaces, deletes, counts and takes from bodies. */
export const MANAGEMENT_FAULTS = {
  ...TEXT_FAULTS,

  // What a body cannot say
  'action-id-from-body': 'Replaces the action whose id the body has.',
  'action-policy-from-body': 'Stores a new action in the policy that the body names.',
  'action-given-id-taken': 'Gives a new action the id that the body has.',
  'policy-id-from-body': 'Replaces the policy whose id the body has.',
  'policy-given-id-taken': 'Gives a new policy the id that the body has.',
  'assignment-application-from-body': 'Shows an assignment as one of the application that the body names.',
  'application-id-from-body': 'Replaces the application whose id the body has.',
  'application-created-from-body': 'Lets the body say when an application was created.',
  'user-id-from-body': 'Replaces the user whose id the body has.',
  'user-created-from-body': 'Lets the body say when a user was created.',

  // Values unlike the printed ones
  'numbers-of-sixteen-bits': 'Keeps no more than 15 bits of the numbers of an action.',
  'numbers-as-floats': 'Keeps the numbers of an action as floats of single precision.',
  'attributes-beyond-ten-lost': 'Keeps no more than ten of the attributes that an action asks for.',
  'attributes-one-of-each-object': 'Keeps one of the attributes that stand in the same object.',
  'assignment-priority-capped': 'Keeps no priority of an assignment above 1000.',
  'user-one-member-of-each-object': 'Keeps the first of the members of name and of address.',
  'username-in-lower-case': 'Changes user names to lower case.',
  'application-type-constant': 'Shows every application as one of type WEB_APP.',
  'application-first-redirect-uri-only': 'Keeps the first of the redirect URIs of an application.',
  'application-first-grant-type-only': 'Keeps the first of the grant types of an application.',
  'application-response-types-lost': 'Keeps the first of the response types of an application.',
  'application-auth-method-constant': 'Lets every application authenticate by CLIENT_SECRET_BASIC.',
  'application-pkce-constant': 'Shows pkceEnforcement as OPTIONAL whatever is sent.',

  // Replacing and changing
  'application-update-ignored': 'Answers a replacement of an application with what was sent, and keeps it as it was.',
  'application-update-merges': 'Keeps the members of an application that its replacement does not have.',
  'application-update-changes-secret': 'Makes a new secret when an application is replaced.',
  'user-update-ignored': 'Answers a replacement of a user with what was sent, and keeps the user as it was.',
  'user-update-merges': 'Keeps what the replacement of a user leaves out.',
  'user-update-drops-password': 'Forgets the password of a user who is replaced.',
  'user-patch-replaces': 'Forgets what a change of a user leaves out.',
  'user-patch-replaces-objects': 'Forgets the members of name and address that a change of a user leaves out.',
  'user-patch-ignored': 'Answers a change of a user as if it were done, and keeps the user as it was.',
  'population-update-ignored': 'Answers a replacement of a population with what was sent, and keeps it as it was.',
  'population-update-merges': 'Keeps the description of a population whose replacement has none.',
  'population-update-makes-default': 'Makes every population that is replaced the default.',

  // Deleting
  'action-delete-takes-next': 'Deletes the action that was created next with one that is deleted.',
  'policy-delete-takes-next': 'Deletes the policy that was created next with one that is deleted.',
  'assignment-delete-takes-all-of-policy': 'Deletes every assignment of a policy with one that is deleted.',
  'application-delete-takes-next': 'Deletes the application that was created next with one that is deleted.',
  'user-delete-takes-previous': 'Deletes the user who was created before one who is deleted.',
  'user-delete-takes-population': 'Deletes the population of a user who is deleted.',
  'population-delete-takes-previous': 'Deletes the population that was created before one that is deleted.',
  'population-with-users-deletable': 'Deletes a population that has users, and the users with it.',

  // Lists and counts
  'list-size-wrong': 'Says that a page of a list has one item more than it has.',
  'user-list-lacks-newest': 'Leaves the newest user out of the list.',
  'user-list-includes-deleted': 'Lists deleted users.',
  'user-list-count-wrong': 'Counts one user too many.',
  'application-list-lacks-disabled': 'Leaves applications that are switched off out of the list.',
  'application-list-includes-deleted': 'Lists deleted applications.',
  'population-list-lacks-empty': 'Leaves populations without users out of the list.',
  'population-counts-everybody': 'Counts the users of all populations.',
  'population-counts-deleted': 'Counts the deleted users of a population too.',

  // Passwords
  'password-state-always-ok': 'Shows the state of every password as OK.',
  'password-state-of-another': 'Shows the state of the password of another user.',
  'password-state-shows-password': 'Shows the password with its state.',

  // Errors
  'error-id-constant': 'Gives every error the same id.',
  'error-target-wrong': 'Says of every detail of an error that it is about the id.',
} as const;
