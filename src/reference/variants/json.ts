import { steady, type Hooks, type Variants } from './variant.ts';
import { eachObject, withBody, type Members } from './values.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/g;

/** Hooks that write each token of a JSON body in another way. */
function tokens(change: (token: string) => string, around: (text: string) => string = (text) => text): () => Hooks {
  return steady({
    send: (out) => {
      const json = out.headers.some(([name, value]) => /^content-type$/i.test(name) && /json/i.test(value));
      if (!json || out.body === undefined) return out;
      return { ...out, body: Buffer.from(around(out.body.toString().replace(TOKEN, change))) };
    },
  });
}

const isString = (token: string): boolean => token.startsWith('"');
const isNumber = (token: string): boolean => /^[-\d]/.test(token);
const isWhole = (token: string): boolean => /^-?\d+$/.test(token);

function escaped(token: string): string {
  if (!isString(token)) return token;
  const units = [...(JSON.parse(token) as string)].flatMap((one) => one.split(''));
  const hidden = units.map((unit, index) => {
    if (unit === '/') return '\\/';
    const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return /[a-z0-9]/i.test(unit) && index % 3 > 0 ? unit : `\\u${index % 2 ? code : code.toUpperCase()}`;
  });
  return `"${hidden.join('')}"`;
}

/** Members whose value is a map (of schemas by name, of texts by language): what is added there is one of what it maps to. */
const MAPS = ['properties', 'definitions', 'question', 'questions', 'registrationPreferences'];

/** A member under a name that nobody knows, in every object that is not empty (an empty one says something). */
function added(value: () => unknown): () => Hooks {
  return steady({
    answer: (answer) =>
      withBody(answer, (body) =>
        eachObject(body, (members, name) =>
          Object.keys(members).length === 0 || MAPS.includes(name) || isText(members)
            ? members
            : { ...members, 'x-note': value() },
        ),
      ),
  });
}

/** Whether an object holds a text by language. */
const isText = (members: Members): boolean => Object.keys(members).every((name) => /^[a-z]{2}(_[A-Z]{2})?$/.test(name));

const reversed = (members: Members): Members => Object.fromEntries(Object.entries(members).reverse());

/** What JSON (RFC 8259) leaves to whoever writes it, and what an open answer leaves to whoever extends it. */
export const JSON_VARIANTS = {
  'json-members-reversed': {
    says: 'The members of every object come in another order.',
    hooks: steady({ answer: (answer) => withBody(answer, (body) => eachObject(body, reversed)) }),
  },
  'json-members-added': {
    says: 'Every object has a member more than the documentation names.',
    hooks: added(() => ({ since: '9.9', tags: ['new', 1, null] })),
  },
  'json-nulls-added': {
    says: 'Every object has one more member, and it is null.',
    hooks: added(() => null),
  },
  'json-members-volatile': {
    says: 'Every resource has a member that is another one in each answer.',
    hooks: () => {
      let count = 0;
      const isResource = (members: Members): boolean =>
        ['_links', '_id', 'tag', 'code', 'access_token'].some((name) => name in members);
      return {
        answer: (answer) =>
          withBody(answer, (body) =>
            eachObject(body, (members) => (isResource(members) ? { ...members, 'x-served': (count += 1) } : members)),
          ),
      };
    },
  },
  'json-pretty': {
    says: 'JSON comes with line breaks, tabs and blanks between its tokens.',
    hooks: tokens(
      (token) => (/^[{[,]$/.test(token) ? `${token}\r\n\t` : token === ':' ? ' : ' : token),
      (text) => ` \n${text}\n\n`,
    ),
  },
  'json-strings-escaped': {
    says: 'Characters of strings and of member names are escaped, as JSON allows for any of them.',
    hooks: tokens(escaped),
  },
  'json-numbers-with-fraction': {
    says: 'Whole numbers are written with a fraction of zero.',
    hooks: tokens((token) => (isWhole(token) ? `${token}.0` : token)),
  },
  'json-numbers-with-exponent': {
    says: 'Numbers are written with an exponent.',
    hooks: tokens((token) => (isNumber(token) ? Number(token).toExponential().replace('e', 'E') : token)),
  },
  'json-numbers-in-double-precision': {
    says: 'Numbers that were single precision floats are written out as doubles.',
    hooks: tokens((token) => (isNumber(token) && !isWhole(token) ? String(Math.fround(Number(token))) : token)),
  },
} satisfies Variants;
