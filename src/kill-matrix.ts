import { alterations, WAYS, type Alteration, type Way } from './alterations.ts';
import type { Contract } from './contract.ts';
import { didYouMean } from './errors.ts';
import { expressionsIn, stepOf, type Recorded } from './expression.ts';
import { gradeOf, type Finding, type Kind } from './finding.ts';
import { at, isObject, leaves, type Json } from './json.ts';
import { fulfils, statusClaims } from './form.ts';
import { judge, type Judgement, type Question } from './judge.ts';
import { kindOf, type Scope } from './names.ts';
import { rehearse, type Mode } from './rehearsal.ts';
import type { Printed } from './printed.ts';
import { build, draftOf } from './request.ts';
import type { Step, Story } from './sequence.ts';
import { headerValues, mediaType, parseJson, type Came } from './transport.ts';
import { freeIn, type Free } from './walk.ts';

/** One answered step of a story that was told, with everything that its answer was judged by. */
interface Told {
  step: Step;
  question: Question;
  came: Came;
  /** Ids of the earlier steps that something said of this one looks at. */
  looksAt: Set<string>;
  /** Ids of the earlier steps that its request takes something from, and the request as it was sent. */
  takesFrom: Set<string>;
  sent: string;
}

/** How many steps there are to one whose answer is altered by sample. */
const STEPS = 8;

/** Bytes of an answer that is still altered by sample. */
const LARGEST = 65_536;

/** Ways that leave every member where it was, or take one away. */
const TAKEN_AWAY: Way[] = ['member removed', 'member renamed'];

/** The columns of the kill matrix: what found an alteration; several may find one. */
export const COLUMNS = [
  'status',
  'media type',
  'header',
  'body',
  'contract',
  'printed value',
  'unification',
  'state',
  'later answer',
  'later request',
  'reported',
] as const;
export type Column = (typeof COLUMNS)[number];

/** How many alterations of a way there are, how many each column found, and what became of the others. */
export type Row = Record<Column | 'alterations' | 'found' | 'notices' | 'excused' | 'free form' | 'survived', number>;
export type KillMatrix = Record<Way, Row>;

/** An alteration that nothing found. */
export interface Survivor {
  step: string;
  /** Line of the sequence's file. */
  line: number;
  pointer: string;
  ways: string[];
}

/** An excuse of the sequence, and how many alterations survive because of it. */
export interface UsedExcuse {
  step: string;
  excuse: string;
  because: string;
  alterations: number;
}

/** What the proof came to for one story, version and mode. */
export interface Proof {
  story: string;
  version: string;
  mode: Mode;
  matrix: KillMatrix;
  /** Findings of answers that nobody altered: there must be none. */
  unaltered: string[];
  survivors: Survivor[];
  excuses: UsedExcuse[];
  /** Excuses that no alteration needs, each with the nearest pointer. */
  stale: string[];
  /** Answers that were refused though nothing but a member was added: there must be none. */
  refused: string[];
}

/** Listens to a story as it is told, and then alters what came: all of it, or one alteration in so many. */
export class Witness {
  readonly #heard: [Step, Question, Came][] = [];
  readonly #story: Story;

  constructor(story: Story) {
    this.#story = story;
  }

  /** To be handed to the teller. */
  judged = (question: Question, came: Came): void => {
    const step = this.#story.sequence.steps.find((one) => one.id === question.step);
    if (step && saysSomething(step)) this.#heard.push([step, question, came]);
  };

  /** @param every 1 for the whole proof; 25 tries one alteration in 25, of the answers to one step in eight */
  prove(version: string, mode: Mode, contract: Contract, every = 1): Proof {
    const told = this.#heard.map(([step, question, came]) => toldOf(step, question, came));
    return new Prover(this.#story, version, mode, contract, told, every).prove();
  }
}

/** Tells a story, alters every answer in every way, and judges each altered answer, and what follows, again. */
export async function prove(story: Story, version: string, mode: Mode): Promise<Proof> {
  const witness = new Witness(story);
  const { contract } = await rehearse(story, version, mode, { judged: witness.judged });
  return witness.prove(version, mode, contract);
}

/** What is only read to hold other answers to it is held to nothing itself: an operator's own configuration. */
function saysSomething({ answer, also = [] }: Step): boolean {
  return Object.keys(answer).length > 0 || also.length > 0;
}

function toldOf(step: Step, question: Question, came: Came): Told {
  const takesFrom = expressionsIn(step.request.body ?? null).flatMap(stepsOf);
  const sent = sentBy(step, question, question.scope, question.recorded);
  return { step, question, came, looksAt: looksAt(question), takesFrom: new Set(takesFrom), sent };
}

/** The request of a step, as text, after what was bound and recorded before it. */
function sentBy(step: Step, { names }: Question, scope: Scope, recorded: ReadonlyMap<string, Recorded>): string {
  return JSON.stringify(build(draftOf(step.request, step.errata), { names, scope, recorded }, undefined));
}

class Prover {
  readonly #story: Story;
  readonly #version: string;
  readonly #mode: Mode;
  readonly #contract: Contract;
  readonly #told: Told[];
  readonly #matrix = Object.fromEntries(WAYS.map((way) => [way, emptyRow()])) as KillMatrix;
  readonly #survivors = new Map<string, Survivor>();
  readonly #excuses = new Map<string, UsedExcuse>();
  /** Excuses without which some alteration would have been found. */
  readonly #needed = new Set<string>();
  readonly #refused: string[] = [];
  readonly #every: number;
  #count = 0;

  constructor(story: Story, version: string, mode: Mode, contract: Contract, told: Told[], every: number) {
    this.#every = every;
    this.#story = story;
    this.#version = version;
    this.#mode = mode;
    this.#contract = contract;
    this.#told = told;
  }

  prove(): Proof {
    const unaltered = this.#told.flatMap(({ question, came }) =>
      judge(question, came).findings.map((finding) => `${question.step} ${finding.kind} ${finding.where}`),
    );
    const stale = this.#told.flatMap(({ step }, index) => (this.#isOwn(step) ? this.#alter(index) : []));
    return {
      story: this.#story.id,
      version: this.#version,
      mode: this.#mode,
      matrix: this.#matrix,
      unaltered,
      survivors: [...this.#survivors.values()],
      excuses: [...this.#excuses.values()],
      stale: [...stale, ...this.#staleNames()],
      refused: this.#refused,
    };
  }

  /** Whether a step is of the story itself: those of its beginning are altered where that story is proved. */
  #isOwn(step: Step): boolean {
    const { place, sequence, yaml } = this.#story;
    return place(`/steps/${sequence.steps.indexOf(step)}`).file === yaml.file;
  }

  /** Alters the answer of one step. @returns its excuses that nothing needed */
  #alter(index: number): string[] {
    const { question, came } = this.#told[index] as Told;
    // A server's own long list would take longer to alter than to judge.
    if (this.#every > 1 && (index % STEPS !== 0 || came.body.length > LARGEST)) return [];
    const judged = judge(question, came);
    const free = this.#freeIn(question, came, judged.json);
    const headers = this.#headers(question, index);
    const taken = (): boolean => this.#count++ % this.#every === 0;
    for (const alteration of alterations(came, { ids: idsIn(judged.scope), headers }, taken)) {
      const row = this.#matrix[alteration.what];
      row.alterations++;
      const { columns, notice } = this.#find(index, alteration, judged.scope);
      for (const column of columns) row[column]++;
      if (columns.size > 0) row.found++;
      if (notice) row.notices++;
      if (
        alteration.what === 'member added' &&
        columns.size > 0 &&
        !columns.has('reported') &&
        // A member that only one of several answers has is gone in the next, or is sent back: that may be told.
        !columns.has('later answer') &&
        !columns.has('later request') &&
        !free.isMap(alteration.pointer) &&
        !isEmptyAt(judged.json, alteration.pointer)
      )
        this.#refused.push(`${question.step} ${alteration.pointer} (${[...columns].join(', ')})`);
      if (columns.size === 0) row[this.#explain(question, alteration, judged.json, free)]++;
    }
    return [...question.excuses.keys()].flatMap((pointer) =>
      this.#needed.has(`${question.step} ${pointer}`)
        ? []
        : [
            `${question.step} ${pointer}${didYouMean(
              pointer,
              leaves(judged.json ?? null).map((leaf) => leaf.pointer),
            )}`,
          ],
    );
  }

  #freeIn(question: Question, came: Came, json: Json | undefined): Free {
    const schema = this.#contract.answerSchema(question.operation, came.status, mediaType(came.headers) ?? '');
    return schema && json !== undefined
      ? freeIn(this.#contract, schema, json)
      : { open: () => true, isMap: () => false, own: () => undefined };
  }

  /** Headers that statements speak of, and the cookies that a later step sends. */
  #headers(question: Question, index: number): Map<string, 'said' | 'needed'> {
    const needed = this.#told.slice(index + 1).some(({ step }) => step.session === question.step);
    const said = [question.expected.headers, ...question.statements.map((statement) => statement.headers)];
    return new Map([
      ...(needed ? [['set-cookie', 'needed'] as const] : []),
      ...said.flatMap((one) => Object.keys(one ?? {})).map((name) => [name.toLowerCase(), 'said'] as const),
    ]);
  }

  /** What finds an alteration: its own judgement, or a later answer that no longer fits, or a later request that goes astray. */
  #find(index: number, alteration: Alteration, scope: Scope): { columns: Set<Column>; notice: boolean } {
    const told = this.#told[index] as Told;
    const came: Came = { ...told.came, ...alteration.answer };
    const question = { ...told.question, recorded: withAnswer(told.question.recorded, told, came) };
    const own = judge(question, came);
    const failing = own.findings.filter((finding) => finding.kind !== 'undocumented');
    if (failing.length === 0 || !this.#foundUnread(question, came))
      for (const [excuse] of this.#reasons(question, alteration, own.json))
        this.#needed.add(`${question.step} ${excuse}`);
    if (failing.length > 0) return { columns: new Set(failing.flatMap(columnOf)), notice: failing.every(isNotice) };
    if (alteration.added && own.findings.length > 0) return { columns: new Set(['reported']), notice: false };
    const later = this.#later(index, own, came, scope);
    if (later.length > 0)
      return { columns: new Set<Column>([...later.flatMap(columnOf), 'later answer']), notice: later.every(isNotice) };
    if (this.#goesAstray(index, own, came, scope)) return { columns: new Set(['later request']), notice: false };
    return { columns: new Set(), notice: false };
  }

  /** Whether an altered answer is found where nothing could be read to hold it to. */
  #foundUnread(question: Question, came: Came): boolean {
    const { steps } = this.#story.sequence;
    const isReading = (id: string): boolean => steps.some((step) => step.id === id && !saysSomething(step));
    const unread = question.statements.filter(
      (one) => !expressionsIn(one as unknown as Printed).some((text) => isReading(stepOf(text) ?? '')),
    );
    if (unread.length === question.statements.length) return true;
    return judge({ ...question, statements: unread }, came).findings.some(({ kind }) => kind !== 'undocumented');
  }

  /** What the later answers, as they came, are found to be after an altered one. */
  #later(index: number, own: Judgement, came: Came, unaltered: Scope): Finding[] {
    const altered = this.#told[index] as Told;
    const same = sameValues(own.scope, unaltered);
    let scope = own.scope;
    for (const { question, came: answer, looksAt } of this.#told.slice(index + 1)) {
      if (same && !looksAt.has(altered.step.id)) continue;
      const recorded = withAnswer(question.recorded, altered, came);
      const judgement = judge({ ...question, scope: same ? question.scope : scope, recorded }, answer);
      const failing = judgement.findings.filter((finding) => finding.kind !== 'undocumented');
      if (failing.length > 0) return failing;
      scope = judgement.scope;
    }
    return [];
  }

  /** Whether a later request would carry the altered value, and so ask for something else or as somebody else. */
  #goesAstray(index: number, own: Judgement, came: Came, unaltered: Scope): boolean {
    const altered = this.#told[index] as Told;
    const changed = [...own.scope].filter(([name, { value }]) => unaltered.get(name)?.value !== value);
    const same = sameValues(own.scope, unaltered);
    return this.#told.slice(index + 1).some(({ step, question, takesFrom, sent }) => {
      if (step.session === altered.step.id && cookiesOf(came) !== cookiesOf(altered.came)) return true;
      if (same && !takesFrom.has(altered.step.id)) return false;
      const scope = new Map([...question.scope, ...changed]);
      return sent !== sentBy(step, question, scope, withAnswer(question.recorded, altered, came));
    });
  }

  /** Why nothing found it: the sequence or the contract excuses it, the contract leaves the place free, or there is a gap. */
  #explain(
    question: Question,
    alteration: Alteration,
    json: Json | undefined,
    free: Free,
  ): 'excused' | 'free form' | 'survived' {
    const { what, pointer, id, added } = alteration;
    const reasons = this.#reasons(question, alteration, json);
    for (const [excuse, because] of reasons) this.#use(question.step, excuse, because);
    if (reasons.length > 0) return 'excused';
    const inBody = pointer === '' || pointer.startsWith('/');
    const own = inBody ? free.own(pointer) : undefined;
    if (own) {
      this.#use('', own.place, own.because);
      return 'excused';
    }
    if (inBody && (added || TAKEN_AWAY.includes(what)) && free.open(pointer)) return 'free form';
    if (pointer === 'media type' && this.#takesAnyBody(question)) return 'free form';
    const key = `${question.step} ${pointer}`;
    const survivor = this.#survivors.get(key) ?? {
      step: question.step,
      line: this.#story.place(`/steps/${this.#story.sequence.steps.findIndex((one) => one.id === question.step)}`).line,
      pointer,
      ways: [],
    };
    survivor.ways.push(id.replace(` ${pointer} `, ': ').trim());
    this.#survivors.set(key, survivor);
    return 'survived';
  }

  /** Whether the contract names a media range for some refusal of the operation. */
  #takesAnyBody({ operation }: Question): boolean {
    return this.#contract.answers(operation).some(({ media }) => media.includes('*/*'));
  }

  #use(step: string, excuse: string, because: string): void {
    const key = `${step} ${excuse}`;
    const used = this.#excuses.get(key) ?? { step, excuse, because, alterations: 0 };
    this.#excuses.set(key, { ...used, alterations: used.alterations + 1 });
  }

  /** What the sequence says of the place: excuses of values, of letter case, of a list's other items, of the exact status. */
  #reasons(question: Question, { what, pointer, answer }: Alteration, json: Json | undefined): [string, string][] {
    const reasons = [...question.excuses].flatMap(([excused, { because }]): [string, string][] =>
      excused === '' || pointer === excused || pointer.startsWith(`${excused}/`) ? [[excused, because]] : [],
    );
    const printed = pointer.startsWith('/') ? at(question.expected.body, pointer) : undefined;
    const name = typeof printed === 'string' ? question.names.whole(printed) : undefined;
    if (what === 'letter case changed' && name?.ignoring === 'case')
      reasons.push([`${name.is} ignoring case`, this.#because(name.is)]);
    for (const { items } of question.statements) {
      if (pointer === items?.at && what === 'array reordered')
        reasons.push([`${items.at} as a set`, 'no page gives the list an order']);
      if (
        items?.others !== undefined &&
        ((pointer === items.at && what.startsWith('array')) || isOther(question, items, pointer, json))
      )
        reasons.push([`${items.at} others`, items.others]);
    }
    const claims = statusClaims(question.expected.status, 'documented');
    if (what === 'status changed' && claims.length > 0 && claims.every((claim) => fulfils(claim.is, answer.status)))
      reasons.push([`status ${claims.map((claim) => claim.is).join()}`, 'no page prints the exact status']);
    return reasons;
  }

  #because(name: string): string {
    const use = Object.values(this.#story.sequence.names).find(
      (one) => typeof one === 'object' && 'is' in one && one.is === name,
    );
    return typeof use === 'object' && 'because' in use ? String(use.because) : '';
  }

  /** Names whose letter case is excused though no answer needs it; where a name has no value, no answer can. */
  #staleNames(): string[] {
    return Object.entries(this.#story.yaml.value.names).flatMap(([literal, use]) => {
      if (typeof use !== 'object' || !('is' in use) || !('ignoring' in use)) return [];
      if (!this.#told.some(({ question }) => question.scope.has(String(use.is)))) return [];
      const used = this.#told.some(({ step }) => this.#needed.has(`${step.id} ${String(use.is)} ignoring case`));
      return used ? [] : [`${literal} ignoring case`];
    });
  }
}

function emptyRow(): Row {
  return Object.fromEntries(
    [...COLUMNS, 'alterations', 'found', 'notices', 'excused', 'free form', 'survived'].map((name) => [name, 0]),
  ) as Row;
}

/** Whether a pointer is at an item of a list that the statement does not speak of. */
function isOther(
  question: Question,
  claim: NonNullable<Question['statements'][number]['items']>,
  pointer: string,
  json: Json | undefined,
): boolean {
  const index = /^\/(\d+)/.exec(pointer.startsWith(`${claim.at}/`) ? pointer.slice(claim.at.length) : '')?.[1];
  if (index === undefined) return false;
  const id = at(json, `${claim.at}/${index}${claim.by}`);
  const spokenOf = claim.are.map((one) => at(question.recorded.get(stepOf(one) ?? '')?.response.body, claim.by));
  return !spokenOf.includes(id);
}

function stepsOf(expression: string): string[] {
  return [stepOf(expression) ?? []].flat();
}

/** Which earlier steps something said of an answer looks at. */
function looksAt(question: Question): Set<string> {
  const said = [question.statements as unknown as Printed, question.expected.schema ?? null];
  return new Set(said.flatMap((one) => expressionsIn(one)).flatMap(stepsOf));
}

/** The values of the names, with others of the same kind and one of another kind. */
function idsIn(scope: Scope): { value: string; others: string[] }[] {
  const values = new Map<string, string>();
  for (const [name, { value }] of scope) if (value.length > 3) values.set(value, values.get(value) ?? name);
  return [...values].map(([value, name]) => {
    const kin = [...values].filter(([other, of]) => other !== value && kindOf(of) === kindOf(name));
    const stranger = [...values].find(([other, of]) => other !== value && kindOf(of) !== kindOf(name));
    return { value, others: [...kin, ...(stranger ? [stranger] : [])].map(([other]) => other) };
  });
}

function isEmptyAt(json: Json | undefined, pointer: string): boolean {
  const value = at(json, pointer);
  return isObject(value) && Object.keys(value).length === 0;
}

/** Names and values of the cookies that an answer sets. */
function cookiesOf(came: Came): string {
  return headerValues(came.headers, 'set-cookie')
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}

/** What was recorded, as if a step had answered otherwise. */
function withAnswer(recorded: ReadonlyMap<string, Recorded>, { step }: Told, came: Came): Map<string, Recorded> {
  const before = recorded.get(step.id);
  // Few statements look back at the answer that they are made of: it is read when one does.
  const response = {
    status: came.status,
    get headers() {
      return Object.fromEntries(came.headers.map(([name, value]) => [name.toLowerCase(), value]));
    },
    get body() {
      const parsed = parseJson(came.body);
      return 'json' in parsed ? parsed.json : undefined;
    },
  };
  return new Map([...recorded, [step.id, { request: { headers: {} }, ...before, response }]]);
}

function sameValues(a: Scope, b: Scope): boolean {
  return a.size === b.size && [...a].every(([name, { value }]) => b.get(name)?.value === value);
}

const KINDS: Partial<Record<Kind, Column>> = Object.fromEntries(COLUMNS.map((column) => [column, column]));

function columnOf(finding: Finding): Column[] {
  const column = finding.kind === 'not testable' ? 'state' : KINDS[finding.kind];
  return column === undefined ? [] : [column];
}

function isNotice(finding: Finding): boolean {
  return gradeOf(finding, { strict: false, undocumented: 'report' }) === 'notice';
}

/** Several matrices in one. */
export function sumOf(matrices: KillMatrix[]): KillMatrix {
  const sum = Object.fromEntries(WAYS.map((way) => [way, emptyRow()])) as KillMatrix;
  for (const matrix of matrices)
    for (const way of WAYS)
      for (const column of Object.keys(sum[way]) as (keyof Row)[]) sum[way][column] += matrix[way][column];
  return sum;
}

/** The matrix as a table of plain text; a dot is none. */
export function tableOf(matrix: KillMatrix): string {
  const columns = Object.keys(emptyRow()) as (keyof Row)[];
  const order: (keyof Row)[] = ['alterations', ...columns.filter((one) => one !== 'alterations')];
  const total = emptyRow();
  for (const way of WAYS) for (const column of columns) total[column] += matrix[way][column];
  const rows = [...WAYS.map((way): [string, Row] => [way, matrix[way]]), ['all', total] as [string, Row]];
  const cells = [['', ...order], ...rows.map(([way, row]) => [way, ...order.map((one) => String(row[one] || '.'))])];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
