import { provide } from '../ask.ts';
import { contractOf } from '../contract.ts';
import { SuiteError } from '../errors.ts';
import type { Json } from '../json.ts';
import { bind } from '../names.ts';
import { Redactor } from '../redact.ts';
import { draftOf } from '../request.ts';
import { storyOf, type Step, type Undo } from '../sequence.ts';
import { Telling } from '../telling.ts';
import { ours, shown, type Shown } from '../shown.ts';
import type { Target } from '../target.ts';
import { TransportError, type Transport } from '../transport.ts';
import { undoLeft, type Undone } from '../undo.ts';
import { lives } from './alive.ts';
import { discard, readJournals, settle, type Found, type Kept } from './journal.ts';

/** What became of one thing that a dead run has left. */
export interface Cleaned {
  /** What it is, in words. */
  what: Shown;
  came: 'undone' | 'gone' | 'left';
  /** Why it is left. */
  because?: Shown;
}

/**
 * Undoes what runs that have died left on a server; call it alone. A journal whose every entry is settled goes, any
 * other is kept for the next time.
 */
export async function clean(folder: string, target: Target, transport: Transport): Promise<Cleaned[]> {
  const cleaned: Cleaned[] = [];
  for (const journal of readJournals(folder)) {
    if (journal.header.server !== target.server || lives(journal.header.process, journal.file)) continue;
    const outcomes = await cleanOne(journal, target, transport);
    const problem = outcomes.some(({ came }) => came === 'left') ? undefined : discard(journal);
    cleaned.push(...outcomes);
    if (problem !== undefined) cleaned.push({ what: ours('the journal'), came: 'left', because: ours(problem) });
  }
  return cleaned;
}

async function cleanOne(journal: Found, target: Target, transport: Transport): Promise<Cleaned[]> {
  const cleaned: Cleaned[] = [];
  const redactor = new Redactor(target.hidden);
  for (const entry of [...journal.open].reverse()) {
    const left = `what ${entry.refusal ?? entry.step} of ${entry.story} has ${entry.markers.length > 0 ? `created (${entry.markers.join(', ')})` : 'created or changed'}`;
    const came = await undoEntry(entry, target, transport, redactor);
    const what = shown(left, 'sentence', redactor);
    if ('problem' in came) {
      cleaned.push({ what, came: 'left', because: shown(came.problem, 'sentence', redactor) });
      if (came.unreachable) break;
      continue;
    }
    // What is undone and not noted is found to be gone the next time.
    settle(journal, entry);
    cleaned.push({ what, came: came.undone > 0 ? 'undone' : 'gone' });
  }
  return cleaned;
}

async function undoEntry(entry: Kept, target: Target, transport: Transport, redactor: Redactor): Promise<Undone> {
  try {
    const { undo, telling } = recalled(entry, target, transport, redactor);
    const { id, markers, fresh } = entry;
    const left = { undo, scope: telling.scope, markers, fresh, ...(id === undefined ? {} : { id }) };
    await provide(telling, draftOf({ method: 'GET', url: undo.url, headers: undo.headers }));
    return await undoLeft(telling, left);
  } catch (error) {
    if (error instanceof TransportError) return { problem: error.message, unreachable: error.reason === 'unreachable' };
    if (error instanceof SuiteError) return { problem: error.message };
    throw error;
  }
}

/** The story as far as the journal says it. @throws SuiteError when it is no longer there */
function recalled(
  entry: Kept,
  target: Target,
  transport: Transport,
  redactor: Redactor,
): { undo: Undo; telling: Telling } {
  const story = storyOf(entry.story, entry.setUps);
  const { version } = entry;
  const contract = contractOf(story.product, version);
  const telling = new Telling({ story, version, target, contract, transport, redactor });
  for (const [name, value] of Object.entries(entry.names)) {
    const scope = new Map(telling.scope);
    scope.delete(name);
    telling.scope = bind(scope, { name, value, place: 'journal' });
  }
  for (const [step, { status, text }] of Object.entries(entry.answers)) {
    const answer = text === undefined ? {} : { body: JSON.parse(text) as Json, text };
    telling.recorded.set(step, { request: { headers: {} }, response: { status, headers: {}, ...answer } });
  }
  const { steps, refusals = [] } = story.sequence;
  const one: Pick<Step, 'undo'> | undefined =
    entry.refusal === undefined
      ? steps.find(({ id }) => id === entry.step)
      : refusals.find(({ id }) => id === entry.refusal);
  if (!one?.undo) throw new SuiteError(`${entry.story} no longer says how ${entry.step} is undone`);
  return { undo: one.undo, telling };
}
