import { asksSomething, type Requirements, type StageContext } from './stage.ts';
import { requirementsOf } from './stages.ts';
import { contentHash, type User } from './users.ts';
import type { World } from './world.ts';

/**
 * The processes that have something to ask the user, in configured order.
 * @returns their paths, such as `selfservice/profile`
 * Source: self-service-reference, pp-authprofile-json
 */
export function dueProcesses(world: World, user: User): string[] {
  const { fault, profile, processes } = world;
  const completed = Object.keys(user.meta.stagesCompleted).length > 0;
  const looked = fault('unlisted-process-required') ? Object.keys(processes) : profile.profileEnhancementProcesses;
  const due = looked.filter((path) => {
    if (fault('process-listed-too-early')) return !completed;
    if (fault('process-listed-for-ever') && completed) return true;
    const stages = processes[path]?.stageConfigs ?? [];
    return stages.some((stage, index) => asksSomething(requirementsOf(stageContext(world, user, path, index), stage)));
  });
  return fault('only-first-process-listed') ? due.slice(0, 1) : due;
}

/** What the stage of that index asks the user for; an empty object for nothing and beyond the last one. */
export function stageRequirements(world: World, user: User | undefined, path: string, index: number): Requirements {
  const stage = world.processes[path]?.stageConfigs[index];
  return stage === undefined ? {} : requirementsOf(stageContext(world, user, path, index), stage);
}

// Chosen: a form that was configured anew is another form, and due again.
export function stageContext(world: World, user: User | undefined, path: string, index: number): StageContext {
  return { world, user, key: `${path}/${index}/${contentHash(world.processes[path]?.stageConfigs[index] ?? {})}` };
}
