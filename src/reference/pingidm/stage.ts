import type { User } from './users.ts';
import type { World } from './world.ts';

/** What a stage asks for; an empty object when it asks for nothing. */
export type Requirements = Record<string, unknown>;

/** What a stage knows when it runs. */
export interface StageContext {
  world: World;
  /** The managed user that the process is about, when one is known. */
  user: User | undefined;
  /** Names the stage in the user's metadata. */
  key: string;
}

/** One kind of stage. */
export interface Stage<Configuration> {
  requirements: (context: StageContext, configuration: Configuration) => Requirements;
  /** Takes the input: undefined when satisfied, the requirements again when not. Throws Refusal. */
  advance: (
    context: StageContext,
    configuration: Configuration,
    input: Record<string, unknown>,
  ) => Requirements | undefined;
}

/** Whether anything is asked for. */
export function asksSomething(requirements: Requirements): boolean {
  return Object.keys(requirements).length > 0;
}

/** The value when it is a JSON object, else undefined. */
export function objectOrUndefined(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
