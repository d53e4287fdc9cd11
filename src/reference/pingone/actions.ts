import { randomUUID } from 'node:crypto';
import { checkAction } from './action-check.ts';
import { CHOSEN, CREATED, LISTED, replaced, SHOWN, STORED, STORED_LATER, type ActionBody } from './action-faults.ts';
import { isObject, readObject } from './body.ts';
import { constraint, invalidData, notFound, Refusal } from './errors.ts';
import { changed } from './faults.ts';
import { STORED_UNLIKE } from './unlike-faults.ts';
import { textsStored } from './text-faults.ts';
import { collection, link } from './hal.ts';
import { mended } from './mended.ts';
import { printedAction } from './page-things.ts';
import { TYPE_ANSWERED, TYPE_STORED, TYPE_UPDATED } from './type-faults.ts';
import { details } from './validation.ts';
import {
  defaultPolicy,
  living,
  neighbour,
  type Action,
  type Handler,
  type Members,
  type Policy,
  type Request,
} from './world.ts';

const MOST_ACTIONS = 20;

function show(request: Request, action: Action): ActionBody {
  const { world } = request;
  const path = ['signOnPolicies', action.policyId];
  const body = {
    _links: {
      self: link(request, ...path, 'actions', action.id),
      environment: link(request),
      signOnPolicy: link(request, ...path),
    },
    id: action.id,
    environment: { id: world.environmentId },
    type: action.type,
    hidden: false,
    signOnPolicy: { id: action.policyId },
    ...action.members,
    ...(world.variant('one-attribute-members-added') ? attributesAsSeen(action.members) : {}),
  };
  return changed(world.fault, SHOWN, body, world);
}

/** Attributes with the names that users see them by. */
function attributesAsSeen({ attributes }: Members): Members {
  return Array.isArray(attributes)
    ? { attributes: (attributes as Members[]).map((one) => ({ ...one, displayName: `The ${String(one.name)}` })) }
    : {};
}

function findPolicy({ world, ids }: Request): Policy | undefined {
  return world.policies.find(
    ({ id, deleted }) => id === ids[0] && (!deleted || world.fault('policy-delete-leaves-actions')),
  );
}

function policyOf(request: Request): Policy {
  const policy = findPolicy(request);
  if (!policy) throw notFound();
  return policy;
}

/** The action at the path, deleted or not; below another policy only for the mistake given. */
function actionAt(request: Request, anywhere: boolean): Action | undefined {
  const policy = policyOf(request);
  const actions = anywhere ? request.world.policies.flatMap((one) => one.actions) : policy.actions;
  const same = actions.filter(({ id }) => id === request.ids[1]);
  return same.find((one) => !one.deleted) ?? same[0];
}

function newAction(policy: Policy, type: string, members: Members): Action {
  return { id: randomUUID(), policyId: policy.id, type, members, deleted: false };
}

/** The policy that a body names beside the one in the path. */
function policyInBody({ world, call }: Request): Policy | undefined {
  const { signOnPolicy } = readObject(call);
  const id = isObject(signOnPolicy) ? signOnPolicy.id : undefined;
  return living(world.policies).find((one) => one.id === id);
}

/** Puts a new action where it belongs, or where a mistake puts it. */
function store(request: Request, policy: Policy, action: Action): void {
  const { world } = request;
  const { fault } = world;
  const named = fault('action-policy-from-body') ? policyInBody(request) : undefined;
  if (fault('action-id-shared')) action.id = living(policy.actions)[0]?.id ?? action.id;
  if (fault('action-not-stored')) return;
  const old = replaced(living(policy.actions), action.type, fault);
  if (old) old.deleted = true;
  if (fault('action-stored-in-every-policy'))
    for (const other of world.policies.filter((one) => one !== policy))
      other.actions.push({ ...newAction(other, action.type, action.members) });
  const home = fault('action-stored-in-default-policy') ? defaultPolicy(world) : (named ?? policy);
  home.actions.push(action);
  if (fault('action-stored-twice')) home.actions.push({ ...action, id: randomUUID() });
}

/** The ids of what actions may refer to. */
function thereIn({ world }: Request): (kind: string) => string[] {
  const { populations, applications } = world.platform;
  const ids = (things: { id: string; deleted: boolean }[]): string[] => living(things).map(({ id }) => id);
  const made: Record<string, string[]> = { population: ids(populations), application: ids(applications) };
  return (kind) => [...(world.references[kind] ?? []), ...(made[kind] ?? [])];
}

/** Creates an action: 201 with the whole action. Source: workflow step 8, create the progressive profiling action. */
export const createAction: Handler = (request) => {
  const { fault } = request.world;
  const unknown = fault('unknown-policy-takes-actions') && !findPolicy(request);
  const policy = unknown ? defaultPolicy(request.world) : policyOf(request);
  const sent = readObject(request.call);
  const checked = checkAction(sent, undefined, fault, thereIn(request));
  const { type, members, problems } = request.world.variant('one-lenient-about-bodies') ? mended(checked) : checked;
  if (problems.length > 0) {
    if (fault('action-stored-although-refused')) policy.actions.push(newAction(policy, type, members));
    throw invalidData(details(problems));
  }
  // Chosen: the documents give the limit, but not how going over it is refused.
  if (living(policy.actions).length >= MOST_ACTIONS && !fault('action-limit-unchecked'))
    throw invalidData([{ code: 'SIZE_LIMIT_EXCEEDED', message: `A policy has at most ${MOST_ACTIONS} actions` }]);
  if (fault('second-progressive-action-refused') && type === 'PROGRESSIVE_PROFILING')
    if (living(policy.actions).some((one) => one.type === type))
      throw invalidData([{ code: 'UNIQUENESS_VIOLATION', message: 'There is such an action already', target: 'type' }]);
  const place = living(policy.actions).length + 1;
  const unlike = changed(fault, STORED_UNLIKE, textsStored(fault, 'action', members));
  const action = newAction(policy, type, changed(fault, TYPE_STORED, changed(fault, STORED, unlike, place)));
  if (fault('action-given-id-taken') && typeof sent.id === 'string') action.id = sent.id;
  store(request, policy, action);
  if (fault('action-create-fails-after-storing')) throw new Refusal(500, 'UNEXPECTED_ERROR', 'Something went wrong.');
  const body = changed(fault, CREATED, show(request, action), sent);
  action.members = changed(fault, STORED_LATER, action.members);
  if (fault('action-create-empty')) return { status: 201 };
  return { status: fault('action-create-answers-200') ? 200 : 201, body };
};

/** Lists the actions of a policy. Source: pingone-api sign-on policy actions, read all. */
export const listActions: Handler = (request) => {
  const { world } = request;
  const { fault } = world;
  const unknown = fault('unknown-policy-listed-as-empty') && !findPolicy(request);
  const all = unknown ? [] : policyOf(request).actions;
  const chosen = changed(fault, CHOSEN, fault('action-list-includes-deleted') ? all : living(all), world);
  const printed = world.variant('one-things-of-the-pages') ? [printedAction(request.ids[0] ?? '')] : [];
  const items = [...printed, ...chosen].map((action) => changed(fault, LISTED, show(request, action)));
  if (fault('action-list-bare')) return { status: 200, body: items };
  const policyId = fault('action-list-self-link-wrong') ? randomUUID() : (request.ids[0] ?? '');
  const self = link(request, 'signOnPolicies', policyId, 'actions');
  const body = collection(request, self, fault('action-list-misnamed') ? 'items' : 'actions', items);
  if (fault('action-list-count-wrong')) body.count = items.length + 1;
  if (fault('action-list-count-missing')) delete body.count;
  return { status: 200, body };
};

/** Shows one action. Source: pingone-api sign-on policy actions, read one. */
export const readAction: Handler = (request) => {
  const { fault } = request.world;
  let action = actionAt(request, fault('action-under-other-policy'));
  if (action?.deleted && !fault('action-delete-leaves-it-readable')) action = undefined;
  if (!action && fault('unknown-action-read-as-200')) return { status: 200, body: {} };
  if (!action || fault('action-read-fails')) throw notFound();
  if (fault('action-read-returns-first')) action = living(policyOf(request).actions)[0] ?? action;
  if (fault('action-read-returns-last')) action = living(policyOf(request).actions).at(-1) ?? action;
  const body = show(request, action);
  if (fault('action-id-changes')) body.id = randomUUID();
  return { status: 200, body: fault('action-read-wrapped') ? [body] : body };
};

/** Replaces an action; what is not sent is cleared. Source: pingone-api sign-on policy actions, update. */
export const updateAction: Handler = (request) => {
  const { fault } = request.world;
  const named = actionAt(request, false);
  if (!named || named.deleted) throw notFound();
  const checked = checkAction(readObject(request.call), named.type, fault, thereIn(request));
  if (checked.problems.length > 0) throw invalidData(details(checked.problems));
  const policy = policyOf(request);
  const meant = fault('action-id-from-body') ? readObject(request.call).id : undefined;
  const other = living(policy.actions).find(({ id }) => id === meant);
  const action = fault('action-update-hits-first') ? (living(policy.actions)[0] ?? named) : (other ?? named);
  const before = show(request, action);
  const { attributes } = action.members;
  const kept = attributes === undefined ? checked.members : { attributes, ...checked.members };
  const unlike = changed(fault, STORED_UNLIKE, textsStored(fault, 'action', kept));
  const members = changed(fault, TYPE_STORED, unlike);
  if (fault('action-update-adds')) policy.actions.push(newAction(policy, action.type, members));
  action.members = changed(fault, TYPE_UPDATED, members, action.members);
  if (fault('action-update-empty')) return { status: 200 };
  const body = changed(fault, TYPE_ANSWERED, show(request, action), before, members);
  return { status: fault('action-update-answers-201') ? 201 : 200, body };
};

/** Marks deleted what is to be deleted, or what a mistake deletes. */
function remove({ world }: Request, policy: Policy, action: Action): void {
  const { fault } = world;
  if (fault('action-delete-ignored')) return;
  const first = fault('action-delete-deletes-first') ? living(policy.actions)[0] : undefined;
  (first ?? action).deleted = true;
  const next = fault('action-delete-takes-next') ? neighbour(policy.actions, action, 1) : undefined;
  if (next) next.deleted = true;
  if (fault('action-delete-deletes-all')) for (const other of policy.actions) other.deleted = true;
  if (fault('action-delete-deletes-policy')) policy.deleted = true;
  if (fault('action-delete-same-priority'))
    for (const other of world.policies.flatMap((one) => one.actions))
      if (other.members.priority === action.members.priority) other.deleted = true;
}

/** Deletes an action, unless it is the last of its policy. Source: pingone-api sign-on policy actions, delete. */
export const deleteAction: Handler = (request) => {
  const { fault } = request.world;
  if (fault('action-delete-refused')) throw new Refusal(405, 'REQUEST_FAILED', 'Actions cannot be deleted.');
  const action = actionAt(request, fault('action-delete-below-other-policy'));
  if (action?.deleted && fault('action-second-delete-answers-200')) return { status: 200, body: show(request, action) };
  if (action?.deleted && fault('action-second-delete-answers-204')) return { status: 204 };
  if (!action || action.deleted) throw notFound();
  const policy = request.world.policies.find(({ id }) => id === action.policyId) ?? policyOf(request);
  if (
    living(policy.actions).length === 1 &&
    !fault('last-action-deletable') &&
    !request.world.variant('one-last-action-deletable')
  ) {
    if (fault('last-action-refused-but-deleted')) action.deleted = true;
    throw constraint('Cannot delete last action from the policy');
  }
  remove(request, policy, action);
  if (fault('action-delete-answers-200')) return { status: 200, body: show(request, action) };
  return { status: fault('action-delete-answers-202') ? 202 : 204 };
};
