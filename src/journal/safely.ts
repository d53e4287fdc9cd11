import type { Story } from '../sequence.ts';
import { equipped } from '../set-ups.ts';
import { ours } from '../shown.ts';
import type { Target } from '../target.ts';
import type { Transport } from '../transport.ts';
import { clean } from './clean.ts';
import { Journal, JOURNALS } from './journal.ts';
import { alone } from './lock.ts';
import { summaryOf } from './words.ts';

/**
 * Tells a story so that a kill at any moment leaves nothing for good. On a server that outlives the run, a story that
 * writes is told while no other one is, after what a dead run has left there is undone, with what it needs set up where
 * that is allowed, and with a journal.
 * @param chosen the target as it was chosen, for whoever cleans up
 */
export async function safely<T>(
  story: Story,
  target: Target,
  transport: Transport,
  chosen: string,
  tell: (story: Story, journal?: Journal) => Promise<T>,
  folder = JOURNALS,
): Promise<T> {
  const told = equipped(story, target);
  if (target.ours || !told.sequence.writes) return await tell(told);
  const { server, addresses } = target;
  return await alone(folder, server, async () => {
    const cleaned = await clean(folder, target, transport);
    if (cleaned.length > 0) console.warn(summaryOf(ours('an earlier run was ended before it had cleaned up'), cleaned));
    const journal = new Journal({ target: chosen, server, addresses }, folder);
    try {
      return await tell(told, journal);
    } finally {
      journal.end();
    }
  });
}
