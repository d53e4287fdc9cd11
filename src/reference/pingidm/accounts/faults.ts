/** What can be wrong with the processes about accounts: each name switches one mistake on. */
export const PROCESS_FAULTS = {
  // The course of a process
  'stage-skipped': 'A process leaves out the stage after the one that asks who you are.',
  'code-stage-skipped': 'The code that was mailed is never asked for.',
  'parameters-stage-skipped': 'The process starts with its second stage.',
  'process-token-missing': 'The next requirements come without a token.',
  'process-token-in-read': 'Reading a process hands out a token.',
  'process-token-with-end': 'The end of a process still comes with a token.',
  'process-without-requirements': 'The next stage is named and its requirements are left out.',
  'process-end-without-additions': 'The end of a process has no additions.',
  'process-end-unsuccessful': 'The end of a process says that it failed.',
  'process-end-type-of-first-stage': 'The end of a process carries the name of its first stage.',
  'process-tag-always-initial': 'A stage that goes on carries the tag of a beginning.',
  'refusal-carries-token': 'A hard error of a stage is answered with a status of success and the form again.',
  'process-revision-constant': 'Every process is read under an empty revision.',

  // Snapshot tokens
  'snapshot-readable': 'What a token carries can be read by everybody.',
  'snapshot-signature-ignored': 'A token that was tampered with is accepted.',
  'snapshot-of-another-process': 'A token of one process is accepted by another.',
  'snapshot-garbage-restarts': 'A token that the server never gave starts the process anew.',
  'snapshot-constant': 'Every answer of a process carries the same token.',
  'snapshot-forgets-when-asked-again': 'The token that comes with what is asked again has lost what was given before.',
  'snapshot-not-taken': 'A token of the server itself is refused.',
  'credential-as-snapshot': 'A credential token is taken for a snapshot of a process.',

  // Finding an account
  'query-of-any-field': 'Accounts are looked up by fields that the process does not allow.',
  'query-of-many-takes-first': 'Of several accounts that fit, the first is taken.',
  'query-finds-another': 'The account found is another one than the one asked for.',
  'query-unknown-goes-on': 'An account that nobody has goes on to the next stage.',
  'query-tells-many-from-none': 'The refusal tells whether no account or several fit.',
  'query-answers-account': 'The stage that finds an account hands out the account.',
  'inactive-account-found': 'An account that is not active may be recovered.',

  // Mail
  'any-code-accepted': 'Any code that is not empty is accepted.',
  'empty-code-accepted': 'A missing code is accepted.',
  'code-in-answer': 'The answer that asks for the code carries it.',
  'code-same-for-everybody': 'Every account is mailed the same code.',
  'code-with-more-accepted': 'Anything that begins with the code is accepted.',
  'code-of-another-accepted': 'A code that was mailed to another account is accepted.',
  'code-mailed-to-another': 'The code is mailed to another account.',
  'code-not-mailed': 'The code is never mailed.',
  'wrong-code-asks-again': 'A wrong code is answered by the requirements again in place of an error.',

  // Password reset
  'reset-lost': 'A reset ends with success and the password is the old one.',
  'reset-old-password-kept': 'After a reset the old password works as well.',
  'reset-of-another-account': 'A reset changes the password of another account.',
  'reset-empty-password-accepted': 'A reset takes an empty password.',
  'reset-policy-ignored': 'A reset takes a password that the policy forbids.',
  'reset-policy-as-error': 'A password that the policy forbids ends the reset with an error.',
  'reset-policy-without-reason': 'A password that the policy forbids is asked for again without a word why.',
  'reset-refused-stored': 'A password that is asked for again is stored all the same.',
  'reset-repeats-password': 'The end of a reset repeats the new password.',

  // Forgotten user name
  'username-of-another': 'The user name told is that of another account.',
  'username-mailed-to-another': 'The user name is mailed to another account.',
  'username-missing': 'The process that tells user names ends without telling one.',
  'username-with-password': 'The process that tells user names tells the password as well.',

  // Registration
  'registration-lost': 'A registration ends with success and there is no user.',
  'registration-under-another-name': 'The registered user has another name than the one chosen.',
  'registration-before-the-end': 'The user is there before the mailed code is confirmed.',
  'registration-takes-any-attribute': 'A registration sets attributes that the form does not have.',
  'registration-without-required': 'A registration may leave required attributes out.',
  'registration-name-taken-twice': 'A user name that is taken may be registered again.',
  'registration-policy-ignored': 'A registration takes a password that the policy forbids.',
  'registration-preferences-lost': 'The preferences that were chosen are not stored.',
  'registration-mail-changed': 'The registered user has another mail address than the one confirmed.',
  'registration-terms-ignored': 'A registration may refuse the terms.',
  'registration-shows-password': 'The registered user is shown with the password.',
  'registration-replaces-user': 'A registration under a name that is taken replaces its user.',
  'consent-ignored': 'A registration goes on without consent.',
  'captcha-ignored': 'Any response to the captcha is taken.',
  'all-in-one-forgets-a-stage': 'The form of a registration in one page leaves the security questions out.',

  // Auto-login
  'credential-token-missing': 'The end of a registration has no credential token.',
  'credential-token-not-accepted': 'The credential token does not log in.',
  'credential-token-of-another': 'The credential token logs somebody else in.',
  'credential-garbage-accepted': 'A credential token that the server never gave logs in.',
  'snapshot-as-credential': 'The token of an unfinished process logs in.',

  // Security questions
  'answers-readable': 'Answers to security questions are stored in clear and readable.',
  'answers-lost': 'Answers to security questions are not stored.',
  'answers-any-accepted': 'Any answer to a security question is accepted.',
  'answers-of-another-accepted': 'The answers of another user are accepted.',
  'answers-first-decides': 'Only the first of several answers is compared.',
  'answers-attempts-not-counted': 'Wrong answers are never counted, and never lock.',
  'answers-too-few-accepted': 'Fewer answers than are required may be defined.',
  'questions-duplicate-accepted': 'A question of one’s own may repeat a configured one.',
  'questions-of-another-user': 'The security questions of another user are asked.',
  'questions-show-answers': 'The form with the security questions shows the answers.',
  'update-too-few-ends': 'Updating security questions ends with too few of them.',
  'questions-update-lost': 'Updating security questions ends with success and keeps the old ones.',

  // Terms
  'terms-refused-ends': 'Refusing the terms ends the process with success.',
  'terms-absent-accepts': 'Saying nothing accepts the terms.',
  'terms-accepted-for-all': 'One user who accepts the terms accepts them for everybody.',
  'terms-text-missing': 'The terms are to be accepted without being shown.',
} as const;
