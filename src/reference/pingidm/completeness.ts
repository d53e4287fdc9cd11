import { notFound, Refusal } from './refusal.ts';
import { objectRevision, type User } from './users.ts';
import { otherUser, type Handler, type World } from './world.ts';

/**
 * How much of a profile is filled in, in per cent.
 * @returns `_id` (the object's path), `_rev` and `completeness`
 * @throws Refusal 404 for a user that does not exist
 * Source: self-service-reference, profile-rest-flow, "Viewing profile completeness"
 */
export const completeness: Handler = (world, { resource, operation }, match) => {
  const { fault } = world;
  if (operation !== 'read') throw new Refusal(501, 'Not Implemented');
  const id = match[1] ?? '';
  const user = world.users.get(id);
  if (user === undefined && !fault('completeness-of-unknown-user')) throw notFound(resource);
  const value = user === undefined ? 0 : measured(world, user);
  const _id = `managed/user/${fault('completeness-id-wrong') && user ? otherUser(world, user).id : id}`;
  const content = { _id, completeness: fault('completeness-as-text') ? String(value) : value };
  const _rev = objectRevision(content);
  return { status: 200, headers: { ETag: `"${_rev}"` }, body: { _id, _rev, completeness: content.completeness } };
};

function measured(world: World, user: User): number {
  const { fault } = world;
  if (fault('completeness-constant')) return singlePrecision(300 / 7);
  const owner = fault('completeness-of-another-user') ? otherUser(world, user) : user;
  const held: Record<string, unknown> = { ...owner.attributes, password: owner.password };
  if (fault('completeness-not-updated')) Object.assign(held, { telephoneNumber: null }, owner.original);
  const counted = Object.entries(world.schema)
    .filter(([, { userEditable }]) => userEditable || fault('completeness-counts-non-editable'))
    .filter(([, { viewable }]) => viewable || fault('completeness-counts-hidden'))
    .map(([name]) => name);
  const filled = counted.filter((name) => (held[name] ?? null) !== null || fault('completeness-counts-null'));
  const share = (fault('completeness-inverse') ? counted.length - filled.length : filled.length) / counted.length;
  const completed = Object.keys(user.meta.stagesCompleted).length > 0;
  if (fault('completeness-full-after-form') && completed) return 100;
  if (fault('completeness-rounded')) return Math.round(100 * share);
  return singlePrecision(fault('completeness-scaled-to-one') ? share : 100 * share);
}

/** The number as a 32-bit float prints: the fewest digits that lead back to it. */
function singlePrecision(value: number): number {
  const float = Math.fround(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return Number(float.toPrecision(9));
}
