import { createHash, randomUUID } from 'node:crypto';
import type { PingidmVariant } from '../variants/worlds.ts';

/** A managed user. Metadata lives outside the object, as the product keeps it. */
export interface User {
  id: string;
  /** Absent for who cannot log in by one. */
  password?: string;
  /** The one before, for a mistake. */
  oldPassword?: string | undefined;
  /** The password from before a reset, for a mistake. */
  formerPassword?: string;
  attributes: Record<string, unknown>;
  /** The attributes at the start, for mistakes that serve or restore old data. */
  readonly original: Readonly<Record<string, unknown>>;
  meta: {
    loginCount: number;
    /** Completed forms, each with the login count at which it was completed. */
    // Chosen: the format of this metadata is not documented.
    stagesCompleted: Record<string, number>;
    /** Milliseconds; absent for those who were there from the beginning. */
    createDate?: number;
    /** When the latest login was, and the one before it. */
    lastLogin?: number;
    loginBefore?: number;
    /** The terms that were accepted, and when. */
    termsAccepted?: { termsVersion: string; acceptDate: string; iscurrent: boolean };
  };
}

/**
 * The users of a fresh world: two who owe a form at their next login, and one who does not.
 * bjensen fills two of the seven attributes that completeness looks at, three with a telephone number.
 */
export function people(variant: (name: PingidmVariant) => boolean): User[] {
  const stored = storedMeanwhile(variant);
  return [
    person('Passw0rd', 24, {
      userName: 'bjensen',
      givenName: 'Babs',
      sn: 'Jensen',
      mail: 'babs.jensen@example.com',
      country: 'US',
      ...stored,
    }),
    person('Sc4rter-9x', 24, {
      userName: 'scarter',
      givenName: 'Sam',
      sn: 'Carter',
      mail: 'sam.carter@example.com',
      city: 'Bristol',
      description: 'Second shift',
      ...stored,
    }),
    person('Jd0e-Passw0rd', 3, {
      userName: 'jdoe',
      givenName: 'John',
      sn: 'Doe',
      mail: 'john.doe@example.com',
      telephoneNumber: '555-555-0199',
      postalAddress: '12 Harbour Street',
      city: 'Portland',
      country: 'US',
    }),
    // For the processes about accounts: one who forgets, a namesake, and one whose account is not active.
    person('Mw0ng-Passw0rd', 3, {
      userName: 'mwong',
      givenName: 'Mei',
      sn: 'Wong',
      mail: 'mei.wong@example.com',
      telephoneNumber: '555-555-0177',
    }),
    person('Awong-Passw0rd1', 3, {
      userName: 'awong',
      givenName: 'Anna',
      sn: 'Wong',
      mail: 'anna.wong@example.com',
      telephoneNumber: '555-555-0178',
    }),
    inactive(
      person('Rt1red-Passw0rd', 3, {
        userName: 'rtired',
        givenName: 'Rita',
        sn: 'Tired',
        mail: 'rita.tired@example.com',
        telephoneNumber: '555-555-0179',
      }),
    ),
  ];
}

function inactive(user: User): User {
  user.attributes['accountStatus'] = 'inactive';
  return user;
}

/** What the two who owe a form have filled in besides. */
function storedMeanwhile(variant: (name: PingidmVariant) => boolean): Record<string, unknown> {
  return {
    ...(variant('idm-value-stored') ? { telephoneNumber: '+47 22 00 00 00' } : {}),
    ...(variant('idm-value-stored-as-sent') ? { telephoneNumber: '555-555-1234' } : {}),
    ...(variant('idm-value-stored-empty') ? { telephoneNumber: '' } : {}),
    ...(variant('idm-profile-completed-whole')
      ? { description: 'All of it', postalAddress: '1 Road', city: 'Oslo', postalCode: '0150', country: 'NO' }
      : {}),
  };
}

/** A managed user with no session and no form behind it. */
export function person(password: string | undefined, loginCount: number, attributes: Record<string, unknown>): User {
  const all = { ...attributes, accountStatus: 'active' };
  return {
    id: randomUUID(),
    ...(password === undefined ? {} : { password }),
    attributes: { ...all },
    original: all,
    meta: { loginCount, stagesCompleted: {} },
  };
}

/** 32 bits that depend on the content: the source of every revision. */
export function contentHash(content: unknown): number {
  return createHash('sha256').update(JSON.stringify(content)).digest().readUInt32BE();
}

/** The revision of an object, 16 hexadecimal digits. */
export function objectRevision(content: unknown): string {
  return contentHash(content).toString(16).padStart(16, '0');
}
