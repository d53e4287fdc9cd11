import type { AccountStageConfiguration } from './configuration.ts';
import type { Requirements } from '../stage.ts';
import type { Answers } from './questions.ts';
import type { User } from '../users.ts';
import type { World } from '../world.ts';

/** What a process remembers from one request to the next; it travels in the token. */
export interface Memory {
  /** The managed user that was found or created. */
  userId?: string;
  mail?: string;
  /** The code that was mailed and is still to be confirmed. */
  code?: string;
  /** What registered so far. */
  details?: Record<string, unknown>;
  answers?: Answers;
  /** Which of the user's own questions are asked. */
  asked?: number[];
  termsVersion?: string;
  returnParams?: string;
}

/** A mail that goes out with the answer, since it carries the answer's token. */
export interface Letter {
  to: string;
  subject: string;
  code?: string;
  userName?: string;
}

/** One request to a process, while it is carried out. */
export interface Flow {
  world: World;
  /** The path of the process, such as `selfservice/reset`. */
  process: string;
  memory: Memory;
  /** What the end tells. */
  additions: Record<string, unknown>;
  letters: Letter[];
}

/** One kind of stage of a process about an account. */
export interface AccountStage<Configuration> {
  /** What is done when the process comes here, before anything is asked. Throws Refusal. */
  enter?: (flow: Flow, configuration: Configuration) => void;
  /** What is asked for; nothing when absent or empty. */
  ask?: (flow: Flow, configuration: Configuration) => Requirements;
  tag?: (flow: Flow) => string;
  /** Takes the input: undefined when satisfied, the requirements again when not. Throws Refusal. */
  take?: (flow: Flow, configuration: Configuration, input: Record<string, unknown>) => Requirements | undefined;
}

export type AccountStages = {
  [Name in AccountStageConfiguration['name']]: AccountStage<Extract<AccountStageConfiguration, { name: Name }>>;
};

/** The user that the process is about. */
export function userOf({ world, memory }: Flow): User | undefined {
  return world.users.get(memory.userId ?? '');
}

/** A form in the manner of every stage: JSON Schema, draft 4. */
export function form(description: string, content: Requirements): Requirements {
  return { $schema: 'http://json-schema.org/draft-04/schema#', description, type: 'object', ...content };
}
