import type { PingidmVariant } from '../variants/worlds.ts';

/** One property of the managed user's schema, as a form shows it. */
export interface Property {
  type: 'string' | 'boolean';
  title: string;
  description: string;
  viewable: boolean;
  userEditable: boolean;
  pattern?: string;
  usageDescription: string;
  isPersonal: boolean;
}

function text(title: string, viewable: boolean, userEditable: boolean, pattern?: string): Property {
  const head = { type: 'string' as const, title, description: title, viewable, userEditable };
  return { ...head, ...(pattern === undefined ? {} : { pattern }), usageDescription: '', isPersonal: true };
}

/**
 * The managed user's properties. Seven are both viewable and editable by the user.
 * Chosen: which ones; names are kept by an administrator here, so that a printed share of 3/7 comes about.
 */
const USER_SCHEMA: Readonly<Record<string, Property>> = {
  userName: text('Username', true, false),
  password: text('Password', false, true),
  givenName: text('First Name', true, false),
  sn: text('Last Name', true, false),
  accountStatus: text('Status', true, false),
  mail: text('Email Address', true, true),
  telephoneNumber: text('Telephone Number', true, true, '^\\+?([0-9\\- \\(\\)])*$'),
  description: text('Description', true, true),
  postalAddress: text('Address 1', true, true),
  city: text('City', true, true),
  postalCode: text('Postal Code', true, true),
  country: text('Country', true, true),
};

/** The schema as this server has it. */
export function userSchema(variant: (name: PingidmVariant) => boolean): Readonly<Record<string, Property>> {
  const more = variant('idm-more-attributes-counted');
  return {
    ...USER_SCHEMA,
    ...(more ? { givenName: text('First Name', true, true), sn: text('Last Name', true, true) } : {}),
    ...(variant('idm-attribute-not-counted')
      ? { telephoneNumber: { ...USER_SCHEMA.telephoneNumber!, userEditable: false } }
      : {}),
    ...(variant('idm-attribute-with-own-value')
      ? { postalCode: text('Postal Code', true, true, '^[A-Z]{2}-[0-9]{4}$') }
      : {}),
  };
}
