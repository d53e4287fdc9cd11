import { createApplication, deleteApplication, listApplications, readApplication, readSecret } from './applications.ts';
import {
  createAssignment,
  deleteAssignment,
  listAssignments,
  readAssignment,
  updateAssignment,
} from './assignments.ts';
import { createGrant, listResources, listScopes } from './grants.ts';
import { createPopulation, deletePopulation, listPopulations, readPopulation } from './populations.ts';
import { createUser, deleteUser, listUsers, readUser, setPassword } from './users.ts';
import type { Handler } from './world.ts';

/** What a sign-on needs besides policies: an operation's name and handler by path and method. */
export const PLATFORM_OPERATIONS: Record<string, Record<string, [name: string, handler: Handler]>> = {
  applications: { GET: ['list-applications', listApplications], POST: ['create-application', createApplication] },
  'applications/*': {
    GET: ['read-application', readApplication],
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
  'populations/*': { GET: ['read-population', readPopulation], DELETE: ['delete-population', deletePopulation] },
  users: { GET: ['list-users', listUsers], POST: ['create-user', createUser] },
  'users/*': { GET: ['read-user', readUser], DELETE: ['delete-user', deleteUser] },
  'users/*/password': { PUT: ['set-password', setPassword] },
};
