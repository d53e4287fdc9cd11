import { Names } from './names.ts';
import { setUpOf, storyOf, type Story } from './sequence.ts';
import type { Target } from './target.ts';

/** A sequence with those of its set-ups that a target needs and may be given. */
export function equipped(story: Story, target: Target): Story {
  if (story.setUps.length > 0) return story;
  const given = (story.sequence.given ?? []).map(({ by }) => by);
  const wanted = given.filter((by) => !isLent(by, target) && lackingFor(by, target).length === 0);
  return wanted.length === 0 ? story : storyOf(story.id, wanted);
}

/** What the target does not give to a sequence, by name, with the variables that would: also through a set-up. */
export function absentFrom({ sequence, setUps }: Story, target: Target): Target['absent'] {
  const missing = (sequence.given ?? []).filter(({ by }) => !setUps.includes(by) && !isLent(by, target));
  return Object.fromEntries([
    ...missing.flatMap(({ by }) => madeBy(by).map((name) => [name, lackingFor(by, target)])),
    ...Object.entries(target.absent),
  ]) as Target['absent'];
}

/** Why nothing of a sequence can be run: what has to be configured for it may not be, and nobody lends it. */
export function notSetUp({ sequence }: Story, target: Target): string | undefined {
  if (target.ours || target.configurable.allowed) return undefined;
  for (const { by } of sequence.given ?? []) {
    if (!setUpOf(by).sequence.configures || isLent(by, target)) continue;
    const instead = [...new Set(madeBy(by).flatMap((name) => target.absent[name] ?? []))];
    const permission = `set ${lackingFor(by, target)[0] ?? ''}=true to let it be set up`;
    return `what it needs is not there: ${[permission, ...(instead.length > 0 ? [instead.join(', ')] : [])].join(', or give ')}`;
  }
  return undefined;
}

/** Whether a target has what a set-up would make. Where it may be configured, that is done all the same. */
function isLent(by: string, target: Target): boolean {
  const configures = setUpOf(by).sequence.configures ?? false;
  if (configures && target.configurable.allowed) return false;
  return madeBy(by).some((name) => name in target.names);
}

/** The names of what a set-up makes. */
export function madeBy(by: string): string[] {
  const { fresh = {}, steps, names } = setUpOf(by).sequence;
  const table = new Names(names);
  return [...new Set([...Object.keys(fresh), ...steps.flatMap(({ answer }) => table.mentionedIn(answer.body))])];
}

/** The variables without which a set-up is not run. */
function lackingFor(by: string, { absent, configurable, id }: Target): string[] {
  const { configures, names } = setUpOf(by).sequence;
  const made = madeBy(by);
  const needed = new Names(names).all().filter((name) => !made.includes(name));
  const permission = configures && !configurable.allowed ? [configurable.by ?? `configurable of ${id}`] : [];
  return [...permission, ...new Set(needed.flatMap((name) => absent[name] ?? []))];
}
