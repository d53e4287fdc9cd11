import { own } from '../own.ts';
import type { PingidmFault } from './faults.ts';
import { Refusal } from './refusal.ts';
import { jsonBody } from './self-service.ts';
import { objectOrUndefined } from './stage.ts';
import type { User } from './users.ts';
import { userNamed, type Handler, type World } from './world.ts';

interface Requirement {
  policyRequirement: string;
  params?: Record<string, unknown>;
}

/** One property that fails, and by which policies. */
export interface Failure {
  property: string;
  policyRequirements: Requirement[];
}

type Attributes = Readonly<Record<string, unknown>>;
type Fault = (name: PingidmFault) => boolean;

const REQUIRED = ['userName', 'givenName', 'sn', 'mail'];
const NAMES = ['userName', 'givenName', 'sn'];

/**
 * Which policies an object fails as a managed user.
 * @param object the attributes, the password among them where it is set
 * @param owner the user whose object it is; absent for one that is still to be created
 * Chosen: which policies there are, after the default ones. Source: objects-guide, default policy and policies over REST
 */
function failuresOf(world: World, object: Attributes, owner?: User): Failure[] {
  const { fault } = world;
  const failures: Failure[] = [];
  const fails = (property: string, policyRequirement: string, params?: Record<string, unknown>): void => {
    const known = failures.find((one) => one.property === property);
    const requirement = { policyRequirement, ...(params === undefined ? {} : { params }) };
    if (known) known.policyRequirements.push(requirement);
    else failures.push({ property, policyRequirements: [requirement] });
  };
  for (const name of REQUIRED)
    if ((own(object, name) ?? '') === '' && !fault('create-without-required')) fails(name, 'REQUIRED');
  for (const [name, value] of Object.entries(object)) {
    const property = own(world.schema, name);
    if (property === undefined || value === undefined || (value === null && name !== 'password')) continue;
    const fits = property.type === 'array' ? Array.isArray(value) : typeof value === property.type;
    if (!fits && !fault('types-not-enforced-on-write')) fails(name, 'VALID_TYPE', { types: [property.type] });
    if (
      fits &&
      property.pattern !== undefined &&
      !new RegExp(property.pattern).test(typeof value === 'string' ? value : '')
    )
      fails(name, 'MATCH_REGEXP', { regexp: property.pattern });
  }
  const { userName, mail, password } = object;
  const holder = typeof userName === 'string' ? userNamed(world, userName) : undefined;
  if (holder && holder.id !== owner?.id && !fault('user-name-twice')) fails('userName', 'UNIQUE');
  const former = [...world.deleted.values()].some((one) => one.attributes['userName'] === userName);
  if (!owner && former && fault('deleted-name-stays-taken')) fails('userName', 'UNIQUE');
  if (typeof mail === 'string' && mail !== '' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(mail))
    fails('mail', 'VALID_EMAIL_ADDRESS_FORMAT');
  if (typeof password === 'string') failPassword(fault, password, object, fails);
  return failures;
}

function failPassword(
  fault: Fault,
  password: string,
  object: Attributes,
  fails: (property: string, requirement: string, params?: Record<string, unknown>) => void,
): void {
  if (fault('password-policy-not-enforced')) return;
  if (password.length < 8) fails('password', 'MIN_LENGTH', { minLength: 8 });
  if (!/\p{Lu}/u.test(password)) fails('password', 'AT_LEAST_X_CAPITAL_LETTERS', { numCaps: 1 });
  if (!/\d/.test(password)) fails('password', 'AT_LEAST_X_NUMBERS', { numNums: 1 });
  const others = NAMES.filter((name) => {
    const value = object[name];
    return typeof value === 'string' && value !== '' && password.toLowerCase().includes(value.toLowerCase());
  });
  if (others.length > 0) fails('password', 'CANNOT_CONTAIN_OTHERS', { disallowedFields: others.join(',') });
}

/** @throws Refusal 403 with what failed, when a policy does */
export function enforce(world: World, object: Attributes, owner?: User): void {
  const failedPolicyRequirements = failuresOf(world, object, owner);
  if (failedPolicyRequirements.length === 0) return;
  const detail = world.fault('policy-failure-without-detail') ? undefined : { result: false, failedPolicyRequirements };
  throw new Refusal(403, 'Policy validation failed', detail);
}

/**
 * The policy service: reading the policies of managed users, and validating an object against them without storing it.
 * @throws Refusal 404 for resources without policies, 501 for other actions
 * Source: objects-guide, policies over REST
 */
export const policy: Handler = (world, { operation, action, call, resource }, match) => {
  const { fault } = world;
  const id = match[1] ?? '*';
  if (operation === 'read') return { status: 200, body: described(world, resource.replace(/^policy\//, '')) };
  if (operation !== 'action') throw new Refusal(501, 'Not Implemented');
  if (action !== 'validateObject') throw new Refusal(501, `Unknown action ${action}`);
  const body = objectOrUndefined(jsonBody(world, call));
  if (body === undefined) throw new Refusal(400, 'The object to validate is missing');
  // Chosen: what registration validates may come as the user that its stage takes.
  const object = objectOrUndefined(body['user']) ?? body;
  const owner = world.users.get(id);
  // Chosen: a reset is about nothing but the password that is sent.
  const about = resource.endsWith('/reset') && !fault('reset-validates-a-whole-user') ? Object.keys(object) : undefined;
  const failed = failuresOf(world, object, owner).filter(({ property }) => about?.includes(property) ?? true);
  if (fault('validation-stores') && owner) Object.assign(owner.attributes, object);
  if (fault('validation-never-passes')) failed.push({ property: 'mail', policyRequirements: [] });
  const told = fault('validation-names-no-property')
    ? failed.map(({ policyRequirements }) => ({ policyRequirements }))
    : failed;
  const passes = failed.length === 0 || fault('validation-always-passes');
  return { status: 200, body: { result: passes, failedPolicyRequirements: passes ? [] : told } };
};

/** The policies of each property. Chosen: as far as this server has them. */
function described({ schema }: World, resource: string): Record<string, unknown> {
  const properties = Object.entries(schema).map(([name, { type, pattern }]) => {
    const policies = [
      { policyId: 'valid-type', params: { types: [type] }, policyRequirements: ['VALID_TYPE'] },
      ...(REQUIRED.includes(name) ? [{ policyId: 'required', policyRequirements: ['REQUIRED'] }] : []),
      ...(name === 'userName' ? [{ policyId: 'unique', policyRequirements: ['UNIQUE'] }] : []),
      ...(name === 'password'
        ? [{ policyId: 'minimum-length', params: { minLength: 8 }, policyRequirements: ['MIN_LENGTH'] }]
        : []),
      ...(pattern === undefined
        ? []
        : [{ policyId: 'regexpMatches', params: { regexp: pattern }, policyRequirements: ['MATCH_REGEXP'] }]),
    ];
    return {
      name,
      policies,
      policyRequirements: policies.flatMap(({ policyRequirements }) => policyRequirements),
      fallbackPolicies: null,
    };
  });
  return { _id: '*', resource, properties };
}
