import type { Contract, Operation } from './contract.ts';
import { at, child, isObject, withValue, type Json } from './json.ts';
import { exactly } from './names.ts';
import { decoded, encoded } from './percent.ts';
import { Live } from './printed.ts';
import { printable } from './printable.ts';
import type { Expectation, Mistake, Refusal, Step } from './sequence.ts';
import type { Built } from './request.ts';

/** More of a place is shown in no title. */
const LONGEST_PLACE = 200;

/** What a refused request must be answered with unless something else is said: an error in the documented envelope. */
export const REFUSED: Expectation = { status: { is: '4XX', basis: 'standard' } };

/** What a request without the right credentials must be answered with (RFC 9110, 15.5.2). */
const UNAUTHORIZED: Expectation = {
  status: [
    { is: '4XX', basis: 'standard' },
    { is: 401, basis: 'recorded' },
  ],
};

/**
 * Refusals that follow from the contract, in a fixed order and with stable ids (`<step>~<what>:<where>`).
 * @param step the step that they vary
 * @param built the step's request as it is about to be sent
 * @param everyWay tries a password in every wrong way, where it is one; otherwise in one
 */
export function deriveRefusals(
  step: Step,
  operation: Operation,
  contract: Contract,
  built: Built,
  everyWay = false,
): Refusal[] {
  return [
    ...credentialRefusals(step, operation, contract, built, everyWay),
    ...unknownIdRefusals(step, operation, built),
    ...bodyRefusals(step, operation, contract, built),
  ];
}

function credentialRefusals(
  step: Step,
  operation: Operation,
  contract: Contract,
  { sent }: Built,
  everyWay: boolean,
): Refusal[] {
  const accepted = [...new Set(contract.credentialHeaders(operation).flat())];
  const present = sent.headers.filter(([name]) => accepted.includes(name.toLowerCase()));
  const at = step.id;
  // A password that is given once more, beside credentials or a session.
  const again = sent.headers.filter(([name]) => /password/i.test(name) && !accepted.includes(name.toLowerCase()));
  const more = again.flatMap(([name, value]) =>
    wrongPasswords(value, true).map(([what, wrong]): Refusal => ({
      id: `${at}~${what}:${name.toLowerCase()}`,
      says: `${operation.id} refuses ${WRONG[what]} ${name}`,
      at,
      headers: { [name]: new Live(wrong) },
      basis: 'standard',
      or: [],
    })),
  );
  if (accepted.length === 0 || present.length === 0) return more;
  const refusals: Refusal[] = [
    {
      id: `${at}~without:credentials`,
      says: `${operation.id} refuses a request without credentials`,
      at,
      headers: Object.fromEntries(present.map(([name]): [string, null] => [name, null])),
      session: null,
      basis: 'standard',
      answer: UNAUTHORIZED,
      or: [],
    },
  ];
  for (const [name, value] of present) {
    if (name.toLowerCase() === 'cookie') continue;
    for (const [what, wrong] of wrongCredentials(name, value, everyWay))
      refusals.push({
        id: `${at}~${what}:${name.toLowerCase()}`,
        says: `${operation.id} refuses ${WRONG[what]} ${name}`,
        at,
        headers: { [name]: new Live(wrong) },
        // Who has a session already may be known by that alone.
        basis: step.session === undefined ? 'standard' : 'assumed',
        answer: UNAUTHORIZED,
        or: [],
      });
  }
  return [...refusals, ...more];
}

/** Ways in which a credential is wrong; a password is taken for right by those who compare it carelessly. */
const WRONG = {
  wrong: 'a wrong',
  'other-scheme': "another scheme's",
  'cut-short': 'the beginning of the',
  longer: 'more than the',
  empty: 'an empty',
  another: 'any other',
};

type Wrong = [what: keyof typeof WRONG, value: string];

function wrongCredentials(name: string, value: string, everyWay: boolean): Wrong[] {
  const [, scheme, credentials] = /^(Basic|Bearer) (.+)$/i.exec(value) ?? [];
  if (scheme === undefined || credentials === undefined)
    return /password/i.test(name) ? wrongPasswords(value, everyWay) : [['wrong', `${value}-not`]];
  if (scheme.toLowerCase() === 'bearer')
    return [
      ['wrong', `Bearer ${altered(credentials)}`],
      ['other-scheme', `Basic ${credentials}`],
    ];
  // Only the first colon divides, so that the password reaches to the end (RFC 7617, 2).
  const wrong = Buffer.concat([Buffer.from(credentials, 'base64'), Buffer.from('-not')]);
  return [
    ['wrong', `Basic ${wrong.toString('base64')}`],
    ['other-scheme', `Bearer ${credentials}`],
  ];
}

/** The first is the one that is tried where only one may be. */
function wrongPasswords(value: string, everyWay: boolean): Wrong[] {
  const careless: Wrong[] = [
    ['cut-short', mistaken(value, 'cut-short')],
    ['longer', mistaken(value, 'longer')],
    ['empty', ''],
    ['another', 'not-it'],
  ];
  return [['wrong', mistaken(value, 'other-case')], ...(everyWay ? careless : [])];
}

/** What a careless comparison takes for a credential. */
export function mistaken(value: string, how: Mistake): string {
  if (how === 'other-case') return otherCase(value);
  if (how === 'padded') return ` ${value} `;
  return how === 'longer' ? `${value}.` : value.slice(0, -1);
}

/** In other letter case: a guess that a careless comparison takes for the credential itself. */
function otherCase(value: string): string {
  const swapped = value.replace(/[a-z]/gi, (one) =>
    one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
  );
  return swapped === value ? `${value}-not` : swapped;
}

/** The same form with other letters: what a guess, or another tenant's credential, looks like. */
export function altered(value: string): string {
  return value.replace(/[0-9a-f]/gi, (one) =>
    /\d/.test(one) ? String(9 - Number(one)) : one.toLowerCase() === 'e' ? 'd' : 'e',
  );
}

/** Each path parameter in turn replaced by an id that nothing has. */
function unknownIdRefusals(step: Step, operation: Operation, { sent }: Built): Refusal[] {
  const template = operation.path.split('?')[0] ?? '';
  const pattern = template
    .split('/')
    .map((part) => part.replace(/^\{(.+)\}$/, '([^/?#]+)'))
    .join('/');
  const match = new RegExp(`^(.*?)${pattern}(\\?.*)?$`).exec(sent.path);
  const parameters = [...template.matchAll(/\{(.+?)\}/g)].map((one) => one[1] ?? '');
  return parameters.flatMap((parameter, index) => {
    const value = match?.[index + 2];
    if (value === undefined) return [];
    const unknown = value.includes('%') ? encoded(altered(decoded(value))) : altered(value);
    if (value === unknown) return [];
    const url = sent.origin + sent.path.replace(new RegExp(`/${exactly(value)}(?=[/?]|$)`), () => `/${unknown}`);
    return [
      {
        id: `${step.id}~unknown:${parameter}`,
        says: `${operation.id} refuses an unknown ${parameter}`,
        at: step.id,
        url: new Live(url),
        basis: 'standard' as const,
      },
    ];
  });
}

function bodyRefusals(step: Step, operation: Operation, contract: Contract, { sent, body }: Built): Refusal[] {
  const type = sent.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]?.split(';')[0] ?? '';
  const schema = contract.requestSchema(operation, type);
  if (!schema || body === undefined) return [];
  const refusal = (what: string, where: string, change: Partial<Refusal>): Refusal => ({
    id: `${step.id}~${what}:${named(where)}`,
    says: `${operation.id} refuses ${sentence(what, named(where))}`,
    at: step.id,
    basis: 'assumed',
    ...change,
  });
  const changed = alterations(body)
    .map((change) => ({ ...change, errors: contract.validate(schema, change.value) }))
    .filter(({ errors }) => errors.length > 0)
    .map(({ what, where, value, errors }) =>
      refusal(what, where, { body: new Live(value), ...(errors[0]?.marked ? { basis: errors[0].marked } : {}) }),
    );
  if (type !== 'application/json') return changed;
  const text = JSON.stringify(body);
  return [
    ...changed,
    refusal('malformed', 'body', { raw: text.slice(0, -1), basis: 'standard', or: [] }),
    refusal('array', 'body', { raw: `[${text}]` }),
    refusal('empty', 'body', { raw: '' }),
    refusal('text/plain', 'body', { raw: text, headers: { 'Content-Type': new Live('text/plain') } }),
  ];
}

/** Where a body was changed, in ids and titles: members of a form may have names that the server gave. */
function named(where: string): string {
  return printable(where.length > LONGEST_PLACE ? `${where.slice(0, LONGEST_PLACE)}…` : where);
}

function sentence(what: string, where: string): string {
  if (where === 'body')
    return what === 'text/plain'
      ? 'a body that says it is plain text'
      : `${what === 'array' || what === 'empty' ? 'an' : 'a'} ${what} body`;
  return what === 'without' ? `a body without ${where}` : `${what} in ${where}`;
}

/** Every member left out, and every leaf as another type, beyond its bounds, or in another case. */
function alterations(body: Json): { what: string; where: string; value: Json }[] {
  const found: { what: string; where: string; value: Json }[] = [];
  const put = (what: string, where: string, value: Json | undefined): void => {
    const changed = withValue(body, where, value);
    if (changed !== undefined) found.push({ what, where, value: changed });
  };
  const walk = (value: Json, where: string): void => {
    if (where !== '') {
      put('without', where, undefined);
      put('null', where, null);
      for (const [what, other] of others(value)) put(what, where, other);
    }
    if (isObject(value)) for (const name of Object.keys(value)) walk(value[name] as Json, child(where, name));
    else if (Array.isArray(value) && value.length > 0) walk(at(value, '/0') as Json, child(where, 0));
  };
  walk(body, '');
  return found;
}

function others(value: Json): [string, Json][] {
  if (typeof value === 'number')
    return [
      ['a string', String(value)],
      ['zero', 0],
      ['a negative number', -value - 1],
      ['a fraction', value + 0.5],
    ];
  if (typeof value === 'boolean')
    return [
      ['a string', String(value)],
      ['a number', value ? 1 : 0],
    ];
  if (typeof value === 'string')
    return [
      ['a number', 42],
      ['an empty string', ''],
      ['an unknown value', `${value} not`],
      ['lower case', value.toLowerCase()],
    ];
  if (Array.isArray(value))
    return [
      ['an empty item', [{}]],
      ['an object', {}],
      ['a string', 'one'],
    ];
  return [
    ['a string', 'one'],
    ['an array', []],
  ];
}
