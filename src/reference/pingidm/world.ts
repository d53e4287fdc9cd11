import { randomUUID } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import type { PingidmVariant } from '../variants/worlds.ts';
import type { Sent } from './accounts/mail.ts';
import { configured, type AuthenticationProfile, type Process } from './configuration.ts';
import type { PingidmFault } from './faults.ts';
import { settings, type Setting } from './settings.ts';
import { userSchema, type Property } from './schema.ts';
import { people, type User } from './users.ts';

/** Who may authenticate: an account of the product itself, or a managed user. */
export interface Account {
  name: string;
  roles: string[];
  /** Absent for the accounts that the product brings along. */
  user?: User;
  /** The administrator who has taken on this account for the request. */
  runBy?: string;
}

/** One session, by the value of its cookie. Times are milliseconds. */
interface Session {
  /** The identifier of a managed user, or the name of an account of the product itself. */
  account: string;
  started: number;
  used: number;
}

/** Everything the server remembers. */
export interface World {
  version: string;
  fault: (name: PingidmFault) => boolean;
  /** Tells in which of the ways that are left open this server differs from the plain one. */
  variant: (name: PingidmVariant) => boolean;
  now: () => number;
  users: Map<string, User>;
  /** Those who were deleted, for mistakes. */
  deleted: Map<string, User>;
  /** The managed user's properties by name. */
  schema: Readonly<Record<string, Property>>;
  sessions: Map<string, Session>;
  /** Self-service processes by the path they are served at. */
  processes: Record<string, Process>;
  /** What configuration shows in their place, for a mistake, or until it is in effect. */
  shownProcesses: Record<string, Process | undefined>;
  /** Changes of configuration that are not in effect yet, the next one first. */
  changes: { at: number; change: () => void }[];
  profile: AuthenticationProfile;
  /** All other configuration by identifier. */
  settings: Map<string, Setting>;
  /** Signs the tokens of this world. */
  secret: string;
  lastLogin?: User;
  /** Mails that would have been sent, newest first. */
  outbox: Sent[];
  /** The first token of all, for a mistake. */
  firstToken?: string;
}

/** An authenticated call. `action` is the empty string when the call names none. */
export interface Request {
  call: Call;
  /** The path below /openidm, decoded. */
  resource: string;
  operation: Operation;
  action: string;
  account: Account;
  /** Whether the account comes from credentials sent along or from the session cookie. */
  by: 'credentials' | 'session';
}

export type Operation = 'read' | 'query' | 'action' | 'create' | 'update' | 'patch' | 'delete' | 'other';

/** Answers an authenticated and authorized request; throws Refusal. */
export type Handler = (world: World, request: Request, match: RegExpMatchArray) => Answer;

/**
 * A fresh world: three users, no session, one process.
 * @param options version, mistakes, variants and clock
 */
export function newWorld(options: Pick<World, 'version' | 'fault' | 'variant' | 'now'>): World {
  return {
    ...options,
    users: new Map(people(options.variant).map((user) => [user.id, user])),
    deleted: new Map(),
    schema: userSchema(options.variant),
    sessions: new Map(),
    ...configured(options.variant),
    settings: settings(options.variant),
    shownProcesses: {},
    changes: [],
    outbox: [],
    secret: randomUUID(),
  };
}

/** The managed user of that name. */
export function userNamed(world: World, name: string): User | undefined {
  return [...world.users.values()].find((user) => user.attributes['userName'] === name);
}

/** Some other user, for mistakes that mix users up. */
export function otherUser(world: World, user: User): User {
  return [...world.users.values()].find((other) => other.id !== user.id) ?? user;
}
