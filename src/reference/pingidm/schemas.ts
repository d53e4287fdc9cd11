import { Refusal } from './refusal.ts';
import type { Handler } from './world.ts';

/**
 * The schema of managed users.
 * @throws Refusal 501 for anything but reading
 * Source: rest-api-reference, schema
 */
export const schemas: Handler = ({ schema, fault }, { operation, resource }) => {
  if (operation !== 'read') throw new Refusal(501, 'Not Implemented');
  const properties = fault('schema-without-a-property') ? { ...schema, mail: undefined } : schema;
  return {
    status: 200,
    body: {
      _id: resource.replace(/^schema\//, ''),
      $schema: 'http://forgerock.org/json-schema#',
      type: fault('schema-of-an-array') ? 'array' : 'object',
      title: 'User',
      description: 'User',
      resourceCollection: resource.replace(/^schema\//, ''),
      order: Object.keys(schema),
      required: ['userName', 'givenName', 'sn', 'mail'],
      ...(fault('schema-without-properties') ? {} : { properties }),
    },
  };
};
