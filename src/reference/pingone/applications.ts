import { randomBytes, randomUUID } from 'node:crypto';
import { readObject } from './body.ts';
import { invalidData, notFound } from './errors.ts';
import { changed, type Changes } from './faults.ts';
import { collection, link } from './hal.ts';
import { moment, type Application } from './platform.ts';
import { check, details, flag, form, list, may, need, string, text, word, type Shape } from './validation.ts';
import { textsStored } from './text-faults.ts';
import { living, neighbour, type Handler, type Request } from './world.ts';

const uri = form(/^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+$/);

const SHAPE: Shape = {
  name: need(text),
  description: may(string),
  enabled: need(flag),
  type: need(word('WEB_APP', 'NATIVE_APP', 'SINGLE_PAGE_APP', 'SERVICE', 'WORKER', 'CUSTOM_APP')),
  protocol: need(word('OPENID_CONNECT')),
  grantTypes: need(list(word('AUTHORIZATION_CODE', 'IMPLICIT', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS', 'DEVICE_CODE'))),
  redirectUris: may(list(uri)),
  responseTypes: may(list(word('CODE', 'TOKEN', 'ID_TOKEN'))),
  tokenEndpointAuthMethod: need(
    word('NONE', 'CLIENT_SECRET_BASIC', 'CLIENT_SECRET_POST', 'CLIENT_SECRET_JWT', 'PRIVATE_KEY_JWT'),
  ),
  pkceEnforcement: may(word('OPTIONAL', 'REQUIRED', 'S256_REQUIRED')),
};

/** What the printed answer shows of an application that did not say. */
const DEFAULTS = {
  hiddenFromAppPortal: false,
  assignActorRoles: false,
  idpSignoff: false,
  additionalRefreshTokenReplayProtectionEnabled: true,
  pkceEnforcement: 'OPTIONAL',
  parRequirement: 'OPTIONAL',
  devicePollingInterval: 5,
  parTimeout: 60,
  deviceTimeout: 600,
};

const first = (value: unknown): unknown => (Array.isArray(value) ? value.slice(0, 1) : value);

/** What mistakes do to the settings of an application before they are stored. */
const STORED: Changes<Record<string, unknown>> = {
  'application-first-redirect-uri-only': (kept) => ({ ...kept, redirectUris: first(kept.redirectUris) }),
  'application-first-grant-type-only': (kept) => ({ ...kept, grantTypes: first(kept.grantTypes) }),
  'application-response-types-lost': (kept) => ({ ...kept, responseTypes: first(kept.responseTypes) }),
  'application-type-constant': (kept) => ({ ...kept, type: 'WEB_APP' }),
  'application-auth-method-constant': (kept) => ({ ...kept, tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC' }),
  'application-pkce-constant': (kept) => ({ ...kept, pkceEnforcement: 'OPTIONAL' }),
};

function settingsOf(request: Request): Record<string, unknown> {
  const { fault } = request.world;
  const { kept, problems } = check(readObject(request.call), SHAPE);
  if (problems.length > 0) throw invalidData(details(problems));
  return changed(fault, STORED, textsStored(fault, 'application', kept));
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function show(request: Request, application: Application): Record<string, unknown> {
  const { fault, environmentId } = request.world;
  const path = ['applications', application.id];
  const settings: Record<string, unknown> = { ...DEFAULTS, ...application.settings };
  if (fault('application-redirect-uris-lost')) delete settings.redirectUris;
  if (fault('application-grant-types-widened')) settings.grantTypes = ['AUTHORIZATION_CODE', 'CLIENT_CREDENTIALS'];
  if (fault('application-secret-shown')) settings.secret = application.secret;
  if (fault('application-always-enabled')) settings.enabled = true;
  return {
    _links: {
      self: link(request, ...path),
      environment: link(request),
      attributes: link(request, ...path, 'attributes'),
      secret: link(request, ...path, 'secret'),
      grants: link(request, ...path, 'grants'),
    },
    environment: { id: environmentId },
    id: application.id,
    ...settings,
    createdAt: moment(application.createdAt),
    updatedAt: moment(application.updatedAt),
  };
}

/** The application of that id. */
export function findApplication({ world }: Pick<Request, 'world'>, id: string | undefined): Application | undefined {
  return living(world.platform.applications).find((one) => one.id === id);
}

/** The application in the path. @throws Refusal 404 when there is none */
export function applicationOf(request: Request): Application {
  const application = findApplication(request, request.ids[0]);
  if (!application) throw notFound();
  return application;
}

/** Creates an application, with a secret of its own: 201. Source: getting started, create a web application. */
export const createApplication: Handler = (request) => {
  const { world } = request;
  const { fault, platform } = world;
  const settings = settingsOf(request);
  const now = world.now();
  const application: Application = {
    id: randomUUID(),
    secret: fault('application-secrets-alike') ? 'the-secret-of-every-application' : newSecret(),
    settings,
    grants: [],
    assignments: [],
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
  if (!fault('application-not-stored')) platform.applications.push(application);
  return { status: 201, body: show(request, application) };
};

/** Shows one application, without its secret. */
export const readApplication: Handler = (request) => {
  const { fault, platform } = request.world;
  const application = applicationOf(request);
  const last = fault('application-read-returns-last') ? platform.applications.at(-1) : undefined;
  return { status: 200, body: show(request, last ?? application) };
};

/** Lists the environment's applications. Source: pingone-api, read all applications. */
export const listApplications: Handler = (request) => {
  const { fault, platform } = request.world;
  const all = fault('application-list-includes-deleted') ? platform.applications : living(platform.applications);
  const listed = fault('application-list-lacks-disabled') ? all.filter(({ settings }) => settings.enabled) : all;
  const items = listed.map((one) => show(request, one));
  return { status: 200, body: collection(request, link(request, 'applications'), 'applications', items) };
};

/** Replaces an application; what is not sent is cleared, and the secret stays. Source: update application (OIDC). */
export const updateApplication: Handler = (request) => {
  const { world, call } = request;
  const { fault } = world;
  const named = applicationOf(request);
  const settings = settingsOf(request);
  const sent = readObject(call);
  const other = fault('application-id-from-body') ? findApplication(request, String(sent.id)) : undefined;
  const application = other ?? named;
  const before = application.settings;
  if (fault('application-update-ignored')) return { status: 200, body: { ...show(request, application), ...settings } };
  application.settings = fault('application-update-merges') ? { ...before, ...settings } : settings;
  application.updatedAt = world.now();
  const created = Date.parse(String(sent.createdAt));
  if (fault('application-created-from-body') && created > 0) application.createdAt = created;
  if (fault('application-update-changes-secret')) application.secret = newSecret();
  return { status: 200, body: show(request, application) };
};

/** Deletes an application with its grants and assignments. */
export const deleteApplication: Handler = (request) => {
  const { fault, platform } = request.world;
  const application = applicationOf(request);
  const next = fault('application-delete-takes-next') ? neighbour(platform.applications, application, 1) : undefined;
  if (next) next.deleted = true;
  if (!fault('application-delete-ignored')) application.deleted = true;
  return { status: 204 };
};

/** Shows the secret of an application. Source: getting started, get the application secret. */
export const readSecret: Handler = (request) => {
  const { fault, platform, environmentId } = request.world;
  const ghost = fault('secret-of-deleted-application')
    ? platform.applications.find(({ id }) => id === request.ids[0])
    : undefined;
  const application = ghost ?? applicationOf(request);
  if (fault('secret-changes-when-read')) application.secret = newSecret();
  const other = fault('secret-of-another-application')
    ? platform.applications.find((one) => one !== application && one.id !== 'portal')
    : undefined;
  const path = ['applications', application.id];
  return {
    status: 200,
    body: {
      _links: {
        self: link(request, ...path, 'secret'),
        environment: link(request),
        application: link(request, ...path),
      },
      environment: { id: environmentId },
      secret: (other ?? application).secret,
    },
  };
};
