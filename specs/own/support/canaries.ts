import { randomBytes } from 'node:crypto';

/** A value that stands nowhere else; no file of the project, which traces and code frames show, may hold it. */
function mark(kind: string): string {
  return `Kn-${kind}-${randomBytes(5).toString('hex')}`;
}

/** What every secret of a kind begins with: cut short behind it, it is found as well. */
export const MARKS = {
  password: mark('pass'),
  secret: mark('sec'),
  bearer: mark('bear'),
  snapshot: mark('snap'),
  cookie: mark('cook'),
  code: mark('code'),
  answer: mark('answ'),
  personal: mark('pers'),
};

/** What is hard to encode. */
const HARD = '/"+&<%';

/** The variables that are secret or about a person, each with a canary. */
export const PLANTED: Record<string, string> = {
  PINGIDM_USER_PASSWORD: `${MARKS.password}${HARD}1`,
  PINGIDM_ADMIN_PASSWORD: `${MARKS.password}${HARD}2`,
  PINGIDM_ANONYMOUS_PASSWORD: `${MARKS.password}${HARD}3`,
  PINGONE_CLIENT_SECRET: `${MARKS.secret}${HARD}`,
  PINGIDM_EXPIRED_TOKEN: `${MARKS.snapshot}.${MARKS.snapshot}`,
  PINGIDM_PROFILE_VALUES: JSON.stringify({ telephoneNumber: `${MARKS.personal}+1-555` }),
};

/** Everything planted that a server would know of a client: what it may echo. */
export const ECHOED = [...Object.values(PLANTED).filter((value) => !value.startsWith('{')), `${MARKS.personal}+1-555`];
