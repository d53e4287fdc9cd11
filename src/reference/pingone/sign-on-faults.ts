/** The mistakes in signing on, and in the tokens that it leads to, that only a client notices who looks closely. */
export const SIGN_ON_FAULTS = {
  // User name and password
  'password-prefix-signs-on': 'Signs a user on with the beginning of the password.',
  'password-beginning-compared': 'Signs a user on with more than the password.',
  'password-blanks-ignored': 'Signs a user on whatever blanks stand around the password.',
  'old-password-signs-on': 'Signs a user on with a password that was changed.',
  'status-in-body-completes-flow': 'Takes the status of a flow, and its user, from the body of a request.',
  'failed-sign-on-sets-session': 'Sets a session cookie when a password is wrong.',
  'flow-signs-on-when-over': 'Signs users on to a flow that is over.',
  'password-in-flow': 'Shows in the flow the password that was sent.',
  'password-in-refusal': 'Repeats a wrong password in the refusal.',

  // What is asked and by whom
  'deleted-action-asks': 'Goes on asking what a deleted action asks.',
  'deleted-assignment-counts': 'Goes on signing users on by a policy whose assignment was deleted.',
  'profile-update-takes-id': 'Takes the identifier of the user from the profile data.',

  // The way back
  'state-decoded': 'Sends users back with a state that is not encoded.',
  'only-first-redirect-uri-accepted': 'Knows only the first redirect URI of an application.',
  'code-shown-again': 'Shows the same code whenever a flow is resumed.',

  // Codes
  'code-prefix-accepted': 'Takes the beginning of an authorization code for the code.',
  'code-reusable-after-refusal': 'Takes a code again once it has refused it.',
  'code-challenge-as-verifier': 'Takes the challenge itself for the code verifier.',
  'code-verifier-prefix-accepted': 'Takes a code verifier that is cut short.',
  'code-credentials-in-query-accepted': "Takes an application's credentials from the query.",

  // ID tokens
  'id-token-for-another-client': 'Makes ID tokens for another application.',
  'id-token-without-audience': 'Makes ID tokens that name no application.',
  'id-token-expired': 'Makes ID tokens whose time was over an hour ago.',
  'id-token-without-end': 'Makes ID tokens that never expire.',
  'id-token-in-milliseconds': 'Tells the times of ID tokens in milliseconds.',
  'id-token-nonce-lost': 'Leaves the nonce out of ID tokens.',
  'id-token-nonce-constant': 'Puts the same nonce into every ID token.',
  'id-token-issuer-bare': 'Names an issuer that is no URL.',
  'id-token-unsigned': 'Does not sign ID tokens.',
  'id-token-hash-wrong': 'Gives an ID token the hash of another access token.',
  'id-token-of-another-user': 'Makes ID tokens about another user than the one who has signed on.',
} as const;
