import type { Answer, Call } from '../http.ts';
import type { Hooks, Variants } from './variant.ts';
import { eachString, withBody, withClaims } from './values.ts';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Ids that the pages of both products print, those of one kind never side by side. */
const PRINTED = [
  '329abc60-27b6-4663-8c81-72ee38d4e71f',
  'fe09831e-bbf7-46f1-92e4-aafe10df56fd',
  '551e6ddc-7f2d-4934-98a5-ddc50037246a',
  'b7119e13-9612-42d0-a57c-039e74a0f27c',
  '51c6c46d-3d7b-4671-8295-0c8ee39e8549',
  '7bc39672-6770-4d78-b7f5-09728ca64f41',
  '7bf52bba-ef9a-47ac-9163-4310f3208409',
  'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6',
  '3a8cabef-d4a3-4f60-926a-52f27257bde6',
  '106d8426-5b47-43e9-b0ed-ae32a708c3c1',
  'a6f57fd8-0597-448c-8993-8bec226c38ef',
  '5ab94557-59c3-4afc-bbf6-046444bd04b8',
];

/** Hooks that show each identifier under another name, and know it by that name. */
function renamed(name: (count: number) => string): () => Hooks {
  return () => {
    const shown = new Map<string, string>();
    const meant = new Map<string, string>();
    // What the client has made up is the client's.
    const chosen = new Set<string>();
    const heard = ({ path, query, body }: Call): void => {
      for (const [uuid] of `${path} ${query.toString()} ${body.toString()}`.matchAll(UUID))
        if (!shown.has(uuid)) chosen.add(uuid);
    };
    const show = (text: string): string =>
      text.replace(UUID, (uuid) => {
        if (chosen.has(uuid)) return uuid;
        const known = shown.get(uuid) ?? name(shown.size + 1);
        shown.set(uuid, known);
        meant.set(known, uuid);
        return text.includes('://') ? encodeURIComponent(known) : known;
      });
    // The session is no identifier that a client reads: only the path of its cookie is.
    const showHeader = (text: string): string => text.replace(/(?<=^\w+=[^;]*);.*$|^(?:http|\/).*$/s, show);
    // The identifiers themselves lead nowhere: a client has no way to know them.
    const mean = (text: string): string => (shown.has(text) ? 'unknown' : (meant.get(text) ?? text));
    return {
      variables: (variables) => Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, show(value)])),
      call: (call) => {
        heard(call);
        return {
          ...call,
          path: call.path
            .split('/')
            .map((segment) => mean(decodeURIComponent(segment)))
            .map(encodeURIComponent)
            .join('/'),
          query: valuesOf(call.query, inFilters(mean)),
          headers: { ...call.headers, ...clientOf(call.headers.authorization, mean) },
          body: bodyOf(call, mean),
        };
      },
      answer: (answer) => {
        const renamed = withBody(answer, (body) => eachString(body, show));
        const shown = withClaims(renamed, (claims) => eachString(claims, show));
        return { ...shown, headers: eachString(shown.headers ?? {}, showHeader) as Answer['headers'] & object };
      },
    };
  };
}

function valuesOf(given: URLSearchParams, mean: (text: string) => string): URLSearchParams {
  const values = new URLSearchParams();
  for (const [key, value] of given) values.append(key, mean(value));
  return values;
}

/** The same for a value that is a filter: what it compares with stands in quotes. */
const inFilters =
  (mean: (text: string) => string) =>
  (text: string): string =>
    text.includes(' eq "') ? text.replace(/(?<= eq ")[^"]*(?=")/g, mean) : mean(text);

/** A body in JSON or of a form, with each value that is an identifier as it is meant; any other stays as it is. */
function bodyOf({ body, headers }: Call, mean: (text: string) => string): Buffer {
  const text = body.toString();
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Buffer.from(valuesOf(new URLSearchParams(text), mean).toString());
  try {
    return Buffer.from(JSON.stringify(eachString(JSON.parse(text), mean)));
  } catch {
    return body;
  }
}

/** HTTP Basic credentials whose user name is an identifier. */
function clientOf(header: string | undefined, mean: (text: string) => string): { authorization?: string } {
  const encoded = /^basic +(\S+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return {};
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return {
    authorization: `Basic ${Buffer.from([mean(decodeURIComponent(id)), ...secret].join(':')).toString('base64')}`,
  };
}

/** What is left open about identifiers: everything, for no page promises more than that they are strings. */
export const ID_VARIANTS = {
  'ids-numeric': {
    says: 'Identifiers are numbers in strings.',
    hooks: renamed((count) => String(1000 + count)),
  },
  'ids-short': {
    says: 'Identifiers are two or three characters long.',
    hooks: renamed((count) => `w${count}`),
  },
  'ids-with-punctuation': {
    says: 'Identifiers have dots, tildes, underscores and letters of both cases.',
    hooks: renamed((count) => `Obj_${count}.v1~A-${count}`),
  },
  'ids-like-addresses': {
    says: 'Identifiers are e-mail addresses.',
    hooks: renamed((count) => `b.jensen+${count}@example.com`),
  },
  'idm-ids-with-blanks': {
    says: 'Identifiers of users have blanks, quotes and letters that a URL must encode.',
    hooks: () => {
      // No variable holds a user's identifier.
      const { variables: _, ...hooks } = renamed((count) => `Bärbel "B" Jensen ${count}`)();
      return hooks;
    },
  },
  'ids-of-the-pages': {
    says: 'Identifiers are those that the pages print, each for something else.',
    unseen: 'identifiers are others in each run anyway',
    hooks: renamed((count) => PRINTED[count - 1] ?? `51c6c46d-3d7b-4671-8295-${String(count).padStart(12, '0')}`),
  },
  'ids-long': {
    says: 'Identifiers are long.',
    hooks: renamed((count) => `${'0123456789abcdef'.repeat(12)}${count}`),
  },
} satisfies Variants;
