import type { Answer, Call } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { eachObject, isObject, withBody, type Members } from './values.ts';

/** Members of items that only the server says, as far as no list needs them to be of use. */
const OWN = [
  '_links',
  'environment',
  'hidden',
  'createdAt',
  'updatedAt',
  'userCount',
  'preferredLanguage',
  'theme',
  'account',
  'lifecycle',
  'identityProvider',
  'mfaEnabled',
  'verifyStatus',
  'hiddenFromAppPortal',
  'assignActorRoles',
  'application',
];

/** The same of actions. */
const OF_ACTIONS = ['_links', 'environment', 'signOnPolicy', 'hidden'];

/** Members of actions that some of Ping's sources know and others do not. */
const DISPUTED = [
  'noDevicesMode',
  'applications',
  'disableDeclineOption',
  'discoveryRules',
  'newUserProvisioning',
] as const;

const without = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));

/** The items of a list, by the name that they are embedded under. */
function embedded(list: unknown): [name: string, items: unknown[]] | undefined {
  if (!isObject(list) || !isObject(list['_embedded'])) return undefined;
  const [name, items] = Object.entries(list['_embedded'])[0] ?? [];
  return name !== undefined && Array.isArray(items) ? [name, items as unknown[]] : undefined;
}

/** Hooks that change the lists of the management API. */
const lists = (change: (list: Members, name: string, items: unknown[]) => Members): (() => Hooks) =>
  steady({
    answer: (answer, { path }) =>
      withBody(answer, (body) => {
        const found = path.startsWith('/v1/') ? embedded(body) : undefined;
        return found ? change(body as Members, ...found) : body;
      }),
  });

const actions = (change: (action: Members) => Members): (() => Hooks) =>
  steady({
    answer: (answer: Answer) =>
      withBody(answer, (body) =>
        eachObject(body, (members) => ('signOnPolicy' in members && 'type' in members ? change(members) : members)),
      ),
  });

function hasId({ body }: Call): boolean {
  try {
    const sent: unknown = JSON.parse(body.toString());
    return isObject(sent) && 'id' in sent;
  } catch {
    return false;
  }
}

/** What no source, or only one of several, says of lists and of what bodies may have. */
export const PINGONE_LIST_VARIANTS = {
  'one-list-items-lean': {
    says: 'Items of lists have what clients have sent, and little else.',
    hooks: lists((list, name, items) => {
      const lean = (item: unknown): unknown =>
        isObject(item) ? without(item, name === 'actions' ? OF_ACTIONS : OWN) : item;
      return { ...list, _embedded: { [name]: items.map(lean) } };
    }),
  },
  'one-empty-lists-bare': {
    says: 'A list without items has nothing embedded.',
    hooks: lists((list, _, items) => (items.length === 0 ? without(list, ['_embedded']) : list)),
  },
  'one-list-links-say-the-page': {
    says: 'Lists link to themselves with the page that is shown.',
    hooks: lists((list) => {
      const links = list['_links'];
      const self = isObject(links) ? links['self'] : undefined;
      return isObject(links) && isObject(self)
        ? { ...list, _links: { ...links, self: { href: `${String(self['href'])}?limit=100&cursor=abc` } } }
        : list;
    }),
  },
  'one-mfa-without-recovery': {
    says: 'Actions for several factors know no recovery.',
    hooks: actions((action) =>
      action['type'] === 'MULTI_FACTOR_AUTHENTICATION' ? without(action, ['recovery']) : action,
    ),
  },
  'one-disputed-members-dropped': {
    says: 'Members of actions that only one of several sources knows are not kept.',
    hooks: actions((action) => without(action, DISPUTED)),
  },
  'one-ids-in-bodies-refused': {
    says: 'A body that has an id is refused.',
    hooks: steady({
      instead: (call) =>
        call.path.startsWith('/v1/') && hasId(call)
          ? {
              status: 400,
              body: { id: 'an-id-in-a-body', code: 'INVALID_DATA', message: 'The id is not yours to say.' },
            }
          : undefined,
    }),
  },
} satisfies Variants;
