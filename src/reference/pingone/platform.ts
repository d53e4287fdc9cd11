import { randomUUID } from 'node:crypto';

/** What a world of our own has besides a client's own doing: where each of them is told apart from everything else. */
export const PORTAL = {
  id: 'portal',
  secret: 'portal-secret-of-the-reference-target',
  redirectUri: 'https://portal.example/callback',
  expiredFlow: 'expired-flow',
  expiredCode: 'expired-code',
  expiredToken: 'expired-token',
} as const;

/** When something came to be and last changed, in milliseconds since 1970. */
interface Dated {
  createdAt: number;
  updatedAt: number;
}

/** Scopes of one resource that an application may ask for. */
export interface Grant {
  id: string;
  resourceId: string;
  scopeIds: string[];
}

/** A sign-on policy that an application uses. */
export interface Assignment {
  id: string;
  policyId: string;
  priority: number;
  /** The application that a mistake shows it below. */
  shownBelow?: string;
  deleted: boolean;
}

/** An OpenID Connect application. */
export interface Application extends Dated {
  id: string;
  secret: string;
  /** What its creator sent. */
  settings: Record<string, unknown>;
  grants: Grant[];
  assignments: Assignment[];
  deleted: boolean;
}

export interface Scope {
  id: string;
  name: string;
  description: string;
}

/** What applications get access to. */
export interface Resource {
  id: string;
  name: string;
  description: string;
  type: string;
  audience: string;
  scopes: Scope[];
}

export interface Population extends Dated {
  id: string;
  name: unknown;
  description: unknown;
  default: boolean;
  deleted: boolean;
}

export interface User extends Dated {
  id: string;
  populationId: string;
  /** Name, mail and everything else that stands on the profile. */
  profile: Record<string, unknown>;
  enabled: boolean;
  password: { value: string; mustChange: boolean; changedAt: number } | undefined;
  /** The password before the last change. */
  formerPassword?: string;
  /** When a progressive profiling action last changed the profile. */
  profiledAt: number | undefined;
  deleted: boolean;
}

/** What an application asked for when it sent a user to sign on. */
export interface Asked {
  application: Application;
  redirectUri: string | undefined;
  scopes: string[];
  state: string | undefined;
  nonce: string | undefined;
  challenge: { value: string; method: string } | undefined;
  /** Whether the answers are flow resources in place of redirects. */
  asFlow: boolean;
}

/** One user's way through the actions of a policy. */
export interface Flow {
  id: string;
  asked: Asked;
  /** Ids of the actions that are done or passed over. */
  done: Set<string>;
  policyId: string;
  user: User | undefined;
  session: Session | undefined;
  /** The password that was sent last, for the mistake that shows it. */
  sent?: unknown;
  /** Whether a progressive profiling action has asked the user in this flow. */
  prompted: boolean;
  /** Whether the flow has given its code. */
  over: boolean;
  createdAt: number;
  expiresAt: number;
}

/** A signed-on user; the token is the value of the ST cookie. */
export interface Session {
  id: string;
  token: string;
  user: User;
}

/** An authorization code. */
export interface Code {
  value: string;
  asked: Asked;
  user: User;
  expiresAt: number;
  used: boolean;
}

/** What an environment has besides its sign-on policies. */
export interface Platform {
  applications: Application[];
  resources: Resource[];
  populations: Population[];
  users: User[];
  flows: Flow[];
  sessions: Session[];
  codes: Code[];
}

const scope = (name: string, description: string): Scope => ({ id: randomUUID(), name, description });

function resources(): Resource[] {
  return [
    {
      id: randomUUID(),
      name: 'openid',
      description: 'The OpenID Connect resource.',
      type: 'OPENID_CONNECT',
      audience: 'openid',
      scopes: ['openid', 'profile'].map((name) => scope(name, `Gives ${name}`)),
    },
    {
      id: randomUUID(),
      name: 'PingOne API',
      description: 'The PingOne API resource.',
      type: 'PINGONE_API',
      audience: 'https://api.pingone.com',
      scopes: ['p1:read:user', 'p1:update:user'].map((name) => scope(name, `Lets users ${name.slice(3)}`)),
    },
  ];
}

/** What is there from the beginning: an application, with a flow and a code whose time is over, and their user. */
export function newPlatform(now: number, policyId: string): Platform {
  const dated = { createdAt: now, updatedAt: now };
  const population: Population = {
    id: randomUUID(),
    name: 'Default',
    description: undefined,
    default: true,
    deleted: false,
    ...dated,
  };
  const user: User = {
    id: randomUUID(),
    populationId: population.id,
    profile: { username: 'of-the-portal', email: 'portal@example.com' },
    enabled: true,
    password: { value: 'Portal-Passw0rd', mustChange: false, changedAt: now },
    profiledAt: undefined,
    deleted: false,
    ...dated,
  };
  const portal: Application = {
    id: PORTAL.id,
    secret: PORTAL.secret,
    settings: {
      name: 'Portal',
      enabled: true,
      type: 'WEB_APP',
      protocol: 'OPENID_CONNECT',
      grantTypes: ['AUTHORIZATION_CODE'],
      responseTypes: ['CODE'],
      redirectUris: [PORTAL.redirectUri],
      tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
    },
    grants: [],
    assignments: [],
    deleted: false,
    ...dated,
  };
  const asked: Asked = {
    application: portal,
    redirectUri: PORTAL.redirectUri,
    scopes: ['openid'],
    state: undefined,
    nonce: undefined,
    challenge: undefined,
    asFlow: true,
  };
  const flow: Flow = {
    id: PORTAL.expiredFlow,
    asked,
    done: new Set(),
    policyId,
    user: undefined,
    session: undefined,
    prompted: false,
    over: false,
    createdAt: now - 1_000_000,
    expiresAt: now - 100_000,
  };
  return {
    applications: [portal],
    resources: resources(),
    populations: [population],
    users: [user],
    flows: [flow],
    sessions: [],
    codes: [{ value: PORTAL.expiredCode, asked, user, expiresAt: now - 100_000, used: false }],
  };
}

/** A moment as the API writes it. */
export const moment = (milliseconds: number): string => new Date(milliseconds).toISOString();
