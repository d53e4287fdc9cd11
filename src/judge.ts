import { compare, compareUnprinted, unify, unifyText, type Excuses } from './compare.ts';
import type { Contract, Operation } from './contract.ts';
import type { Recorded } from './expression.ts';
import { judgeFields } from './fields.ts';
import type { Basis, Finding } from './finding.ts';
import { at, brief, type Json } from './json.ts';
import { isName, literally, type Binding, type Names, type Scope } from './names.ts';
import { Live } from './printed.ts';
import type { Expectation, Picked, Statement } from './sequence.ts';
import { filled } from './template.ts';
import { headerValues, mediaType, parseJson, type Came } from './transport.ts';
import { judgeForm, judgeStatus, sameClass, statusClaims } from './form.ts';
import { judgeHeader, judgeSchema, judgeStatement } from './statement.ts';

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
    ...judgeFields(came),
    ...judgeRepeated(parsed),
  ];
  const scope = new Map(question.scope);
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
        findings.push(...unify(scope, expected.body, json, names, excuses, step, basis));
      }
    }
    if (json !== undefined) findings.push(...judgeImplied(question, scope, came, json));
    for (const [name, printed] of Object.entries(expected.prints ?? {})) {
      const shown = { [name]: printed };
      const values = headerValues(came.headers, name);
      const header = values.length === 0 ? {} : { [name]: values.join(', ') };
      const unified = unify(scope, shown, header, names, excuses, `${step} header`, basis);
      findings.push(
        ...[...compare(shown, header, names, excuses, basis), ...unified].map((finding) => ({
          ...finding,
          where: `header ${name}`,
        })),
      );
    }
    for (const pick of expected.picks ?? []) findings.push(...judgePick(pick, json, question, scope, basis));
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

/** Names should be unique (RFC 8259, 4): a server that repeats one breaks no rule, and is understood in more than one way. */
function judgeRepeated(parsed: ReturnType<typeof parseJson>): Finding[] {
  if (!('json' in parsed) || parsed.repeated === undefined) return [];
  const came = `'${parsed.repeated}' more than once in one object`;
  return [{ kind: 'body', where: 'body', expected: 'each member once', came, basis: 'assumed' }];
}

/** What the contract builds from the request and from other members is what came, where no page prints the value itself. */
function judgeImplied(question: Question, scope: Map<string, Binding>, came: Came, json: Json): Finding[] {
  const { contract, operation, names, excuses, step, recorded, expected } = question;
  const schema = contract.answerSchema(operation, came.status, mediaType(came.headers) ?? '');
  const findings: Finding[] = [];
  if (!schema) return findings;
  const parameters = contract.parameters(operation, recorded.get(step)?.request.path ?? '');
  for (const { pointer, pieces, basis } of contract.implied(schema, json, parameters)) {
    if (excuses.has(pointer) || typeof at(expected.body, pointer) === 'string') continue;
    const parts = pieces.flatMap((piece) => (piece instanceof Live ? [piece] : names.parts(piece)));
    const printed = literally(parts);
    const shown = at(json, pointer);
    const here = typeof shown === 'string' && printed.includes('://') ? encoded(shown) : shown;
    const differs: Finding = {
      kind: 'printed value',
      where: pointer,
      expected: brief(printed),
      came: brief(shown),
      basis,
    };
    if (typeof here === 'string' && parts.some(isName)) {
      const misfits = unifyText(scope, parts, here, names, `${step} ${pointer}`);
      findings.push(...misfits.map((misfit) => ({ ...misfit, where: pointer, basis })));
    } else if (here !== printed) findings.push(differs);
  }
  return findings;
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
  scope: Map<string, Binding>,
  basis: Basis,
): Finding[] {
  const { names, step } = question;
  const wanted = filled(is, { ...question, scope }).value;
  const list = at(json, from);
  // What a page prints as a flag as well as in quotes is known by either.
  const text = (value: Json | undefined): Json | undefined => (typeof value === 'boolean' ? String(value) : value);
  const found = Array.isArray(list) ? list.filter((item) => text(at(item, where)) === wanted) : [];
  const [item] = found;
  const missing = (expected: string, came: Json | undefined): Finding[] => [
    { kind: 'state', where: from, expected, came: brief(came), basis },
  ];
  if (item === undefined || found.length > 1) return missing(`one item with ${where} ${brief(wanted)}`, list);
  const shown = { [name]: at(item, value) ?? null };
  return unify(scope, { [name]: name }, shown, names, new Map(), `${step} ${from}`, basis);
}

/** Findings of one answer that are told: nobody reads more. */
const MOST = 200;

/** One finding for each place and kind; what a lossy copy does not show is our reading of the whole one. */
function tidy(findings: Finding[], lost: string[]): Finding[] {
  const seen = new Set<string>();
  const rest = findings.slice(MOST);
  const gravest = rest.find(({ kind, basis }) => kind !== 'undocumented' && basis !== 'assumed') ?? rest[0];
  const kept = findings.slice(0, MOST);
  if (gravest)
    kept.push({ ...gravest, where: 'body', expected: 'nothing else to be found', came: `${rest.length} more` });
  return kept.flatMap((finding) => {
    const key = `${finding.kind} ${finding.where} ${finding.expected}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const shown = !lost.some((pointer) => finding.where === pointer || finding.where.startsWith(`${pointer}/`));
    return [shown ? finding : { ...finding, basis: 'assumed' as const }];
  });
}
