import { randomUUID } from 'node:crypto';
import type { Changes, Faults } from './faults.ts';
import type { Link } from './hal.ts';
import { defaultPolicy, type Action, type Members, type World } from './world.ts';

/** An action as it is shown. */
export type ActionBody = Record<string, unknown>;

type Attribute = Record<string, unknown>;

/** Changes one member where it is there. */
const member =
  (name: string, change: (value: unknown) => unknown) =>
  (members: Members): Members =>
    name in members ? { ...members, [name]: change(members[name]) } : members;

const attributes = (change: (attributes: Attribute[]) => unknown): ((members: Members) => Members) =>
  member('attributes', (value) => (Array.isArray(value) ? change(value as Attribute[]) : value));

const each = (change: (attribute: Attribute) => unknown): ((members: Members) => Members) =>
  attributes((all) => all.map(change));

const lost = (name: string): ((members: Members) => Members) => member(name, () => undefined);

const flipped = each((one) => ({ ...one, required: one.required !== true }));

/** What mistakes do to a new action before it is stored; the second argument is its place in the policy. */
export const STORED: Changes<Members, [number]> = {
  'priority-lost': lost('priority'),
  'priority-constant': member('priority', () => 50),
  'priority-as-string': member('priority', String),
  'priority-renumbered': (members, place) => ({ ...members, priority: place }),
  'prompt-text-lost': lost('promptText'),
  'prompt-text-constant': member('promptText', () => 'Please provide the following information.'),
  'prompt-text-truncated': member('promptText', (value) => String(value).slice(0, 32)),
  'prompt-text-upper-cased': member('promptText', (value) => String(value).toUpperCase()),
  'prompt-interval-lost': lost('promptIntervalSeconds'),
  'prompt-interval-constant': member('promptIntervalSeconds', () => 3600),
  'prompt-interval-as-string': member('promptIntervalSeconds', String),
  'prompt-interval-in-minutes': member('promptIntervalSeconds', (value) => Math.ceil(Number(value) / 60)),
  'prevent-prompts-lost': lost('preventMultiplePromptsPerFlow'),
  'prevent-prompts-constant': member('preventMultiplePromptsPerFlow', () => false),
  'prevent-prompts-defaulted': member('preventMultiplePromptsPerFlow', () => true),
  'prevent-prompts-as-string': member('preventMultiplePromptsPerFlow', String),
  'attributes-lost': lost('attributes'),
  'attributes-emptied': attributes(() => []),
  'attributes-constant': attributes(() => [{ name: 'mobilePhone', required: false }]),
  'attributes-reversed': attributes((all) => all.toReversed()),
  'attributes-sorted': attributes((all) => all.toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1))),
  'attributes-first-only': attributes((all) => all.slice(0, 1)),
  'attributes-doubled': attributes((all) => all.flatMap((one) => [one, one])),
  'attributes-as-names': each((one) => one.name),
  'attributes-as-object': attributes((all) => Object.fromEntries(all.map((one) => [one.name, one]))),
  'attribute-required-flipped': flipped,
  'attribute-required-constant': each((one) => ({ ...one, required: false })),
  'attribute-required-lost': each((one) => ({ ...one, required: undefined })),
  'attribute-name-shortened': each((one) => ({ ...one, name: String(one.name).split('.').at(-1) })),
};

/** What mistakes do to an action once its creation has been answered. */
export const STORED_LATER: Changes<Members> = {
  'stored-priority-shifted': member('priority', (value) => Number(value) + 1),
  'stored-prompt-text-lost': lost('promptText'),
  'stored-prompt-interval-shifted': member('promptIntervalSeconds', (value) => Number(value) + 1),
  'stored-prevent-prompts-flipped': member('preventMultiplePromptsPerFlow', (value) => !value),
  'stored-attributes-shortened': attributes((all) => all.slice(0, -1)),
  'stored-required-flipped': flipped,
};

const links = (change: (link: Link) => Link | undefined, ...names: string[]): ((body: ActionBody) => ActionBody) =>
  member('_links', (value) =>
    Object.fromEntries(
      Object.entries(value as Record<string, Link>).map(([name, link]) => [
        name,
        names.includes(name) ? change(link) : link,
      ]),
    ),
  );

const lastSegment = (link: Link, segment: string): Link => ({ href: link.href.replace(/[^/]*$/, segment) });

/** What mistakes do to an action wherever it is shown. */
export const SHOWN: Changes<ActionBody, [World]> = {
  'type-lost': lost('type'),
  'type-constant': member('type', () => 'PROGRESSIVE_PROFILING'),
  'action-hidden-true': member('hidden', () => true),
  'action-hidden-missing': lost('hidden'),
  'action-policy-wrong': (body, world) => ({ ...body, signOnPolicy: { id: defaultPolicy(world).id } }),
  'action-policy-missing': lost('signOnPolicy'),
  'action-environment-wrong': member('environment', () => ({ id: randomUUID() })),
  'action-environment-missing': lost('environment'),
  'action-links-missing': lost('_links'),
  'action-self-link-wrong': links((link) => lastSegment(link, randomUUID()), 'self'),
  'action-self-link-to-list': links((link) => ({ href: link.href.replace(/\/[^/]*$/, '') }), 'self'),
  'action-self-link-relative': links((link) => ({ href: new URL(link.href).pathname }), 'self'),
  'action-links-doubled-version': links(
    (link) => ({ href: link.href.replace('/v1/', '/v1/v1/') }),
    'self',
    'environment',
    'signOnPolicy',
  ),
  'action-policy-link-wrong': (body, world) =>
    links((link) => lastSegment(link, defaultPolicy(world).id), 'signOnPolicy')(body),
  'action-policy-link-missing': links(() => undefined, 'signOnPolicy'),
  'action-environment-link-wrong': links((link) => lastSegment(link, randomUUID()), 'environment'),
};

/** What mistakes do to the answer to a create; the second argument is the request's body. */
export const CREATED: Changes<ActionBody, [Record<string, unknown>]> = {
  'action-create-echoes-request': (_body, sent) => sent,
  'created-attributes-missing': lost('attributes'),
  'created-priority-missing': lost('priority'),
  'created-links-missing': lost('_links'),
  'created-id-missing': lost('id'),
  'created-id-differs': member('id', () => randomUUID()),
};

/** What mistakes do to an action in a list. */
export const LISTED: Changes<ActionBody> = {
  'listed-members-missing': ({ id, _links }) => ({ id, _links }),
  'listed-priority-differs': member('priority', (value) => Number(value) + 1),
  'listed-prompt-text-differs': member('promptText', (value) => `${String(value)} `),
  'listed-attributes-missing': lost('attributes'),
};

const firstOfEach =
  (key: (action: Action) => unknown) =>
  (actions: Action[]): Action[] => [...new Map(actions.toReversed().map((one) => [key(one), one])).values()];

/** What mistakes do to the choice of actions that a list shows; the second argument is everything there is. */
export const CHOSEN: Changes<Action[], [World]> = {
  'action-list-of-default-policy': (_actions, world) => defaultPolicy(world).actions.filter((one) => !one.deleted),
  'action-list-of-every-policy': (_actions, world) =>
    world.policies.filter((one) => !one.deleted).flatMap((one) => one.actions.filter((action) => !action.deleted)),
  'action-list-empty': () => [],
  'action-list-lacks-first': (actions) => actions.slice(1),
  'action-list-lacks-last': (actions) => actions.slice(0, -1),
  'action-list-one-type': firstOfEach((action) => action.type),
  'action-list-one-priority': firstOfEach((action) => action.members.priority),
  'action-list-repeats-first': (actions) => actions.map((one) => actions[0] ?? one),
};

/** Where a new action goes, when a mistake sends it elsewhere: what it takes the place of, if anything. */
export function replaced(actions: Action[], type: string, fault: Faults): Action | undefined {
  if (fault('action-overwrites-previous')) return actions.at(-1);
  if (fault('action-overwrites-same-type')) return actions.find((one) => one.type === type);
  return undefined;
}
