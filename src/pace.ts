import { setTimeout as sleep } from 'node:timers/promises';

/** When the next request to an origin may go, in milliseconds of `performance.now()`: stories share it. */
const next = new Map<string, number>();

/** Waits until one more request may go to an origin, so that there are no more than so many in a second. */
export async function pace(origin: string, perSecond: number | undefined): Promise<void> {
  if (perSecond === undefined) return;
  const now = performance.now();
  const at = Math.max(now, next.get(origin) ?? 0);
  next.set(origin, at + 1000 / perSecond);
  if (at > now) await sleep(at - now);
}
