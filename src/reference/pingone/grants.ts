import { randomUUID } from 'node:crypto';
import { applicationOf } from './applications.ts';
import { readObject } from './body.ts';
import { invalidData, notFound } from './errors.ts';
import { collection, link } from './hal.ts';
import type { Grant, Resource } from './platform.ts';
import { check, details, list, need, object, text } from './validation.ts';
import type { Handler, Request } from './world.ts';

const reference = object({ id: need(text) });

const SHAPE = { resource: need(reference), scopes: need(list(reference)) };

/** Lists the resources that applications can be granted. Source: workflow step 3, get the list of resources. */
export const listResources: Handler = (request) => {
  const { world } = request;
  const { resources } = world.platform;
  const listed = world.fault('resource-list-lacks-api') ? resources.slice(0, 1) : resources;
  const items = listed.map(({ scopes: _, ...resource }) => ({
    _links: {
      self: link(request, 'resources', resource.id),
      environment: link(request),
      scopes: link(request, 'resources', resource.id, 'scopes'),
    },
    environment: { id: world.environmentId },
    accessTokenValiditySeconds: 3600,
    ...resource,
  }));
  return { status: 200, body: collection(request, link(request, 'resources'), 'resources', items) };
};

function resourceOf({ world, ids }: Request): Resource {
  const { resources } = world.platform;
  const resource = resources.find(({ id }) => id === ids[0]);
  if (!resource) throw notFound();
  return world.fault('scopes-of-another-resource') ? (resources.find((one) => one !== resource) ?? resource) : resource;
}

/** Lists the scopes of a resource. Source: workflow step 4. */
export const listScopes: Handler = (request) => {
  const { world } = request;
  const resource = resourceOf(request);
  const path = ['resources', request.ids[0] ?? ''];
  const items = resource.scopes.map((one) => ({
    _links: { self: link(request, ...path, 'scopes', one.id), resource: link(request, ...path) },
    environment: { id: world.environmentId },
    resource: { id: request.ids[0] },
    ...one,
  }));
  return { status: 200, body: collection(request, link(request, ...path, 'scopes'), 'scopes', items) };
};

/** Lets an application ask for scopes of a resource: 201. Source: workflow step 5, create the resource access grant. */
export const createGrant: Handler = (request) => {
  const { world } = request;
  const { fault, platform } = world;
  const application = applicationOf(request);
  const { kept, problems } = check(readObject(request.call), SHAPE);
  if (problems.length > 0) throw invalidData(details(problems));
  const { id: resourceId } = kept.resource as { id: string };
  const scopeIds = (kept.scopes as { id: string }[]).map(({ id }) => id);
  const unknown = (target: string): Error =>
    invalidData([{ code: 'INVALID_VALUE', target, message: `${target} names nothing that is there` }]);
  const resource = platform.resources.find(({ id }) => id === resourceId);
  if (!resource && !fault('grant-of-unknown-resource-accepted')) throw unknown('resource.id');
  const known = (resource?.scopes ?? []).map(({ id }) => id);
  const all = platform.resources.flatMap(({ scopes }) => scopes.map(({ id }) => id));
  const allowed = fault('grant-of-scope-of-another-resource-accepted') ? all : known;
  if (resource && !scopeIds.every((id) => allowed.includes(id))) throw unknown('scopes');
  const grant: Grant = { id: randomUUID(), resourceId, scopeIds };
  if (!fault('grant-not-stored')) application.grants.push(grant);
  const path = ['applications', application.id];
  return {
    status: 201,
    body: {
      _links: {
        self: link(request, ...path, 'grants', grant.id),
        application: link(request, ...path),
        resource: link(request, 'resources', resourceId),
      },
      environment: { id: world.environmentId },
      id: grant.id,
      application: { id: application.id },
      resource: { id: resourceId },
      scopes: fault('grant-scopes-lost') ? [] : scopeIds.map((id) => ({ id })),
    },
  };
};
