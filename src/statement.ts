import { disagreements } from './agreement.ts';
import { candidates, nearest, withItem } from './among.ts';
import { failures } from './assertion.ts';
import { missingLeaves, type Held } from './compare.ts';
import { isExpression, stepOf } from './expression.ts';
import type { Basis, Finding } from './finding.ts';
import { at, brief, child, isObject, unordered, type Json, type JsonObject } from './json.ts';
import { tokenAt } from './jwt.ts';
import type { Question, StatementResult } from './judge.ts';
import type { PrintedText, Schema } from './printed.ts';
import type { Condition, Holding, Statement } from './sequence.ts';
import { offShare, shareOf } from './share.ts';
import { filled, type Known } from './template.ts';
import { headerValues, type Came } from './transport.ts';
import { unnamedAt, unnamedFrom } from './unnamed.ts';

export interface Statemented {
  findings: Finding[];
  outcome: StatementResult['outcome'];
}

export function judgeStatement(
  statement: Statement,
  came: Came,
  body: Json | undefined,
  question: Question,
): Statemented {
  const basis = statement.basis ?? 'documented';
  if (statement.when && !applies(statement.when, question)) return NOT_APPLICABLE;
  const json = statement.token === undefined ? body : tokenAt(statement.token, body, came);
  if (statement.among) return judgeAmong(statement, statement.among, came, json, question);
  const results: Statemented[] = [];
  if (statement.schema !== undefined) results.push(judgeSchema(statement.schema, json ?? null, question, basis));
  for (const holding of statement.holds ?? []) results.push(judgeHolding(holding, came, json, question, basis));
  if (statement.items) results.push(judgeItems(statement.items, came, json, question, basis));
  if (statement.agrees) {
    const { with: other, ...claim } = statement.agrees;
    const list = filled(other, question);
    results.push(list.missing.length > 0 ? NOT_APPLICABLE : outcome(disagreements(claim, list.value, json, basis)));
  }
  if (statement.share) results.push(judgeShare(statement.share, json, question, basis));
  if (statement.counts) results.push(judgeCount(statement.counts, json, basis));
  for (const [name, schema] of Object.entries(statement.headers ?? {}))
    results.push(judgeHeader(name, schema, came, question, basis));
  const findings = results
    .flatMap((result) => result.findings)
    .map((finding) => ({
      ...finding,
      where: (statement.token ?? '') + finding.where,
      expected: `${finding.expected} (${statement.says})`,
      ...(statement.page ? { page: statement.page } : {}),
    }));
  if (results.length > 0 && results.every((result) => result.outcome === 'not applicable')) return NOT_APPLICABLE;
  const untestable = results.some((result) => result.outcome === 'not testable');
  return { findings, outcome: untestable ? 'not testable' : findings.length > 0 ? 'broken' : 'held' };
}

const NOT_APPLICABLE: Statemented = { findings: [], outcome: 'not applicable' };

/** A statement that holds for one of several values. Where there is none that it could be said of, it says nothing. */
function judgeAmong(
  { among: _, ...statement }: Statement,
  { items, at: pointers, matches = true }: NonNullable<Statement['among']>,
  came: Came,
  json: Json | undefined,
  question: Question,
): Statemented {
  const list = filled(items, question);
  if (list.missing.length + filled(matches, question).missing.length > 0) return NOT_APPLICABLE;
  const results = candidates(list.value, pointers, (one) => failures(matches, one, question).length === 0)
    .map((item) => judgeStatement(statement, came, json, { ...question, recorded: withItem(question.recorded, item) }))
    .filter((one) => one.outcome !== 'not applicable');
  return nearest(results) ?? NOT_APPLICABLE;
}

/** A number that tells which share of an object's properties has a value, as far as that follows. */
function judgeShare(
  { at: place, of, in: parts, whole = 100, within, ...counting }: NonNullable<Statement['share']>,
  json: Json | undefined,
  question: Question,
  basis: Basis,
): Statemented {
  const properties = filled(of, question);
  const values = filled(parts, question);
  const objects = Array.isArray(values.value) ? values.value.filter(isObject) : [];
  if (values.missing.length > 0 || !isObject(properties.value)) return NOT_APPLICABLE;
  const bounds = shareOf(properties.value, Object.assign({}, ...objects) as JsonObject, counting);
  const value = at(json, place);
  const expected = bounds && offShare(value, bounds, whole, within);
  if (expected === undefined) return bounds ? outcome([]) : NOT_APPLICABLE;
  return outcome([{ kind: 'state', where: place, expected, came: brief(value), basis }]);
}

function outcome(findings: Finding[]): Statemented {
  return { findings, outcome: findings.length > 0 ? 'broken' : 'held' };
}

function untestable(missing: string[], basis: Basis): Statemented {
  return {
    findings: [
      {
        kind: 'not testable',
        where: 'body',
        expected: `a value for ${[...new Set(missing)].join(', ')}`,
        came: 'no earlier step gave one',
        basis,
      },
    ],
    outcome: 'not testable',
  };
}

/** Whether a condition on an earlier value holds. */
export function applies(condition: Condition, known: Known): boolean {
  const value = filled(condition.value, known);
  const missing = [...value.missing, ...filled(condition.matches, known).missing];
  return missing.length === 0 && failures(condition.matches, value.value, known).length === 0;
}

/** A header's values, joined, under a schema; an absent header is null. */
export function judgeHeader(name: string, schema: Schema, came: Came, question: Question, basis: Basis): Statemented {
  const { missing } = filled(schema, question);
  if (missing.length > 0) return untestable(missing, basis);
  const values = headerValues(came.headers, name);
  const failed = failures(schema, values.length === 0 ? null : values.join(', '), question);
  const shown = values.length === 0 ? 'absent' : 'another value';
  return outcome(
    failed.map(({ expected }) => ({ kind: 'header', where: `header ${name}`, expected, came: shown, basis })),
  );
}

function judgeCount(claim: NonNullable<Statement['counts']>, json: Json | undefined, basis: Basis): Statemented {
  const list = at(json, claim.of);
  const count = at(json, claim.at);
  const expected = Array.isArray(list) ? list.length : 'the length of a list';
  return outcome(
    count === expected
      ? []
      : [{ kind: 'state', where: claim.at, expected: String(expected), came: brief(count), basis }],
  );
}

export function judgeSchema(schema: Schema, json: Json, question: Question, basis: Basis): Statemented {
  const { missing } = filled(schema, question);
  if (missing.length > 0) return untestable(missing, basis);
  return outcome(
    failures(schema, json, question).map(({ pointer, expected }) => ({
      kind: 'state',
      where: pointer,
      expected,
      came: brief(at(json, pointer)),
      basis,
    })),
  );
}

function judgeHolding(
  holding: NonNullable<Statement['holds']>[number],
  came: Came,
  json: Json | undefined,
  question: Question,
  basis: Basis,
): Statemented {
  const ready = filled(holding.value, question);
  const members =
    holding.exceptMembersOf === undefined
      ? { value: {} as Json, missing: [] }
      : filled(holding.exceptMembersOf, question);
  if (ready.missing.length > 0) return holding.optional ? outcome([]) : untestable(ready.missing, basis);
  const { exceptMembersOf: _, ...rest } = holding;
  const held: Held = {
    ...rest,
    value: ready.value,
    members: isObject(members.value) ? Object.keys(members.value) : [],
  };
  // What the sequence itself writes down is meant, named or not.
  const isMeant = typeof holding.value !== 'string' || !isExpression(holding.value);
  return outcome(
    isMeant ? missingLeaves(held, json, basis) : missingNamed(held, holding.value, came, json, question, basis),
  );
}

/**
 * Leaves of an earlier value that do not stand in a body, but for those that the contract has no name for: at that place, or
 * in the answer that they are from.
 */
function missingNamed(
  held: Held,
  expression: Holding['value'],
  came: Came,
  json: Json | undefined,
  question: Question,
  basis: Basis,
): Finding[] {
  const missing = missingLeaves(held, json, basis);
  if (missing.length === 0) return [];
  const unnamed = [
    ...unnamedAt(held.at ?? '', held.value, came, json, question),
    ...(typeof expression === 'string' ? unnamedFrom(expression, question) : []),
  ];
  return missingLeaves({ ...held, except: [...(held.except ?? []), ...unnamed] }, json, basis);
}

function judgeItems(
  claim: NonNullable<Statement['items']>,
  came: Came,
  json: Json | undefined,
  question: Question,
  basis: Basis,
): Statemented {
  const ready = filled(claim.are, question);
  if (ready.missing.length > 0) return untestable(ready.missing, basis);
  const list = at(json, claim.at);
  if (!Array.isArray(list))
    return outcome([{ kind: 'state', where: claim.at, expected: 'a list', came: brief(list), basis }]);
  const expected = ready.value as Json[];
  const idOf = (item: Json): string => unordered(at(item, claim.by) ?? null);
  const ids = list.map(idOf);
  const wanted = expected.map(idOf);
  const findings: Finding[] = [];
  for (const [index, one] of expected.entries()) {
    const found = list.filter((_, other) => ids[other] === wanted[index]);
    if (found.length !== 1)
      findings.push({
        kind: 'state',
        where: claim.at,
        expected: `exactly one item with ${claim.by} ${brief(at(one, claim.by))}`,
        came: `${found.length} of ${list.length} items`,
        basis,
      });
    else {
      const place = `${claim.at}/${list.indexOf(found[0] as Json)}`;
      const missing = missingNamed(
        { value: one, at: place, except: ['/_links'] },
        claim.are[index] as PrintedText,
        came,
        json,
        question,
        basis,
      );
      const sent = sentFor(claim.are[index] as PrintedText, one, question);
      findings.push(
        ...missing.map((finding) =>
          at(json, finding.where) === undefined && at(sent, finding.where.slice(place.length)) === undefined
            ? { ...finding, basis: 'assumed' as const }
            : finding,
        ),
        // Which links an item of a list carries is its own affair; those that it shares with the resource are the same.
        ...missingLeaves({ value: sharedLinks(one, found[0] as Json), at: place }, json, 'assumed'),
      );
    }
  }
  const others = besides(claim.others, question);
  for (const [index, item] of list.entries())
    if (others && ![...wanted, ...others.map(idOf)].includes(ids[index] as string))
      findings.push({
        kind: 'state',
        where: `${claim.at}/${index}`,
        expected: 'no item but those that were created',
        came: brief(at(item, claim.by)),
        basis,
      });
  return outcome(findings);
}

/** The items that a list may have besides, or undefined where it may have any. */
function besides(others: PrintedText | undefined, question: Question): Json[] | undefined {
  if (others === undefined) return [];
  if (!isExpression(others)) return undefined;
  const list = filled(others, question).value;
  return Array.isArray(list) ? list : [];
}

/** What the client sent for an item: a list need not show a member that the client did not send. */
function sentFor(expression: string, item: Json, { recorded }: Question): Json | undefined {
  const whole = expression.endsWith('.response.body');
  return whole ? recorded.get(stepOf(expression) ?? '')?.request.body : item;
}

function sharedLinks(one: Json, item: Json): Json {
  const links = at(one, '/_links');
  const shared = isObject(links) ? Object.entries(links).filter(([name]) => at(item, child('/_links', name))) : [];
  return shared.length === 0 ? {} : { _links: Object.fromEntries(shared) };
}
