import { failures } from './assertion.ts';
import { compare, compareUnprinted, missingLeaves, unify, unifyInto, type Excuses } from './compare.ts';
import type { Contract, Operation } from './contract.ts';
import { expressionsIn, isExpression, resolve, type Recorded } from './expression.ts';
import type { Basis, Finding } from './finding.ts';
import { at, brief, child, isObject, mapStrings, unordered, withValue, type Json } from './json.ts';
import { exactly, type Names, type Scope } from './names.ts';
import type { Condition, Expectation, Picked, Schema, Statement, StatusClaim } from './sequence.ts';
import { headerValues, mediaType, parseJson, type Came } from './transport.ts';

/** Everything that a judgement depends on: the same question and the same answer always give the same findings. */
export interface Question {
  step: string;
  contract: Contract;
  operation: Operation;
  expected: Expectation;
  statements: Statement[];
  excuses: Excuses;
  names: Names;
  scope: Scope;
  recorded: ReadonlyMap<string, Recorded>;
  /** Pointers that the version's own copy of the page does not show. */
  lost: string[];
}

/** What a statement came to. */
export interface StatementResult {
  says: string;
  basis: Basis;
  page?: string | undefined;
  outcome: 'held' | 'broken' | 'not applicable' | 'not testable';
}

export interface Judgement {
  findings: Finding[];
  statements: StatementResult[];
  scope: Scope;
  /** The body as JSON, where it is JSON. */
  json?: Json;
}

/** Judges one answer. Pure: nothing is sent, nothing is remembered. */
export function judge(question: Question, came: Came): Judgement {
  const { expected, names, excuses, step } = question;
  const basis = expected.basis ?? 'documented';
  const statuses = statusClaims(expected.status, basis);
  const parsed = parseJson(came.body);
  const json = 'json' in parsed ? parsed.json : undefined;
  const findings: Finding[] = [
    ...judgeStatus(statuses, came.status, json),
    ...judgeForm(question, came, json, 'problem' in parsed ? parsed.problem : undefined),
  ];
  let scope = question.scope;
  const asExpected = statuses.length === 0 || statuses.some((claim) => sameClass(claim.is, came.status));
  const statements: StatementResult[] = [];
  if (asExpected) {
    if (expected.body !== undefined) {
      if (json === undefined)
        findings.push({
          kind: 'body',
          where: 'body',
          expected: 'the printed JSON',
          came: 'problem' in parsed ? parsed.problem : 'nothing',
          basis,
        });
      else {
        findings.push(...compare(expected.body, json, names, excuses, basis));
        const unified = unify(expected.body, json, names, scope, excuses, step, basis);
        findings.push(...unified.findings);
        scope = unified.scope;
      }
    }
    if (json !== undefined) {
      const implied = judgeImplied({ ...question, scope }, came, json);
      findings.push(...implied.findings);
      scope = implied.scope;
    }
    for (const [name, printed] of Object.entries(expected.prints ?? {})) {
      const shown = { [name]: printed };
      const values = headerValues(came.headers, name);
      const header = values.length === 0 ? {} : { [name]: values.join(', ') };
      const unified = unify(shown, header, names, scope, excuses, `${step} header`, basis);
      findings.push(
        ...[...compare(shown, header, names, excuses, basis), ...unified.findings].map((finding) => ({
          ...finding,
          where: `header ${name}`,
        })),
      );
      scope = unified.scope;
    }
    for (const pick of expected.picks ?? []) {
      const picked = judgePick(pick, json, { ...question, scope }, basis);
      findings.push(...picked.findings);
      scope = picked.scope;
    }
    if (json !== undefined) findings.push(...compareUnprinted(expected.body, json, excuses, basis));
    if (expected.schema !== undefined)
      findings.push(...judgeSchema(expected.schema, json ?? null, { ...question, scope }, basis).findings);
    for (const [name, schema] of Object.entries(expected.headers ?? {}))
      findings.push(...judgeHeader(name, schema, came, { ...question, scope }, basis).findings);
    for (const statement of question.statements) {
      const result = judgeStatement(statement, came, json, { ...question, scope });
      findings.push(...result.findings);
      statements.push({
        says: statement.says,
        basis: statement.basis ?? 'documented',
        page: statement.page,
        outcome: result.outcome,
      });
    }
  }
  return { findings: tidy(findings, question.lost), statements, scope, ...(json === undefined ? {} : { json }) };
}

/** The claims on a status, each with its basis. */
export function statusClaims(status: Expectation['status'], basis: Basis): StatusClaim[] {
  return status === undefined
    ? []
    : [status].flat().map((one) => (typeof one === 'object' ? { basis, ...one } : { is: one, basis }));
}

function sameClass(claim: number | string, status: number): boolean {
  return String(claim)[0] === String(status)[0];
}

/** Whether a status fulfils `200` or `2XX`. */
export function fulfils(claim: number | string, status: number): boolean {
  return typeof claim === 'number'
    ? claim === status
    : claim.length === 3 && claim.endsWith('XX')
      ? sameClass(claim, status)
      : Number(claim) === status;
}

function judgeStatus(claims: StatusClaim[], status: number, json: Json | undefined): Finding[] {
  const message =
    isObject(json) && status >= 400 ? (json['message'] ?? json['error_description'] ?? json['error']) : undefined;
  return claims
    .filter((claim) => !fulfils(claim.is, status))
    .map((claim) => ({
      kind: 'status',
      where: 'status',
      expected: String(claim.is),
      came: typeof message === 'string' ? `${status} (${brief(message)})` : String(status),
      basis: claim.basis ?? 'documented',
    }));
}

/** Media type and schema, as the contract has them for the status that came. */
function judgeForm(
  { contract, operation }: Question,
  came: Came,
  json: Json | undefined,
  problem: string | undefined,
): Finding[] {
  const answer = contract.answer(operation, came.status);
  if (!answer)
    return [
      {
        kind: 'undocumented',
        where: 'status',
        expected: `one of ${contract
          .answers(operation)
          .map((one) => one.status)
          .join(', ')}`,
        came: String(came.status),
        basis: 'documented',
      },
    ];
  if (answer.media.length === 0)
    return came.body.length === 0
      ? []
      : [
          {
            kind: 'undocumented',
            where: 'body',
            expected: 'no body',
            came: `${came.body.length} bytes`,
            basis: 'documented',
          },
        ];
  if (came.body.length === 0)
    return [
      { kind: 'body', where: 'body', expected: answer.media.join(' or '), came: 'an empty body', basis: 'standard' },
    ];
  const media = mediaType(came.headers);
  const schema = media === undefined ? undefined : contract.answerSchema(operation, came.status, media);
  const findings: Finding[] = [];
  if (!answer.media.some((one) => one.toLowerCase() === media))
    findings.push({
      kind: 'media type',
      where: 'media type',
      expected: answer.media.join(' or '),
      came: media ?? 'absent',
      basis: 'standard',
    });
  if (json === undefined)
    return [
      ...findings,
      { kind: 'body', where: 'body', expected: 'JSON', came: problem ?? 'nothing', basis: 'standard' },
    ];
  const judged = schema ?? contract.answerSchema(operation, came.status, answer.media[0]?.toLowerCase() ?? '');
  if (!judged) return findings;
  const errors = contract.validate(judged, json);
  const nulls = idleNulls(contract, judged, json, errors);
  const said = nulls.reduce<Json>((value, pointer) => withValue(value, pointer, undefined) ?? null, json);
  for (const error of nulls.length === 0 ? errors : contract.validate(judged, said))
    findings.push({
      kind: 'contract',
      where: error.pointer,
      expected: error.expected,
      came: brief(at(json, error.pointer)),
      basis: error.basis,
    });
  for (const pointer of nulls)
    findings.push({
      kind: 'undocumented',
      where: pointer,
      expected: 'a value, or absent',
      came: 'null',
      basis: 'documented',
    });
  for (const pointer of contract.unnamed(judged, json))
    findings.push({
      kind: 'undocumented',
      where: pointer,
      expected: 'absent',
      came: brief(at(json, pointer)),
      basis: 'documented',
    });
  return findings;
}

/** Nulls that the contract has no word for, in place of members that may be absent: many servers write those so. */
function idleNulls(
  contract: Contract,
  schema: { file: string; pointer: string },
  json: Json,
  errors: ReturnType<Contract['validate']>,
): string[] {
  const known = new Set(errors.map((error) => `${error.pointer} ${error.expected}`));
  return [...new Set(errors.map((error) => error.pointer))].filter((pointer) => {
    if (at(json, pointer) !== null || !isObject(at(json, pointer.replace(/\/[^/]*$/, '')))) return false;
    const left = contract.validate(schema, withValue(json, pointer, undefined) ?? null);
    return left.length < errors.length && left.every((error) => known.has(`${error.pointer} ${error.expected}`));
  });
}

interface Statemented {
  findings: Finding[];
  outcome: StatementResult['outcome'];
}

function judgeStatement(statement: Statement, came: Came, json: Json | undefined, question: Question): Statemented {
  const basis = statement.basis ?? 'documented';
  if (statement.when && !applies(statement.when, question)) return { findings: [], outcome: 'not applicable' };
  const results: Statemented[] = [];
  if (statement.schema !== undefined) results.push(judgeSchema(statement.schema, json ?? null, question, basis));
  for (const holding of statement.holds ?? []) results.push(judgeHolding(holding, came, json, question, basis));
  if (statement.items) results.push(judgeItems(statement.items, came, json, question, basis));
  if (statement.counts) results.push(judgeCount(statement.counts, json, basis));
  for (const [name, schema] of Object.entries(statement.headers ?? {}))
    results.push(judgeHeader(name, schema, came, question, basis));
  const findings = results
    .flatMap((result) => result.findings)
    .map((finding) => ({
      ...finding,
      expected: `${finding.expected} (${statement.says})`,
      ...(statement.page ? { page: statement.page } : {}),
    }));
  const untestable = results.some((result) => result.outcome === 'not testable');
  return { findings, outcome: untestable ? 'not testable' : findings.length > 0 ? 'broken' : 'held' };
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

/** Expressions and name literals replaced by their values. */
function filled(
  value: Json,
  { names, scope, recorded }: Pick<Question, 'names' | 'scope' | 'recorded'>,
): { value: Json; missing: string[] } {
  const resolved = resolve(value, recorded);
  const missing = [...resolved.missing];
  const named = mapStrings(resolved.value, (text, pointer) => {
    const fill = names.fill(text, pointer.endsWith('/pattern') && names.mentions(text) ? literally(scope) : scope);
    missing.push(...fill.missing);
    return fill.text;
  });
  return { value: named, missing };
}

/** Values that stand for themselves in a regular expression. */
function literally(scope: Scope): Scope {
  return new Map([...scope].map(([name, one]) => [name, { ...one, value: exactly(one.value) }]));
}

/** Whether a condition on an earlier value holds. */
export function applies(condition: Condition, question: Pick<Question, 'names' | 'scope' | 'recorded'>): boolean {
  const value = filled(condition.value, question);
  const schema = filled(condition.matches, question);
  return (
    value.missing.length === 0 &&
    schema.missing.length === 0 &&
    failures(schema.value as never, value.value).length === 0
  );
}

/** What the contract builds from the request and from other members is what came, where no page prints the value itself. */
function judgeImplied(question: Question, came: Came, json: Json): { findings: Finding[]; scope: Scope } {
  const { contract, operation, names, excuses, step, recorded, expected } = question;
  const schema = contract.answerSchema(operation, came.status, mediaType(came.headers) ?? '');
  const findings: Finding[] = [];
  const scope = new Map(question.scope);
  if (!schema) return { findings, scope };
  const parameters = contract.parameters(operation, recorded.get(step)?.request.path ?? '');
  for (const { pointer, value, basis } of contract.implied(schema, json, parameters)) {
    if (excuses.has(pointer) || typeof at(expected.body, pointer) === 'string') continue;
    const own = { value };
    const shown = at(json, pointer) ?? null;
    const here = { value: typeof shown === 'string' && value.includes('://') ? encoded(shown) : shown };
    const unified = unifyInto(scope, own, here, names, new Map(), `${step} ${pointer}`, basis);
    for (const finding of [...compare(own, here, names, new Map(), basis), ...unified])
      findings.push({ ...finding, where: pointer });
  }
  return { findings, scope };
}

/** A URL with each segment of its path percent-encoded in one way: what may stand as it is may also be encoded (RFC 3986, 2.4). */
function encoded(url: string): string {
  const [, origin = '', path = ''] = /^([^/?#]*\/\/[^/?#]*)?([^?#]*)/.exec(url) ?? [];
  try {
    const segments = path.split('/').map((segment) => encodeURIComponent(decodeURIComponent(segment)));
    return origin + segments.join('/') + url.slice(origin.length + path.length);
  } catch {
    return url;
  }
}

/** Reads a name from the one item of a list that is known by another value. */
function judgePick(
  { name, from, where, is, value }: Picked,
  json: Json | undefined,
  question: Question,
  basis: Basis,
): { findings: Finding[]; scope: Scope } {
  const { names, scope, step } = question;
  const wanted = filled(is, question).value;
  const list = at(json, from);
  // What a page prints as a flag as well as in quotes is known by either.
  const text = (value: Json | undefined): Json | undefined => (typeof value === 'boolean' ? String(value) : value);
  const found = Array.isArray(list) ? list.filter((item) => text(at(item, where)) === wanted) : [];
  const [item] = found;
  const missing = (expected: string, came: Json | undefined): Finding[] => [
    { kind: 'state', where: from, expected, came: brief(came), basis },
  ];
  if (item === undefined || found.length > 1)
    return { findings: missing(`one item with ${where} ${brief(wanted)}`, list), scope };
  return unify(
    { [name]: name },
    { [name]: at(item, value) ?? null },
    names,
    scope,
    new Map(),
    `${step} ${from}`,
    basis,
  );
}

/** A header's values, joined, under a schema; an absent header is null. */
function judgeHeader(name: string, schema: Schema, came: Came, question: Question, basis: Basis): Statemented {
  const ready = filled(schema, question);
  if (ready.missing.length > 0) return untestable(ready.missing, basis);
  const values = headerValues(came.headers, name);
  const failed = failures(ready.value as Schema, values.length === 0 ? null : values.join(', '));
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

function judgeSchema(schema: Json, json: Json, question: Question, basis: Basis): Statemented {
  const ready = filled(schema, question);
  if (ready.missing.length > 0) return untestable(ready.missing, basis);
  const finding = (where: string, expected: string): Finding => ({
    kind: 'state',
    where,
    expected,
    came: brief(at(json, where)),
    basis,
  });
  try {
    return outcome(failures(ready.value as Schema, json).map(({ pointer, expected }) => finding(pointer, expected)));
  } catch (error) {
    // A schema that takes its bounds from an earlier answer does not compile when that answer has another type.
    const sources = expressionsIn(schema);
    if (sources.length === 0) throw error;
    return outcome([finding('', `something to compare with in ${sources.join(', ')}`)]);
  }
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
  if (ready.missing.length > 0) return untestable(ready.missing, basis);
  // What the sequence itself writes down is meant, named or not.
  const unnamed =
    typeof holding.value === 'string' && isExpression(holding.value)
      ? unnamedAt(holding.at ?? '', ready.value, came, json, question)
      : [];
  const except = [...(holding.except ?? []), ...unnamed];
  return outcome(
    missingLeaves(
      { ...holding, except, value: ready.value, members: isObject(members.value) ? Object.keys(members.value) : [] },
      json,
      basis,
    ),
  );
}

function judgeItems(
  claim: NonNullable<Statement['items']>,
  came: Came,
  json: Json | undefined,
  question: Question,
  basis: Basis,
): Statemented {
  const ready = resolve(claim.are, question.recorded);
  if (ready.missing.length > 0) return untestable(ready.missing, basis);
  const list = at(json, claim.at);
  if (!Array.isArray(list))
    return outcome([{ kind: 'state', where: claim.at, expected: 'a list', came: brief(list), basis }]);
  const expected = ready.value as Json[];
  const idOf = (item: Json): string => unordered(at(item, claim.by) ?? null);
  const findings: Finding[] = [];
  for (const one of expected) {
    const found = list.filter((item) => idOf(item) === idOf(one));
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
      findings.push(
        ...missingLeaves(
          { value: one, at: place, except: ['/_links', ...unnamedAt(place, one, came, json, question)] },
          json,
          basis,
        ),
        // Which links an item of a list carries is its own affair; those that it shares with the resource are the same.
        ...missingLeaves({ value: sharedLinks(one, found[0] as Json), at: place }, json, 'assumed'),
      );
    }
  }
  for (const [index, item] of list.entries())
    if (claim.others === undefined && !expected.some((one) => idOf(one) === idOf(item)))
      findings.push({
        kind: 'state',
        where: `${claim.at}/${index}`,
        expected: 'no item but those that were created',
        came: brief(at(item, claim.by)),
        basis,
      });
  return outcome(findings);
}

/** Pointers at members of an earlier value that the contract does not name at a place: nothing says that they are shown there too. */
function unnamedAt(
  place: string,
  item: Json,
  came: Came,
  json: Json | undefined,
  { contract, operation }: Question,
): string[] {
  const schema = contract.answerSchema(operation, came.status, mediaType(came.headers) ?? '');
  const list = withValue(json, place, item);
  // Of a value that is wrong altogether nobody can tell which members have a name.
  if (!schema || list === undefined || contract.validate(schema, list).length > 0) return [];
  return contract
    .unnamed(schema, list)
    .flatMap((pointer) => (pointer.startsWith(`${place}/`) ? [pointer.slice(place.length)] : []));
}

function sharedLinks(one: Json, item: Json): Json {
  const links = at(one, '/_links');
  const shared = isObject(links) ? Object.entries(links).filter(([name]) => at(item, child('/_links', name))) : [];
  return shared.length === 0 ? {} : { _links: Object.fromEntries(shared) };
}

/** One finding for each place and kind; what a lossy copy does not show is our reading of the whole one. */
function tidy(findings: Finding[], lost: string[]): Finding[] {
  const seen = new Set<string>();
  return findings.flatMap((finding) => {
    const key = `${finding.kind} ${finding.where} ${finding.expected}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const shown = !lost.some((pointer) => finding.where === pointer || finding.where.startsWith(`${pointer}/`));
    return [shown ? finding : { ...finding, basis: 'assumed' as const }];
  });
}
