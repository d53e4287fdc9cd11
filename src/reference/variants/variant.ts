import type { Answer, Call, Outgoing } from '../http.ts';

/** What a variant does between the client and the server; every world gets hooks of its own. */
export interface Hooks {
  /** Changes the variables that point a client at the server. */
  variables?: (variables: Record<string, string>) => Record<string, string>;
  /** Changes a call before the server sees it. */
  call?: (call: Call) => Call;
  /** Answers in the server's place, which then never sees the call. */
  instead?: (call: Call) => Answer | undefined;
  /** Changes an answer. */
  answer?: (answer: Answer, call: Call) => Answer;
  /** Changes how an answer is written and how it travels. */
  send?: (out: Outgoing, call: Call) => Outgoing | Promise<Outgoing>;
}

/** One way of being another server that conforms as well. */
export interface Variant {
  /** What this server does, as a sentence. */
  says: string;
  /** Why a client cannot tell this server from the plain one by what it receives. */
  unseen?: string;
  /** Absent where the world itself asks whether the variant is on. */
  hooks?: () => Hooks;
}

/** Some variants by name. */
export type Variants = Readonly<Record<string, Variant>>;

/** Hooks that keep nothing from call to call. */
export const steady =
  (hooks: Hooks): (() => Hooks) =>
  () =>
    hooks;
