import type { PingidmVariant } from '../variants/worlds.ts';

/** One property of the managed user's schema, as a form shows it. */
export interface Property {
  type: 'string' | 'boolean' | 'array';
  title: string;
  description: string;
  viewable: boolean;
  userEditable: boolean;
  pattern?: string;
  usageDescription: string | null;
  searchable?: boolean;
  isPersonal: boolean;
}

function text(title: string, viewable: boolean, userEditable: boolean, pattern?: string): Property {
  const head = { type: 'string' as const, title, description: title, viewable, userEditable };
  return { ...head, ...(pattern === undefined ? {} : { pattern }), usageDescription: '', isPersonal: true };
}

/** A property that has no pattern of its own, as a recorded form describes it. */
function plain(title: string, isPersonal: boolean): Property {
  return { ...text(title, true, true), usageDescription: null, isPersonal };
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
  description: { ...plain('Description', false), searchable: true },
  postalAddress: plain('Address 1', true),
  city: plain('City', false),
  postalCode: plain('Postal Code', false),
  country: text('Country', true, true),
  kbaInfo: { ...text('Security questions', false, true), type: 'array' },
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
