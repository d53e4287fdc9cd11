import type { Answer, Call } from '../http.ts';
import { notFound } from './errors.ts';
import type { World } from './world.ts';

/** Milliseconds for which what was created is not found, where that takes a while. */
const DELAY = 1200;

/** Of so many creations one is late: a client waits for each. */
const EVERY = 20;

/** @throws Refusal 404 for a path below what was created a moment ago. Source: an issue (460) of the vendor's SDK */
export function hideTheNewest({ late, now }: World, { path }: Call): void {
  if (path.split('/').some((part) => (late.until.get(part) ?? 0) > now())) throw notFound();
}

/** Remembers what has just been created, so that it is found later. */
export function noteCreated(world: World, answer: Answer | undefined): void {
  if (!world.variant('one-created-is-found-later') || answer?.status !== 201) return;
  const { id } = (answer.body ?? {}) as { id?: string };
  if (id !== undefined && world.late.count++ % EVERY === 0) world.late.until.set(id, world.now() + DELAY);
}
