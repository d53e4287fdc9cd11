import { randomBytes, randomUUID } from 'node:crypto';
import type { Contract } from './contract.ts';
import { expressionsIn, isExpression, stepOf, type Recorded } from './expression.ts';
import { fails, gradeOf, type Basis, type Finding, type Grade } from './finding.ts';
import { at, withValue, type Json } from './json.ts';
import { expects, fulfils } from './form.ts';
import { judge, type Judgement, type Question, type StatementResult } from './judge.ts';
import type { Journal } from './journal/journal.ts';
import { standsIn } from './leak.ts';
import { bind, Names, type Scope } from './names.ts';
import { secretVariables } from './environment.ts';
import { Redactor } from './redact.ts';
import { Settling } from './settling.ts';
import { build, type Built, type Draft } from './request.ts';
import { templateAt, type Printed, type Schema, type Template } from './printed.ts';
import type { Excuse, Expectation, Statement, Step, Story } from './sequence.ts';
import { isRequired, type Target } from './target.ts';
import type { Known } from './template.ts';
import { headerValues, parseJson, TransportError, type Came, type Sent, type Transport } from './transport.ts';
import { irrevocable } from './undo.ts';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  operation: string;
  /** When it was sent, in milliseconds since 1970. */
  at: number;
  sent: Sent;
  came?: Came;
  /** Why no answer came. */
  problem?: string;
  /** Nothing answered at the address. */
  unreachable?: true;
}

export interface GradedFinding extends Finding {
  grade: Grade;
}

/** What one step, refusal, probe or clean-up came to. */
export interface StepReport {
  id: string;
  says: string;
  kind: 'step' | 'refusal' | 'probe' | 'clean-up';
  page: string;
  basis: Basis;
  /** Pointer into the sequence's file. */
  pointer: string;
  outcome: 'held' | 'broken' | 'tolerated' | 'skipped' | 'not testable' | 'not applicable';
  reason?: string;
  findings: GradedFinding[];
  statements: StatementResult[];
  exchanges: Exchange[];
}

/** How a teller takes part in each step as it happens. */
export interface Listener {
  /** Runs one step's work; may show it as a step of its own. */
  around?: (title: string, pointer: string, work: () => Promise<StepReport>) => Promise<StepReport>;
  /** Sees what a step's final answer is judged by: the proofs judge altered answers by the same. */
  judged?: (question: Question, came: Came) => void;
  /** Sees, at the end, which value each name had. */
  ended?: (scope: Scope) => void;
}

/** What a story needs to be told. */
export interface Stage {
  story: Story;
  version: string;
  target: Target;
  contract: Contract;
  transport: Transport;
  redactor: Redactor;
  listener?: Listener;
  /** Where what is created or changed is said beforehand; a world that ends with the process needs none. */
  journal?: Journal;
  /** Where it is noted how far the story is: a mistake that ends it loses nothing of what was done. */
  progress?: Progress;
}

/** How far a story is. */
export interface Progress {
  /** The step that it is at. */
  step: number;
  reports: StepReport[];
}

/** What a story knows while it is told, and what every part of the telling does: send, judge, report. */
export class Telling {
  readonly stage: Stage;
  readonly names: Names;
  readonly recorded = new Map<string, Recorded>();
  readonly cookies = new Map<string, string>();
  readonly reports: StepReport[];
  /** What was found to be late, and stands in no report yet. */
  readonly #late: GradedFinding[] = [];
  readonly settling: Settling;
  scope: Scope = new Map();
  /** What steps that were skipped would have answered, with the reason: what needs it is skipped as well. */
  readonly #withheld = new Map<string, string>();
  /** The weakest basis on which an accepted request changed something for good: what follows stands on no firmer ground. */
  ground: Basis = 'documented';

  constructor(stage: Stage) {
    this.stage = stage;
    this.reports = stage.progress?.reports ?? [];
    const { story, target } = stage;
    this.settling = new Settling(stage.contract.delays, target.ours ? undefined : target.server);
    this.names = new Names(story.sequence.names);
    const known = {
      ...target.names,
      ...Object.fromEntries(Object.entries(target.addresses).map(([key, value]) => [`address.${key}`, value])),
    };
    for (const [name, pattern] of Object.entries(story.sequence.fresh ?? {}))
      known[name] = pattern.replaceAll('{unique}', randomBytes(6).toString('hex')).replaceAll('{uuid}', randomUUID());
    this.know(
      Object.entries(known).reduce<Scope>(
        (scope, [name, value]) => bind(scope, { name, value, place: 'given' }),
        new Map(),
      ),
    );
  }

  get sequence(): Story['sequence'] {
    return this.stage.story.sequence;
  }

  /** Whether the target must offer what this is about. */
  get required(): boolean {
    return isRequired(this.stage.story, this.stage.target);
  }

  question(): Known {
    return { names: this.names, scope: this.scope, recorded: this.recorded };
  }

  /**
   * Why a step cannot be run: the target lacks its operation, or was not given a name, or a step that was skipped would
   * have answered one (skipped); or no earlier step has answered it.
   */
  lacking(step: Step, draft: Draft): Pick<StepReport, 'outcome' | 'reason'> | undefined {
    const { target } = this.stage;
    const lack = target.lacks[step.operation];
    if (lack !== undefined) return { outcome: 'skipped', reason: `${target.name} lacks ${step.operation}: ${lack}` };
    const { missing } = build(draft, this.question(), undefined);
    const withheld = (name: string): boolean => name in target.absent || this.withheldBy(name) !== undefined;
    const before = step.undo && step.undo.id === undefined ? irrevocable(this, step.undo) : [];
    const unread = before.find((name) => !withheld(name));
    if (missing.length === 0 && unread !== undefined)
      return {
        outcome: 'not testable',
        reason: `what was there before could not be read (${unread}), so it is not changed`,
      };
    const needed = [
      ...missing,
      ...before.filter(withheld),
      ...(step.session !== undefined && !this.signedIn(step.session) ? [sessionOf(step.session)] : []),
      ...(step.after !== undefined && this.withheldBy(step.after) !== undefined ? [step.after] : []),
    ];
    if (needed.length === 0) return undefined;
    const unknown = needed.filter((name) => !withheld(name));
    if (unknown.length > 0)
      return { outcome: 'not testable', reason: `no earlier step has answered ${unknown.join(', ')}` };
    const variables = [...new Set(needed.flatMap((name) => target.absent[name] ?? []))];
    return {
      outcome: 'skipped',
      reason:
        variables.length > 0
          ? `${variables.join(', ')} ${variables.length === 1 ? 'is' : 'are'} not set`
          : (needed.map((name) => this.withheldBy(name)).find((reason) => reason !== undefined) ?? ''),
    };
  }

  /** Why a name, or what an expression looks at, is not known: the step that would have answered it was not run. */
  withheldBy(name: string): string | undefined {
    return this.#withheld.get(stepOf(name) ?? name);
  }

  /** A step is not run, for a reason: what it would have answered is not known, and that is nobody's fault. */
  withhold(step: Step, reason: string): void {
    const { body, prints = {}, picks = [] } = step.answer;
    const names = [
      ...this.names.mentionedIn(body),
      ...Object.entries(prints).flatMap(([name, value]) => this.names.mentioned(value, name)),
      ...picks.flatMap(({ name }) => this.names.mentioned(name)),
      sessionOf(step.id),
      step.id,
    ];
    for (const name of names) if (!this.scope.has(name)) this.#withheld.set(name, reason);
  }

  /** Whether the step that a session comes from was answered with success. */
  signedIn(step: string): boolean {
    const status = this.recorded.get(step)?.response.status;
    return status !== undefined && fulfils('2XX', status);
  }

  report(
    step: { id: string; says: string; page?: string | undefined; basis?: Basis | undefined },
    kind: StepReport['kind'],
    pointer: string,
  ): StepReport {
    const versioned = this.stage.story.versions[this.stage.version];
    return {
      id: step.id,
      says: step.says,
      kind,
      page: step.page ?? versioned?.page ?? '',
      basis: step.basis ?? 'documented',
      pointer,
      outcome: 'held',
      findings: [],
      statements: [],
      exchanges: [],
    };
  }

  graded(finding: Finding): GradedFinding {
    const { strict, undocumented } = this.stage.target;
    const grounded = { ...finding, basis: weaker(finding.basis, this.ground) };
    return { ...grounded, grade: gradeOf(grounded, { strict, undocumented }) };
  }

  async around(title: string, pointer: string, work: () => Promise<StepReport>): Promise<StepReport> {
    const settled = async (): Promise<StepReport> => this.deviating(this.#withLate(await work()));
    const report = await (this.stage.listener?.around?.(title, pointer, settled) ?? settled());
    this.reports.push(report);
    return report;
  }

  /** A report with what was found to be late since the one before it, also by requests that no step makes. */
  #withLate(report: StepReport): StepReport {
    if (this.#late.length === 0) return report;
    return this.closed({ ...report, findings: [...report.findings, ...this.#late.splice(0)] });
  }

  /** A deviation that the target declares turns its statement around: it must fail, and not for longer than it says. */
  deviating(report: StepReport): StepReport {
    const { target, story } = this.stage;
    const id = `${story.id}#${report.id}`;
    const deviation = target.deviations[id];
    if (!deviation) return report;
    const failing = report.findings.filter((finding) => fails(finding.grade));
    const stale =
      failing.length === 0
        ? 'the deviation is gone: take it out of the target'
        : deviation.until !== undefined && deviation.until < today()
          ? `the deviation was accepted until ${deviation.until}: look at it again`
          : undefined;
    if (stale === undefined) {
      const findings = report.findings.map((finding): GradedFinding => ({ ...finding, grade: 'tolerated' }));
      return { ...report, outcome: 'tolerated', reason: deviation.because, findings };
    }
    const finding: Finding = {
      kind: 'state',
      where: id,
      expected: deviation.because,
      came: stale,
      basis: 'documented',
    };
    return { ...report, outcome: 'broken', findings: [...report.findings, { ...finding, grade: 'violation' }] };
  }

  /**
   * Sends, records the exchange, and keeps what later expressions and sessions look at. What is answered only for a
   * moment after a change is sent again.
   * @param expected the answers that are right as they are
   */
  async send(
    built: Built,
    operation: string,
    report: StepReport,
    as?: string,
    expected: Expectation[] = [],
  ): Promise<Came> {
    const send = (): Promise<Came> => this.#sendOnce(built, operation, report, as);
    const right = ({ status }: Came): boolean => expected.some((one) => expects(one, status));
    return this.#meanwhile(await send(), right, send);
  }

  /** Sends again while the answer is one that is given only for a moment after a change, and notes that it was. */
  async #meanwhile(first: Came, right: (came: Came) => boolean, send: () => Promise<Came>): Promise<Came> {
    const { came, late } = await this.settling.meanwhile(first, right, send);
    if (late?.delay.basis !== undefined)
      this.#late.push(
        this.graded({
          kind: 'state',
          where: 'status',
          expected: 'what was created, at once',
          came: `${late.delay.meanwhile ?? ''} until ${late.seconds} s after it was created`,
          basis: late.delay.basis,
        }),
      );
    return came;
  }

  async #sendOnce(built: Built, operation: string, report: StepReport, as?: string): Promise<Came> {
    const exchange: Exchange = { operation, at: Date.now(), sent: built.sent };
    report.exchanges.push(exchange);
    try {
      const came = await this.#transport(built.sent);
      exchange.came = came;
      this.settling.note(operation, came.status);
      if (as !== undefined) this.keep(as, operation, built, came);
      return came;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      exchange.problem = error.message;
      if (error.reason === 'unreachable') exchange.unreachable = true;
      throw error;
    }
  }

  /** Sends without recording; again while the answer is one that is given only for a moment after a change. */
  async exchange(sent: Sent): Promise<Came> {
    const send = (): Promise<Came> => this.#transport(sent);
    return this.#meanwhile(await send(), () => false, send);
  }

  /** What the names in request and answer tell to be secret reaches no output from then on. */
  async #transport(sent: Sent): Promise<Came> {
    const { transport, redactor } = this.stage;
    redactor.learn(sent);
    const came = await transport.send(sent);
    redactor.learn(came);
    return came;
  }

  keep(step: string, operation: string, built: Built, came: Came): void {
    const parsed = parseJson(came.body);
    const lower = (headers: [string, string][]): Record<string, string> =>
      Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    this.recorded.set(step, {
      operation,
      request: { path: built.sent.path, headers: lower(built.sent.headers), body: built.body },
      response: {
        status: came.status,
        headers: lower(came.headers),
        ...('json' in parsed ? { body: parsed.json, text: came.body.toString() } : {}),
      },
    });
    const cookies = headerValues(came.headers, 'set-cookie')
      .map((cookie) => cookie.split(';')[0]?.trim() ?? '')
      .filter((cookie) => !/=$|^$/.test(cookie));
    this.cookies.set(step, cookies.join('; '));
  }

  build(draft: Draft, session: string | null | undefined): Built {
    return build(draft, this.question(), session ? this.cookies.get(session) : undefined);
  }

  untestable(report: StepReport, reason: string): StepReport {
    return {
      ...report,
      outcome: 'not testable',
      reason,
      findings: [
        ...report.findings,
        this.graded({
          kind: 'not testable',
          where: 'body',
          expected: reason,
          came: 'so this could not be judged',
          basis: 'documented',
        }),
      ],
    };
  }

  failed(report: StepReport, error: TransportError): StepReport {
    const unreachable = ['unreachable', 'tls', 'not http', 'not sent'].includes(error.reason);
    const finding: Finding = {
      kind: unreachable ? 'not testable' : 'body',
      where: 'answer',
      expected: 'an answer',
      came: error.message,
      basis: 'standard',
    };
    return {
      ...report,
      outcome: unreachable ? 'not testable' : 'broken',
      reason: error.message,
      findings: [...report.findings, this.graded(finding)],
    };
  }

  /** A step that sets the server up says nothing of it: where it fails, what follows cannot be judged. */
  prepared(report: StepReport): StepReport {
    const failing = report.findings.filter((finding) => fails(finding.grade));
    if (failing.length === 0) return { ...report, findings: [] };
    const findings = failing.map((finding): GradedFinding => ({
      ...finding,
      kind: 'not testable',
      grade: 'not testable',
    }));
    return { ...report, findings, reason: 'the server could not be set up' };
  }

  closed(report: StepReport): StepReport {
    return {
      ...report,
      outcome: report.findings.some((finding) => finding.grade === 'violation')
        ? 'broken'
        : report.findings.some((finding) => fails(finding.grade))
          ? 'not testable'
          : report.outcome,
    };
  }

  excuses(step: Step): Map<string, Excuse> {
    const excuses = new Map(Object.entries(step.vary ?? {}));
    if (this.stage.target.ours) return excuses;
    for (const [pointer, excuse] of Object.entries(this.sequence.configured?.[step.id] ?? {}))
      excuses.set(pointer, typeof excuse === 'string' ? { because: excuse } : excuse);
    return excuses;
  }

  judge(step: Step, expected: Expectation, statements: Step['also'] & object, came: Came, final = false): Judgement {
    const versioned = this.stage.story.versions[this.stage.version];
    const { schema, ...printed } = expected;
    const question: Question = {
      ...this.question(),
      step: step.id,
      contract: this.stage.contract,
      operation: this.stage.contract.operation(step.operation),
      expected: {
        ...printed,
        ...(schema === undefined || this.#restsOnWithheld(schema) ? {} : { schema }),
        basis: expected.basis ?? step.basis ?? 'documented',
      },
      statements: statements
        .filter((statement) => !this.#restsOnWithheld(statement))
        .map((statement) => ({ basis: step.basis ?? 'documented', ...statement })),
      excuses: this.excuses(step),
      lost: (versioned?.lost ?? [])
        .filter((one) => one.startsWith(`${step.id} `))
        .map((one) => one.slice(step.id.length + 1)),
    };
    if (final) this.stage.listener?.judged?.({ ...question, recorded: new Map(question.recorded) }, came);
    return judge(question, came);
  }

  /** Whether a statement or a schema compares with what a skipped step would have answered. */
  #restsOnWithheld(said: Statement | Schema): boolean {
    // Where forms are followed, a step may come before one that it looks at.
    const isUnsent = (one: string): boolean =>
      this.sequence.forms !== undefined && !this.stage.target.ours && !this.recorded.has(stepOf(one) ?? '');
    return expressionsIn(said as unknown as Printed).some((one) => this.withheldBy(one) !== undefined || isUnsent(one));
  }

  take(report: StepReport, judgement: Judgement, last: boolean): void {
    report.findings.push(...judgement.findings.map((finding) => this.graded(finding)), ...this.leaked(report));
    report.statements.push(...judgement.statements);
    if (last) this.know(judgement.scope);
  }

  /** Goes on with these values; what is secret of them is masked from now on. */
  know(scope: Scope): void {
    this.scope = scope;
    for (const name of this.sequence.secret ?? []) this.stage.redactor.add(scope.get(name)?.value);
  }

  /**
   * What a refusal that asks again gives in place of what the request carried: whatever follows sends the latest.
   * @param printed the body of the request, with its names
   * @param came the body of the answer
   * @param place where that answer is, for messages
   */
  renew(printed: Template | undefined, came: Json | undefined, place: string): void {
    const { latest } = this.sequence;
    const carried = latest && templateAt(printed, latest.to);
    const value = latest && at(came, latest.from);
    if (typeof carried !== 'string' || typeof value !== 'string') return;
    // What follows a form carries what its answer gave.
    const form = this.recorded.get(isExpression(carried) ? (stepOf(carried) ?? '') : '');
    if (form && latest) form.response.body = withValue(form.response.body, latest.from, value);
    const name = this.names.whole(carried)?.is;
    if (name === undefined) return;
    this.know(new Map(this.scope).set(name, { value, places: [place] }));
  }

  /** A password or client secret that the target was given has no place in an answer. */
  leaked(report: StepReport): GradedFinding[] {
    const { names, sources } = this.stage.target;
    const last = report.exchanges.at(-1);
    const body = last?.came?.body;
    const variables = new Set(secretVariables());
    const isSecret = (name: string): boolean => sources[name]?.some((variable) => variables.has(variable)) ?? false;
    // A password may be the user's name as well, and that is told.
    const plain = Object.keys(names).flatMap((name) => (isSecret(name) ? [] : (names[name] ?? [])));
    const leaked = Object.entries(names).some(
      ([name, value]) =>
        isSecret(name) && value.length > 5 && !plain.includes(value) && standsIn(value, String(body ?? '')),
    );
    const finding = (expected: string): GradedFinding =>
      this.graded({ kind: 'state', where: 'body', expected, came: 'one of them', basis: 'assumed' });
    return [
      ...(leaked ? [finding('no credential that the target was given')] : []),
      ...(this.#repeated(String(last?.sent.body ?? ''), String(body ?? ''))
        ? [finding('no password that was sent')]
        : []),
    ];
  }

  /** Whether a secret that was made up for this run, such as a password, was sent and comes back. */
  #repeated(sent: string, came: string): boolean {
    const { fresh = {}, secret = [] } = this.sequence;
    return secret.some((name) => {
      const value = name in fresh ? (this.scope.get(name)?.value ?? '') : '';
      return value.length > 5 && standsIn(value, sent) && standsIn(value, came);
    });
  }
}

/** How reasons call the session that a step has started. */
function sessionOf(step: string): string {
  return `the session of '${step}'`;
}

/** The day, as YYYY-MM-DD in UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

const STRENGTH = ['assumed', 'recorded', 'standard', 'documented'] as const;

/** The weaker of two bases. */
export function weaker(a: Basis, b: Basis): Basis {
  return STRENGTH.indexOf(a) < STRENGTH.indexOf(b) ? a : b;
}
