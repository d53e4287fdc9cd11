import { ACCOUNT_FAULTS } from './account-faults.ts';
import { PROCESS_FAULTS } from './accounts/faults.ts';
import { CLIENT_FAULTS } from './client-faults.ts';
import { OBJECT_FAULTS } from './object-faults.ts';

/** What can be wrong with this server: each name switches one mistake on. */
export const PINGIDM_FAULTS = {
  // Writes
  'write-lost': 'The form ends with success and the value is not stored.',
  'write-doubled': 'The value is stored twice over, one copy after the other.',
  'write-digits-only': 'Everything but digits is stripped from the value before it is stored.',
  'write-truncated': 'Only the first eight characters of the value are stored.',
  'write-as-number': 'A value with digits is stored as a number instead of text.',
  'write-under-wrong-name': 'The value is stored under a property name that the form did not name.',
  'write-to-another-user': 'The value is stored on another user than the one of the session.',
  'write-to-every-user': 'The value is stored on every user.',
  'write-when-refused': 'A value that the form refuses is stored all the same.',
  'write-clobbers-other-attributes': 'Storing the value removes the other attributes of the user.',
  'write-of-unasked-attributes': 'Attributes that the form did not ask for are stored too.',
  'write-without-session-user': 'A submission without a session is applied to whoever logged in last.',
  'write-undone-by-login': 'The next login brings back the attributes from before the form.',
  'second-submit-writes-again': 'A submission after the end of the process overwrites the stored value.',

  // Reads
  'read-value-of-another-user': 'The form shows the value that another user has stored.',
  'read-without-value': 'The form leaves out the member that tells the stored value.',
  'read-asks-for-nothing': 'The form is empty although the login required it.',
  'read-asks-everybody': 'The form is shown to users who do not owe it.',
  'read-asks-again-after-end': 'The form is shown again after it was completed.',
  'read-completes-form': 'Reading the form marks it as completed.',
  'read-answers-end': 'Reading the form answers that the process has ended.',
  'read-leaks-user': 'Reading the form hands out the whole user, password included.',
  'read-without-schema': 'An attribute of the form comes without its schema.',
  'read-says-optional': 'The form says that the required attribute is optional.',
  'read-attribute-renamed': 'The form asks for an attribute by a name that the object does not have.',
  'managed-user-stale': 'Reading the managed user shows it as it was before the form.',
  'managed-user-of-another-user': 'Reading the managed user shows the attributes of another user.',
  'managed-user-id-wrong': 'The managed user carries another identifier than the one it was read by.',
  'managed-user-shows-password': 'Reading the managed user shows its password.',

  // Credentials
  'wrong-password-accepted': 'Any password that is not empty is accepted.',
  'wrong-password-accepted-outside-login': 'Passwords are verified by the login and by no other endpoint.',
  'any-case-password-accepted': 'Passwords are compared without regard to case.',
  'password-prefix-accepted': 'The beginning of a password is accepted in place of the whole.',
  'empty-password-accepted': 'An empty password is accepted.',
  'missing-password-accepted': 'A user name without any password is accepted.',
  'unknown-user-logged-in': 'A user name that nobody has is let in as the first user.',
  'login-without-credentials': 'A login without credentials succeeds.',
  'profile-read-without-credentials': 'The form is served without credentials.',
  'profile-submit-without-credentials': 'A submission without credentials is carried out for whoever logged in last.',
  'completeness-without-credentials': 'Completeness is told without credentials.',
  'managed-user-without-credentials': 'Managed users are readable without credentials.',
  'completeness-for-anonymous': 'The anonymous account may read completeness.',
  'completeness-for-users': 'Ordinary users may read completeness.',
  'managed-user-for-anonymous': 'The anonymous account may read managed users.',
  'managed-user-for-other-users': 'Users may read the objects of other users.',
  'failed-login-counted': 'A login with a wrong password counts as a login.',

  // Sessions
  'session-never-set': 'No session cookie is ever set.',
  'session-despite-no-session': 'A session cookie is set although the client declined one.',
  'session-cookie-readable-by-scripts': 'The session cookie lacks HttpOnly.',
  'session-survives-logout': 'The session cookie keeps working after logout.',
  'session-of-another-user': 'The session cookie stands for another user than the one who logged in.',
  'session-of-last-login': 'Every session cookie stands for whoever logged in last.',
  'session-login-counted': 'A login by session cookie counts like one by password.',
  'logout-ends-every-session': 'Logging out ends the sessions of all users.',

  // What the login says
  'login-id-of-another-user': 'The login answers the identifier of another user.',
  'login-id-is-user-name': 'The login answers the user name in place of the identifier.',
  'login-authentication-id-wrong': 'The login names another user as the one who authenticated.',
  'login-component-wrong': 'The login answers a component that the user does not belong to.',
  'process-not-listed': 'The login does not list the process although it is due.',
  'process-listed-too-early': 'The login lists the process before it is due.',
  'process-listed-for-ever': 'The login still lists the process after it was completed.',
  'process-listed-by-bare-name': 'The login lists the process without the path it is served at.',
  'process-flag-missing': 'The login lists the process and leaves out the flag that says so.',
  'role-granted-early': 'The full role is granted while the process is due.',
  'role-never-granted': 'The full role is withheld from users to whom nothing is due.',

  // Process state
  'form-tag-wrong': 'The form carries a tag that is not the one for a beginning.',
  'form-type-wrong': 'The form carries the name of the inner stage as its type.',
  'end-tag-wrong': 'The last answer carries a tag that is not the one for the end.',
  'end-without-success': 'The last answer says that the process failed.',
  'end-success-as-text': 'The last answer gives success as text.',
  'end-without-additions': 'The last answer leaves the additions out.',
  'required-attribute-not-enforced': 'The process ends although the required attribute was left out.',
  'null-accepted': 'Null is taken as the value of a required attribute.',
  'empty-string-accepted': 'An empty text is taken as the value of a required attribute.',
  'pattern-not-enforced': 'A value that does not match the pattern is stored.',
  'type-not-enforced': 'A value of another type than the schema says is stored.',
  'completion-forgotten': 'The value is stored and the form stays due.',
  'completion-shared-by-all-users': 'One user completing the form completes it for everybody.',
  'refusal-completes-form': 'A refused submission marks the form as completed.',
  'refusal-ends-process': 'A refused submission is answered as the end of the process.',
  'refusal-without-requirements': 'A refused submission is answered with empty requirements.',
  'refusal-as-error': 'A missing attribute is answered by an error in place of the requirements.',
  'any-action-submits': 'A submission is carried out whatever the action is called.',

  // Tokens
  'token-not-sent': 'The requirements come again without a token.',
  'garbage-token-accepted': 'A token that the server never issued is accepted.',
  'own-token-refused': 'The token that the server has just issued is refused.',
  'token-of-another-user-accepted': 'A token issued to one user is accepted from another.',

  // Completeness
  'completeness-not-updated': 'Completeness stays as it was before the form.',
  'completeness-constant': 'Completeness is the same for everybody.',
  'completeness-of-another-user': 'Completeness is worked out from another user.',
  'completeness-inverse': 'Completeness tells the share of attributes that are missing.',
  'completeness-scaled-to-one': 'Completeness runs from 0 to 1.',
  'completeness-full-after-form': 'Completeness jumps to 100 with the form.',
  'completeness-rounded': 'Completeness is rounded to a whole number.',
  'completeness-as-text': 'Completeness is text.',
  'completeness-counts-non-editable': 'Attributes that the user may not edit count too.',
  'completeness-counts-hidden': 'Attributes that are not viewable count too.',
  'completeness-counts-null': 'Attributes without a value count as filled.',
  'completeness-id-wrong': 'The completeness answer names another object than the one asked about.',
  'completeness-of-unknown-user': 'Completeness of a user who does not exist is answered.',

  // Errors
  'error-code-differs': 'The code of an error differs from its status.',
  'error-code-as-text': 'The code of an error is text.',
  'error-reason-missing': 'An error has no reason.',
  'error-message-missing': 'An error has no message.',
  'error-in-html': 'An error is an HTML page.',
  'error-answered-200': 'An error is answered with status 200.',
  'error-repeats-password': 'A refused login repeats the password that was tried.',
  'bad-input-answered-500': 'Bad input is answered as if the server had failed.',
  'unauthorized-answered-403': 'Missing or wrong credentials are answered with 403.',
  'forbidden-answered-401': 'Missing rights are answered with 401.',
  'malformed-json-accepted': 'A body that is not JSON is taken as an empty input.',
  'missing-input-accepted': 'A submission without input ends the process.',

  ...ACCOUNT_FAULTS,
  ...PROCESS_FAULTS,
  ...CLIENT_FAULTS,
  ...OBJECT_FAULTS,
} as const;

/** The name of one mistake. */
export type PingidmFault = keyof typeof PINGIDM_FAULTS;
