import { randomUUID } from 'node:crypto';
import { applicationOf } from './applications.ts';
import { isObject, readObject } from './body.ts';
import { constraint, invalidData, notFound } from './errors.ts';
import { collection, link } from './hal.ts';
import type { Application, Assignment } from './platform.ts';
import { check, details, need, object, text, whole } from './validation.ts';
import { living, type Handler, type Request } from './world.ts';

/** Some id that a page prints. */
const PRINTED = '7bf52bba-ef9a-47ac-9163-4310f3208409';

const SHAPE = { priority: need(whole(1)), signOnPolicy: need(object({ id: need(text) })) };

function show(request: Request, application: Application, assignment: Assignment): Record<string, unknown> {
  const path = ['applications', application.id];
  return {
    _links: {
      self: link(request, ...path, 'signOnPolicyAssignments', assignment.id),
      environment: link(request),
      application: link(request, ...path),
      signOnPolicy: link(request, 'signOnPolicies', assignment.policyId),
    },
    id: assignment.id,
    environment: { id: request.world.environmentId },
    application: { id: assignment.shownBelow ?? application.id },
    signOnPolicy: { id: assignment.policyId },
    priority: assignment.priority,
  };
}

function read(request: Request): { priority: number; policyId: string } {
  const { fault } = request.world;
  const { kept, problems } = check(readObject(request.call), SHAPE);
  const left = problems.filter(
    ({ target, sent }) => !(fault('assignment-priority-zero-accepted') && target === 'priority' && sent === 0),
  );
  if (left.length > 0) throw invalidData(details(left));
  const priority = kept.priority as number;
  return {
    priority: fault('assignment-priority-capped') ? Math.min(priority, 1000) : priority,
    policyId: (kept.signOnPolicy as { id: string }).id,
  };
}

/** Assigns a policy to an application: 201. Source: application sign-on policy assignments, create. */
export const createAssignment: Handler = (request) => {
  const { fault, policies } = request.world;
  const application = applicationOf(request);
  const { priority, policyId } = read(request);
  const policy = living(policies).find(({ id }) => id === policyId);
  if (!policy && !fault('assignment-of-unknown-policy-accepted'))
    throw invalidData([
      { code: 'INVALID_VALUE', target: 'signOnPolicy.id', message: 'signOnPolicy.id names no policy' },
    ]);
  if (policy && living(policy.actions).length === 0 && !fault('assignment-of-empty-policy-accepted'))
    throw constraint('The policy has no actions', 'signOnPolicy.id');
  const assignment: Assignment = { id: randomUUID(), policyId, priority, deleted: false };
  if (!fault('assignment-not-stored')) application.assignments.push(assignment);
  return { status: 201, body: show(request, application, assignment) };
};

/** Lists the assignments of an application. Source: application sign-on policy assignments, read all. */
export const listAssignments: Handler = (request) => {
  const { fault, platform } = request.world;
  const application = applicationOf(request);
  const owners = fault('assignment-list-of-every-application') ? living(platform.applications) : [application];
  const printed: Assignment[] = request.world.variant('one-things-of-the-pages')
    ? [{ id: PRINTED, policyId: '551e6ddc-7f2d-4934-98a5-ddc50037246a', priority: 99, deleted: false }]
    : [];
  const items = owners.flatMap((owner) =>
    [...printed, ...living(owner.assignments)].map((one) => show(request, owner, one)),
  );
  const listed = fault('assignment-list-lacks-last') ? items.slice(0, -1) : items;
  const self = link(request, 'applications', application.id, 'signOnPolicyAssignments');
  return { status: 200, body: collection(request, self, 'signOnPolicyAssignments', listed) };
};

function assignmentAt(request: Request): Assignment {
  const { fault, platform } = request.world;
  const own = applicationOf(request).assignments;
  const all = fault('assignment-under-other-application')
    ? platform.applications.flatMap((one) => one.assignments)
    : own;
  const assignment = living(all).find(({ id }) => id === request.ids[1]);
  if (!assignment) throw notFound();
  return assignment;
}

/** Shows one assignment. Source: application sign-on policy assignments, read one. */
export const readAssignment: Handler = (request) => ({
  status: 200,
  body: show(request, applicationOf(request), assignmentAt(request)),
});

/** Replaces an assignment, which keeps its policy. Source: application sign-on policy assignments, update. */
export const updateAssignment: Handler = (request) => {
  const { fault } = request.world;
  const assignment = assignmentAt(request);
  const { priority, policyId } = read(request);
  if (policyId !== assignment.policyId && !fault('assignment-policy-change-ignored')) {
    if (!fault('assignment-policy-changeable'))
      throw invalidData([
        { code: 'INVALID_VALUE', target: 'signOnPolicy.id', message: 'signOnPolicy.id cannot be changed' },
      ]);
    assignment.policyId = policyId;
  }
  const { application: named } = readObject(request.call);
  if (fault('assignment-application-from-body') && isObject(named)) assignment.shownBelow = String(named.id);
  const shown = { ...assignment, priority };
  if (!fault('assignment-update-not-stored')) assignment.priority = priority;
  return { status: 200, body: show(request, applicationOf(request), shown) };
};

/** Deletes an assignment; the policy stays. */
export const deleteAssignment: Handler = (request) => {
  const { fault, policies } = request.world;
  const assignment = assignmentAt(request);
  if (!fault('assignment-delete-ignored')) assignment.deleted = true;
  if (fault('assignment-delete-takes-all-of-policy'))
    for (const one of request.world.platform.applications.flatMap(({ assignments }) => assignments))
      if (one.policyId === assignment.policyId) one.deleted = true;
  if (fault('assignment-delete-deletes-policy'))
    for (const policy of policies) if (policy.id === assignment.policyId) policy.deleted = true;
  return { status: 204 };
};
