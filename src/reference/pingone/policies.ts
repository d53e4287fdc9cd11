import { randomUUID } from 'node:crypto';
import { readObject } from './body.ts';
import { constraint, invalidData, notFound } from './errors.ts';
import { changed, type Changes } from './faults.ts';
import { collection, link, type Link } from './hal.ts';
import { textOf } from './mended.ts';
import { textsStored } from './text-faults.ts';
import { check, details, flag, form, may, need, string, type Problem, type Rule } from './validation.ts';
import { defaultPolicy, living, neighbour, type Handler, type Policy, type Request } from './world.ts';

interface PolicyBody {
  _links: Record<string, Link | undefined>;
  id: string | undefined;
  environment: { id: string };
  default: boolean | undefined;
  description: string | undefined;
  name: unknown;
}

const lastSegment = (found: Link | undefined, id: string): Link => ({
  href: (found?.href ?? '').replace(/[^/]*$/, id),
});

/** What mistakes do to a policy wherever it is shown. */
const SHOWN: Changes<PolicyBody, [Request]> = {
  'policy-default-missing': (body) => ({ ...body, default: undefined }),
  'policy-name-not-echoed': (body) => ({ ...body, name: undefined }),
  'policy-description-lost': (body) => ({ ...body, description: undefined }),
  'policy-id-missing': (body) => ({ ...body, id: undefined }),
  'policy-id-changes': (body) => ({ ...body, id: randomUUID() }),
  'policy-environment-wrong': (body) => ({ ...body, environment: { id: randomUUID() } }),
  'policy-self-link-wrong': (body) => ({
    ...body,
    _links: { ...body._links, self: lastSegment(body._links.self, randomUUID()) },
  }),
  'policy-environment-link-wrong': (body) => ({
    ...body,
    _links: { ...body._links, environment: lastSegment(body._links.environment, randomUUID()) },
  }),
  'policy-actions-link-missing': (body) => ({ ...body, _links: { ...body._links, actions: undefined } }),
  'policy-actions-link-wrong': (body, request) => {
    const actions = link(request, 'signOnPolicies', defaultPolicy(request.world).id, 'actions');
    return { ...body, _links: { ...body._links, actions } };
  },
};

function show(request: Request, policy: Policy): PolicyBody {
  const path = ['signOnPolicies', policy.id];
  const body: PolicyBody = {
    _links: {
      self: link(request, ...path),
      environment: link(request),
      actions: link(request, ...path, 'actions'),
    },
    id: policy.id,
    environment: { id: request.world.environmentId },
    default: policy.default,
    description: policy.description,
    name: policy.name,
  };
  return changed(request.world.fault, SHOWN, body, request);
}

// Chosen: of the editions that disagree, the newest, which forbids spaces; names with a colon must be absolute URIs.
const NAME = /^[a-zA-Z0-9_.-]+$|^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^ :]+$/;

// The documents print the boolean in quotes, in a request as in its answer, and call it a boolean elsewhere.
const loosely: Rule = (value, at) => {
  if (value === 'true' || value === 'false') return value === 'true';
  return flag(value, at);
};

const SHAPE = { name: need(form(NAME)), description: may(string), default: may(loosely) };

/** Reads a policy from a body; the name must not be that of another policy. */
function readPolicy(request: Request, self?: Policy): { name: unknown; description?: string; default?: boolean } {
  const { fault, policies } = request.world;
  const { kept, problems } = check(readObject(request.call), self ? { ...SHAPE, default: need(loosely) } : SHAPE);
  const overlooked = ({ target, code, sent }: Problem): boolean =>
    target === 'name' &&
    ((fault('policy-name-missing-accepted') && code === 'REQUIRED_VALUE') ||
      (fault('policy-name-number-accepted') && typeof sent === 'number') ||
      (fault('policy-name-unchecked') && typeof sent === 'string'));
  const lenient = request.world.variant('one-lenient-about-bodies');
  const left = problems.filter((problem) => !overlooked(problem) && !(lenient && problem.code !== 'REQUIRED_VALUE'));
  if (lenient && problems.length > 0) {
    kept.name = textOf(kept.name, '-');
    if ('description' in kept) kept.description = textOf(kept.description, ' ');
  }
  if (fault('policy-uri-name-refused') && String(kept.name).includes(':'))
    throw invalidData([{ code: 'INVALID_VALUE', target: 'name', message: 'name has a form that is not allowed' }]);
  if (left.length > 0) throw invalidData(details(left));
  // Chosen: names that differ in case differ.
  const taken = living(policies).some((one) => one !== self && one.name !== undefined && one.name === kept.name);
  if (taken && !fault('policy-name-not-unique') && !(self && fault('policy-update-name-not-unique')))
    throw invalidData([{ code: 'UNIQUENESS_VIOLATION', target: 'name', message: 'name is taken by another policy' }]);
  return kept as { name: unknown; description?: string; default?: boolean };
}

/** Makes a policy the only default. */
function makeDefault(policies: Policy[], policy: Policy): void {
  for (const other of policies) other.default = other === policy;
}

const CREATED: Changes<Policy> = {
  'policy-name-lower-cased': (policy) => ({ ...policy, name: String(policy.name).toLowerCase() }),
  'policy-name-constant': (policy) => ({ ...policy, name: 'Simple_Login' }),
  'policy-description-constant': (policy) => ({ ...policy, description: 'A new basic sign-on policy.' }),
};

/** Creates a policy, never as the default: 201. Source: pingone-api sign-on policies, create. */
export const createPolicy: Handler = (request) => {
  const { fault, policies } = request.world;
  const { name, description } = textsStored(fault, 'policy', readPolicy(request));
  const given = fault('policy-given-id-taken') ? readObject(request.call).id : undefined;
  const id = typeof given === 'string' ? given : randomUUID();
  const fresh: Policy = { id, name, description, default: false, actions: [], deleted: false };
  const policy = changed(fault, CREATED, fresh);
  if (fault('policy-overwrites-previous')) {
    const previous = living(policies).findLast((one) => !one.default);
    if (previous) previous.deleted = true;
  }
  if (!fault('policy-not-stored')) {
    policies.push(policy);
    if (fault('policy-stored-twice')) policies.push({ ...policy, id: randomUUID(), actions: [] });
    if (fault('policy-created-as-default')) makeDefault(policies, policy);
  }
  if (fault('policy-create-empty')) return { status: 201 };
  return { status: fault('policy-create-answers-200') ? 200 : 201, body: show(request, policy) };
};

/** Lists the environment's policies. Source: pingone-api sign-on policies, read all. */
export const listPolicies: Handler = (request) => {
  const { fault, policies } = request.world;
  let chosen = fault('policy-list-includes-deleted') ? policies : living(policies);
  if (fault('policy-list-lacks-newest')) chosen = chosen.slice(0, -1);
  if (fault('policy-list-empty')) chosen = [];
  const items = chosen.map((policy) => show(request, policy));
  if (fault('policy-list-name-differs')) for (const item of items) item.name = `${String(item.name)}_`;
  const body = collection(request, link(request, 'signOnPolicies'), 'signOnPolicies', items);
  if (fault('policy-list-count-wrong')) body.count = items.length + 1;
  return { status: 200, body };
};

function policyAt({ world, ids }: Request): Policy {
  const policy = living(world.policies).find(({ id }) => id === ids[0]);
  if (!policy) throw notFound();
  return policy;
}

/** Shows one policy. Source: pingone-api sign-on policies, read one. */
export const readPolicyOne: Handler = (request) => {
  const { fault, policies } = request.world;
  if (fault('policy-read-fails')) throw notFound();
  const ghost = policies.find(({ id, deleted }) => id === request.ids[0] && deleted);
  if (ghost && fault('policy-delete-leaves-it-readable')) return { status: 200, body: show(request, ghost) };
  const policy = policyAt(request);
  const first = fault('policy-read-returns-first') ? living(policies)[0] : undefined;
  return { status: 200, body: show(request, first ?? policy) };
};

/** Replaces a policy; only here can it become the default. Source: pingone-api sign-on policies, update. */
export const updatePolicy: Handler = (request) => {
  const { fault, policies } = request.world;
  const named = policyAt(request);
  const { name, description, default: isDefault } = textsStored(fault, 'policy', readPolicy(request, named));
  const meant = fault('policy-id-from-body') ? readObject(request.call).id : undefined;
  const policy = living(policies).find((one) => one.id === meant) ?? named;
  if (fault('policy-update-ignored'))
    return { status: 200, body: { ...show(request, policy), name, description, default: isDefault } };
  policy.name = name;
  policy.description = fault('policy-update-merges') ? (description ?? policy.description) : description;
  if (fault('policy-update-drops-actions')) for (const action of policy.actions) action.deleted = true;
  // Chosen: the default policy stays the default until another one takes its place, whatever is sent for it.
  if (isDefault && fault('policy-default-not-cleared')) policy.default = true;
  else if (isDefault && !fault('policy-default-ignored')) makeDefault(policies, policy);
  return { status: 200, body: show(request, policy) };
};

/** Deletes a policy with its actions, unless it is the default. Source: pingone-api sign-on policies, delete. */
export const deletePolicy: Handler = (request) => {
  const { fault, policies } = request.world;
  if (fault('policy-second-delete-answers-204') && policies.some(({ id, deleted }) => id === request.ids[0] && deleted))
    return { status: 204 };
  const policy = policyAt(request);
  if (policy.default && !fault('default-policy-deletable'))
    throw constraint('Cannot delete a default policy', 'default');
  if (!fault('policy-delete-ignored')) policy.deleted = true;
  const next = fault('policy-delete-takes-next') ? neighbour(policies, policy, 1) : undefined;
  if (next) next.deleted = true;
  if (fault('policy-delete-deletes-others')) for (const other of policies) if (!other.default) other.deleted = true;
  if (fault('policy-delete-answers-200')) return { status: 200, body: show(request, policy) };
  return { status: 204 };
};
