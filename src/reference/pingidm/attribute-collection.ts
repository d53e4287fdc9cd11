import { own } from '../own.ts';
import type { AttributeCollection } from './configuration.ts';
import type { PingidmFault } from './faults.ts';
import { Refusal } from './refusal.ts';
import { objectOrUndefined, type Requirements, type Stage, type StageContext } from './stage.ts';
import { stored } from './stored.ts';
import type { User } from './users.ts';
import { otherUser, type World } from './world.ts';

type Fault = (name: PingidmFault) => boolean;

/**
 * Asks for attributes of the managed user and stores them. A missing required attribute brings the requirements again.
 * Source: self-service-reference, stages/stage-attributeCollection and profile-rest-flow
 */
export const attributeCollection: Stage<AttributeCollection> = {
  requirements: (context, configuration) => form(context, carriedOut(context.world, configuration)),

  advance: (context, configured, input) => {
    const { fault } = context.world;
    const configuration = carriedOut(context.world, configured);
    const given = objectOrUndefined(input['attributes']) ?? {};
    const asked = configuration.attributes.map(({ name }) => name);
    const names = fault('write-of-unasked-attributes') ? [...new Set([...asked, ...Object.keys(given)])] : asked;
    const values = Object.fromEntries(
      names.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]]),
    );
    if (Object.keys(given).length === 0 && fault('skipping-clears-values'))
      for (const name of asked) values[name] = null;
    // Chosen: a value that breaks the schema is treated like a missing one, and nothing of the form is stored.
    const refused = configuration.attributes.some(
      ({ name, isRequired }) => !acceptable(context.world, name, isRequired, own(given, name)),
    );
    const lost = !context.key.includes('/0/') && fault('second-form-writes-to-nobody');
    if ((!refused && !lost) || fault('write-when-refused')) store(context, values);
    if (!refused) return undefined;
    if (fault('refusal-as-error')) throw new Refusal(400, 'Required attribute missing');
    return form(context, configuration);
  },
};

/** The form as it is configured, but for mistakes. */
function carriedOut({ fault }: World, configuration: AttributeCollection): AttributeCollection {
  const { attributes, uiConfig } = configuration;
  if (fault('form-asks-for-another-attribute'))
    return { ...configuration, attributes: attributes.map((one) => ({ ...one, name: 'description' })) };
  if (fault('form-asks-for-more'))
    return { ...configuration, attributes: [...attributes, { name: 'city', isRequired: false }] };
  if (fault('form-with-other-texts'))
    return { ...configuration, uiConfig: { ...uiConfig, displayName: 'Complete your profile' } };
  return configuration;
}

function form({ world, user }: StageContext, { attributes, uiConfig }: AttributeCollection): Requirements {
  const { fault } = world;
  return {
    $schema: 'http://json-schema.org/draft-04/schema#',
    description: 'Attribute Details',
    type: 'object',
    properties: {},
    attributes: attributes
      .slice(0, fault('form-shows-three-attributes') ? 3 : undefined)
      .map(({ name, isRequired }) => ({
        name: fault('read-attribute-renamed') ? `user.${name}` : name,
        isRequired: isRequired && !fault('read-says-optional'),
        ...(fault('read-without-schema') ? {} : { schema: described(world, name) }),
        ...(fault('read-without-value') ? {} : { value: shownValue(world, user, name) }),
      })),
    ...(fault('form-without-its-texts') ? {} : { uiConfig: texts(fault, uiConfig) }),
  };
}

function texts(fault: Fault, uiConfig: AttributeCollection['uiConfig']): Partial<AttributeCollection['uiConfig']> {
  if (!fault('form-without-its-button')) return uiConfig;
  const { buttonText: _, ...rest } = { ...uiConfig };
  return rest;
}

function described({ fault, schema }: World, name: string): unknown {
  const property = own(schema, name);
  return fault('form-describes-an-attribute-otherwise') ? { ...property, title: name } : property;
}

function shownValue({ fault, users }: World, user: User | undefined, name: string): unknown {
  if (fault('read-value-of-another-user'))
    return [...users.values()].find((other) => other.id !== user?.id && Object.hasOwn(other.attributes, name))
      ?.attributes[name];
  return own(user?.attributes, name) ?? null;
}

function acceptable(world: World, name: string, isRequired: boolean, value: unknown): boolean {
  const { fault, variant, schema } = world;
  if (value !== undefined && variant('idm-lenient-about-values')) return true;
  if (value === undefined && fault('optional-attribute-enforced')) return false;
  if (value === undefined) return !isRequired || fault('required-attribute-not-enforced');
  if (value === null) return !isRequired || fault('null-accepted');
  if (value === '' && isRequired) return fault('empty-string-accepted');
  const property = own(schema, name);
  const fits =
    typeof value === property?.type && new RegExp(property.pattern ?? '').test(`${value as string | boolean}`);
  if (!fits && variant('idm-pattern-as-error')) throw new Refusal(400, `${name} is not valid`);
  if (!fits && variant('idm-policy-as-forbidden')) throw new Refusal(403, 'Policy validation failed');
  if (typeof value !== property?.type) return fault('type-not-enforced');
  return fits || fault('pattern-not-enforced');
}

/** Writes the values to the managed user. */
function store({ world, user }: StageContext, values: Record<string, unknown>): void {
  const { fault } = world;
  if (user === undefined || fault('write-lost')) return;
  const owner = fault('write-to-another-user') ? otherUser(world, user) : user;
  if (fault('write-clobbers-other-attributes')) owner.attributes = { userName: owner.attributes['userName'] };
  const kept = Object.entries(values).slice(0, fault('form-of-three-attributes') ? 3 : undefined);
  for (const one of fault('write-to-every-user') ? world.users.values() : [owner])
    for (const [name, value] of kept)
      one.attributes[fault('write-under-wrong-name') ? 'phone' : name] = stored(fault, 'form', garbled(fault, value));
}

/** Stores what a submission after the end carries: a mistake. */
export function storeAgain(context: StageContext, input: Record<string, unknown>): void {
  store(context, objectOrUndefined(input['attributes']) ?? {});
}

/** The value as it is stored: unchanged, but for mistakes. */
function garbled(fault: Fault, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (fault('write-doubled')) return value + value;
  if (fault('write-digits-only')) return value.replace(/\D/g, '');
  if (fault('blanks-trimmed')) return value.trim();
  if (fault('blanks-joined')) return value.replace(/ +/g, ' ');
  if (fault('write-truncated')) return value.slice(0, 8);
  if (fault('write-as-number')) return Number(value.replace(/\D/g, ''));
  return value;
}
