import { contractOf } from '../contract.ts';
import { entriesOf } from '../coverage.ts';
import type { Conformance, StatementEntry, StoryEntry } from './document.ts';
import type { Shape } from './shape.ts';

/** How much a difference matters to a client that was written for the server as it was. */
export type Rating = 'breaking' | 'additive' | 'neutral';

/** The rules: each kind of difference has one rating. docs/comparing.md says them in a table, and a spec holds each. */
export const RULES = {
  'statement-broke': 'breaking',
  'statement-fixed': 'additive',
  'statement-untestable': 'neutral',
  'statement-testable': 'neutral',
  'statement-appeared': 'neutral',
  'statement-disappeared': 'neutral',
  'feature-lost': 'breaking',
  'feature-gained': 'additive',
  'status-class-changed': 'breaking',
  'status-changed': 'neutral',
  'media-type-changed': 'breaking',
  'header-vanished': 'neutral',
  'header-with-meaning-vanished': 'breaking',
  'header-appeared': 'additive',
  'member-vanished': 'breaking',
  'member-appeared': 'additive',
  'type-changed': 'breaking',
  'type-narrowed': 'neutral',
  'became-null': 'breaking',
  'constant-changed': 'breaking',
  'error-code-changed': 'breaking',
  'contract-entry-vanished': 'breaking',
  'contract-entry-appeared': 'additive',
} as const satisfies Record<string, Rating>;
export type Rule = keyof typeof RULES;

export interface Difference {
  rule: Rule;
  rating: Rating;
  /** `behaviour`: what the servers did; `contract`: what their documentation promises. */
  of: 'behaviour' | 'contract';
  /** The statement, or the entry of a contract. */
  where: string;
  /** JSON Pointer into the answer, `status`, `media type` or a header, where it is about one. */
  at?: string;
  says?: string;
  page?: string;
  before: string;
  after: string;
}

/** Headers that a client acts upon (RFC 9110, RFC 6265, RFC 6585). */
const MEANING = /^(location|set-cookie|www-authenticate|retry-after|etag|allow|cache-control|link|content-range)$/;

/** What the contract of a version names, each entry with the one it stands below. */
type Promised = (product: string, version: string) => ReadonlyMap<string, string | undefined>;

function entriesOfVersion(product: string, version: string): ReturnType<Promised> {
  return entriesOf(contractOf(product, version));
}

const HELD = new Set(['held', 'tolerated']);
const UNSEEN = new Set(['skipped', 'not testable', 'not applicable']);

/** Every difference between two runs, the breaking ones first; the same two documents always give the same list. */
export function differences(
  before: Conformance,
  after: Conformance,
  promised: Promised = entriesOfVersion,
): Difference[] {
  const all = [...pairs(before, after).flatMap(ofStories), ...ofContracts(before, after, promised)];
  const ratings: Rating[] = ['breaking', 'additive', 'neutral'];
  return all.sort((a, b) => ratings.indexOf(a.rating) - ratings.indexOf(b.rating));
}

interface Pair<T> {
  before: T | undefined;
  after: T | undefined;
}

/** The stories of both sides by their id; where a story was told in several versions, version by version in order. */
function pairs(before: Conformance, after: Conformance): Pair<StoryEntry>[] {
  const ids = [...new Set([...before.stories, ...after.stories].map((story) => story.id))].sort();
  return ids.flatMap((id) => {
    const [old, now] = [before, after].map((side) => side.stories.filter((story) => story.id === id));
    const same = (old ?? []).filter((one) => now?.some((other) => other.version === one.version));
    // One version each side: an upgrade. Otherwise like is held against like.
    if (same.length === 0) return [{ before: old?.at(-1), after: now?.at(-1) }];
    const versions = [...new Set([...(old ?? []), ...(now ?? [])].map((one) => one.version))];
    return versions.map((version) => ({
      before: old?.find((one) => one.version === version),
      after: now?.find((one) => one.version === version),
    }));
  });
}

function made(
  rule: Rule,
  statement: Pick<StatementEntry, 'id' | 'says' | 'page'>,
  before: string,
  after: string,
  at?: string,
): Difference {
  const { id, says, page } = statement;
  return {
    rule,
    rating: RULES[rule],
    of: 'behaviour',
    where: id,
    ...(at === undefined ? {} : { at }),
    says,
    page,
    before,
    after,
  };
}

function ofStories({ before, after }: Pair<StoryEntry>): Difference[] {
  const story = (after ?? before) as StoryEntry;
  const whole = { id: story.id, says: story.title, page: story.statements[0]?.page ?? '' };
  const [gone, untold] = [untoldBecause(before), untoldBecause(after)];
  if (gone !== undefined && untold !== undefined) return [];
  if (untold !== undefined) return [made('feature-lost', whole, 'told', untold)];
  if (gone !== undefined) return [made('feature-gained', whole, gone, 'told')];
  const old = new Map((before?.statements ?? []).map((one) => [one.id, one]));
  const now = new Map((after?.statements ?? []).map((one) => [one.id, one]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => ofStatements(old.get(id), now.get(id)));
}

/** Why a story was not told; undefined where it was. */
function untoldBecause(story: StoryEntry | undefined): string | undefined {
  return story ? story.skipped?.reason : 'not told';
}

function ofStatements(before: StatementEntry | undefined, after: StatementEntry | undefined): Difference[] {
  if (!after) return before ? [made('statement-disappeared', before, before.outcome, 'not there')] : [];
  if (!before) return [made('statement-appeared', after, 'not there', after.outcome)];
  const also = after.also.flatMap((one) => {
    const old = before.also.find((other) => other.id === one.id);
    return old?.says === one.says ? turned(one, old.outcome, one.outcome) : [];
  });
  return [...turned(after, before.outcome, after.outcome), ...also, ...ofAnswers(after, before.answer, after.answer)];
}

function turned(statement: Pick<StatementEntry, 'id' | 'says' | 'page'>, before: string, after: string): Difference[] {
  if (before === after) return [];
  const one = (rule: Rule): Difference[] => [made(rule, statement, before, after)];
  if (UNSEEN.has(after)) return UNSEEN.has(before) ? [] : one('statement-untestable');
  if (UNSEEN.has(before)) return after === 'broken' ? one('statement-broke') : one('statement-testable');
  if (HELD.has(before) === HELD.has(after)) return [];
  return one(after === 'broken' ? 'statement-broke' : 'statement-fixed');
}

function ofAnswers(statement: StatementEntry, before: Shape | undefined, after: Shape | undefined): Difference[] {
  if (!before || !after) return [];
  const found: Difference[] = [];
  const add = (rule: Rule, at: string, old: string, now: string): void => {
    found.push(made(rule, statement, old, now, at));
  };
  if (before.status !== after.status) {
    const sameClass = Math.floor(before.status / 100) === Math.floor(after.status / 100);
    add(sameClass ? 'status-changed' : 'status-class-changed', 'status', String(before.status), String(after.status));
    // An error beside a success has no member in common: that it is another answer says it all.
    if (!sameClass) return found;
  }
  if (before.media !== after.media)
    add('media-type-changed', 'media type', before.media ?? 'none', after.media ?? 'none');
  for (const name of before.headers.filter((one) => !after.headers.includes(one)))
    add(MEANING.test(name) ? 'header-with-meaning-vanished' : 'header-vanished', `header ${name}`, 'there', 'absent');
  for (const name of after.headers.filter((one) => !before.headers.includes(one)))
    add('header-appeared', `header ${name}`, 'absent', 'there');
  for (const pointer of new Set([...Object.keys(before.members), ...Object.keys(after.members)]))
    ofMembers(pointer, before, after, add);
  return found;
}

function ofMembers(
  pointer: string,
  before: Shape,
  after: Shape,
  add: (rule: Rule, at: string, before: string, after: string) => void,
): void {
  const old = before.members[pointer];
  const now = after.members[pointer];
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  // Below something that is gone, or new, or of another type, nothing more is said.
  const told = (side: Shape): boolean => pointer === '' || side.members[parent] !== undefined;
  if (!old || !now) {
    if (!now && old && told(after) && !isEmptied(parent, after))
      add('member-vanished', pointer, old.types.join(' or '), 'absent');
    if (!old && now && told(before) && !isEmptied(parent, before))
      add('member-appeared', pointer, 'absent', now.types.join(' or '));
    return;
  }
  const [types, newer] = [old.types.join(' or '), now.types.join(' or ')];
  if (types !== newer) {
    const added = now.types.filter((type) => !old.types.includes(type));
    if (added.length === 0) add('type-narrowed', pointer, types, newer);
    else add(added.every((type) => type === 'null') ? 'became-null' : 'type-changed', pointer, types, newer);
  } else if (old.constant !== undefined && now.constant !== undefined) {
    const [was, is] = [JSON.stringify(old.constant), JSON.stringify(now.constant)];
    if (was !== is) add(after.status >= 400 ? 'error-code-changed' : 'constant-changed', pointer, was, is);
  }
}

/** Whether a list that had no items on that side is the parent: of its items nothing is known there. */
function isEmptied(parent: string, side: Shape): boolean {
  const types = side.members[parent]?.types ?? [];
  return types.includes('array') && side.members[`${parent}/*`] === undefined;
}

/** What the contracts of two versions of a product promise differently. */
function ofContracts(before: Conformance, after: Conformance, promised: Promised): Difference[] {
  const products = [...new Set(after.coverage.map(({ product }) => product))];
  return products.flatMap((product) => {
    const [old, now] = [before, after].map(({ coverage }) => coverage.filter((one) => one.product === product));
    const [one] = old ?? [];
    const [other] = now ?? [];
    if (!one || !other || old?.length !== 1 || now?.length !== 1 || one.version === other.version) return [];
    const was = promised(product, one.version);
    const is = promised(product, other.version);
    const lacking = (entries: typeof was, than: typeof was): string[] =>
      [...entries]
        .filter(([entry, above]) => !than.has(entry) && (above === undefined || than.has(above)))
        .map(([entry]) => entry);
    const difference = (rule: Rule, where: string, old: string, now: string): Difference => ({
      rule,
      rating: RULES[rule],
      of: 'contract',
      where: `${product} ${where}`,
      before: old,
      after: now,
    });
    return [
      ...lacking(was, is).map((entry) =>
        difference('contract-entry-vanished', entry, `in ${one.version}`, `not in ${other.version}`),
      ),
      ...lacking(is, was).map((entry) =>
        difference('contract-entry-appeared', entry, `not in ${one.version}`, `in ${other.version}`),
      ),
    ];
  });
}
