import type { Call } from '../http.ts';
import { steady, type Variants } from './variant.ts';
import { isObject, withBody } from './values.ts';

const NAME = 'x-openidm-username';
const PASSWORD = 'x-openidm-password';

interface Account {
  variable: string;
  /** Name and password as the plain server knows them. */
  plain: [string, string];
  /** Name and password as clients know them. */
  shown: [string, string];
}

const ACCOUNTS: Account[] = [
  { variable: 'USER', plain: ['bjensen', 'Passw0rd'], shown: ['Maria J. Garcia', 'correct "horse": battery; 100%'] },
  { variable: 'FIRST', plain: ['bjensen', 'Passw0rd'], shown: ['Maria J. Garcia', 'correct "horse": battery; 100%'] },
  { variable: 'ADMIN', plain: ['openidm-admin', 'openidm-admin'], shown: ['root@idm', "it's=a\\secret, ok?"] },
  { variable: 'ANONYMOUS', plain: ['anonymous', 'anonymous'], shown: ['guest', 'guest-7'] },
];

function translated(call: Call): Call {
  const name = call.headers[NAME];
  const account = ACCOUNTS.find(({ shown }) => shown[0] === name);
  const headers = { ...call.headers };
  if (account) {
    headers[NAME] = account.plain[0];
    if (headers[PASSWORD] === account.shown[1]) headers[PASSWORD] = account.plain[1];
    else if (headers[PASSWORD] === account.plain[1]) headers[PASSWORD] = 'another one';
  } else if (ACCOUNTS.some(({ plain }) => plain[0] === name)) headers[NAME] = 'nobody';
  return { ...call, headers };
}

/** Who may log in, and by which name: the operator's affair. */
export const ACCOUNT_VARIANTS = {
  'idm-other-accounts': {
    says: 'All accounts have other names, and passwords with blanks and punctuation.',
    hooks: steady({
      variables: (variables) => ({
        ...variables,
        ...Object.fromEntries(
          ACCOUNTS.flatMap(({ variable, shown: [name, password] }) => [
            [`PINGIDM_${variable}_USERNAME`, name],
            [`PINGIDM_${variable}_PASSWORD`, password],
          ]),
        ),
      }),
      call: translated,
      answer: (answer) =>
        withBody(answer, (body) => {
          if (!isObject(body)) return body;
          const shown = (value: unknown): unknown =>
            ACCOUNTS.find(({ plain }) => plain[0] === value)?.shown[0] ?? value;
          const { additions } = body;
          return {
            ...body,
            ...(isObject(additions) && 'userName' in additions
              ? { additions: { ...additions, userName: shown(additions['userName']) } }
              : {}),
            ...('userName' in body ? { userName: shown(body['userName']) } : {}),
            ...('authenticationId' in body ? { authenticationId: shown(body['authenticationId']) } : {}),
          };
        }),
    }),
  },
  'idm-login-by-mail': {
    says: 'Users log in by their e-mail address, in any letter case.',
    hooks: steady({
      variables: (variables) => ({
        ...variables,
        PINGIDM_USER_USERNAME: 'Babs.Jensen@Example.COM',
      }),
      call: (call) =>
        String(call.headers[NAME]).toLowerCase() === 'babs.jensen@example.com'
          ? { ...call, headers: { ...call.headers, [NAME]: 'bjensen' } }
          : call,
      answer: (answer) =>
        withBody(answer, (body) =>
          isObject(body) && body['authenticationId'] === 'bjensen' && isObject(body['authorization'])
            ? {
                ...body,
                authorization: { ...body['authorization'], authenticationIdProperty: 'mail' },
                authenticationId: 'babs.jensen@example.com',
              }
            : body,
        ),
    }),
  },
} satisfies Variants;
