import type { World } from './world.ts';

/** Milliseconds that a change of configuration takes where it is not in effect at once. */
const DELAY = 1500;

/**
 * Carries out a change of configuration: at once, or later. The product does it after its answer.
 * Source: setup-guide, configuring-over-rest (8, 8.1)
 */
export function inEffect(world: World, late: boolean, change: () => void): void {
  if (late) world.changes.push({ at: world.now() + DELAY, change });
  else change();
}

/** Carries out what has become due by now, in the order in which it was asked for. */
export function catchUp(world: World): void {
  while (world.changes[0] !== undefined && world.changes[0].at <= world.now()) world.changes.shift()?.change();
}
