import {
  createApplication,
  deleteApplication,
  listApplications,
  readApplication,
  readSecret,
  updateApplication,
} from './applications.ts';
import {
  createAssignment,
  deleteAssignment,
  listAssignments,
  readAssignment,
  updateAssignment,
} from './assignments.ts';
import { createGrant, listResources, listScopes } from './grants.ts';
import { readPassword, setPassword } from './passwords.ts';
import {
  createPopulation,
  deletePopulation,
  listPopulations,
  readPopulation,
  updatePopulation,
} from './populations.ts';
import { patchUser, updateUser } from './users-changed.ts';
import { createUser, deleteUser, listUsers, readUser } from './users.ts';
import type { Handler } from './world.ts';

/** What a sign-on needs besides policies: an operation's name and handler by path and method. */
export const PLATFORM_OPERATIONS: Record<string, Record<string, [name: string, handler: Handler]>> = {
  applications: { GET: ['list-applications', listApplications], POST: ['create-application', createApplication] },
  'applications/*': {
    GET: ['read-application', readApplication],
    PUT: ['update-application', updateApplication],
    DELETE: ['delete-application', deleteApplication],
  },
  'applications/*/secret': { GET: ['read-secret', readSecret] },
  'applications/*/grants': { POST: ['create-grant', createGrant] },
  'applications/*/signOnPolicyAssignments': {
    GET: ['list-assignments', listAssignments],
    POST: ['create-assignment', createAssignment],
  },
  'applications/*/signOnPolicyAssignments/*': {
    GET: ['read-assignment', readAssignment],
    PUT: ['update-assignment', updateAssignment],
    DELETE: ['delete-assignment', deleteAssignment],
  },
  resources: { GET: ['list-resources', listResources] },
  'resources/*/scopes': { GET: ['list-scopes', listScopes] },
  populations: { GET: ['list-populations', listPopulations], POST: ['create-population', createPopulation] },
  'populations/*': {
    GET: ['read-population', readPopulation],
    PUT: ['update-population', updatePopulation],
    DELETE: ['delete-population', deletePopulation],
  },
  users: { GET: ['list-users', listUsers], POST: ['create-user', createUser] },
  'users/*': {
    GET: ['read-user', readUser],
    PUT: ['update-user', updateUser],
    PATCH: ['patch-user', patchUser],
    DELETE: ['delete-user', deleteUser],
  },
  'users/*/password': { GET: ['read-password', readPassword], PUT: ['set-password', setPassword] },
};
