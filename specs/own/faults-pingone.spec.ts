import { PINGONE_FAULTS } from '../../src/reference/pingone/index.ts';
import { SIGN_ON_FAULTS } from '../../src/reference/pingone/sign-on-faults.ts';
import { faultsAreNoticed, faultsAreNoticedElsewhere } from './support/faults.ts';

faultsAreNoticed('pingone', PINGONE_FAULTS);
faultsAreNoticedElsewhere('pingone', {
  ...SIGN_ON_FAULTS,
  'wrong-password-signs-on': 'Signs a user on with any password.',
  'password-of-another-user-signs-on': "Signs a user on with another user's password.",
  'password-case-ignored': 'Signs a user on whatever the letter case of the password.',
  'missing-password-signs-on': 'Signs a user on without a password.',
  'code-without-secret': 'Takes a code from an application that sends no secret.',
  'code-with-any-secret': 'Takes a code from an application that sends a wrong secret.',
  'code-for-another-client-accepted': 'Takes an authorization code from another application than it was given to.',
  'code-redirect-uri-unchecked': 'Takes a code with another redirect URI than the authorization request had.',
  'code-verifier-unchecked': 'Takes a code with any code verifier.',
});
