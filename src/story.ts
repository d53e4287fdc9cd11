import { randomBytes } from 'node:crypto';
import { failures } from './assertion.ts';
import type { Contract } from './contract.ts';
import type { Recorded } from './expression.ts';
import { fillForm, membersAt } from './fill.ts';
import { fails, gradeOf, type Basis, type Finding, type Grade } from './finding.ts';
import { at, leaves, unordered, withValue, type Json, type JsonObject } from './json.ts';
import { applies, fulfils, judge, statusClaims, type Judgement, type Question, type StatementResult } from './judge.ts';
import { bind, Names, type Scope } from './names.ts';
import { Redactor } from './redact.ts';
import { deriveRefusals, REFUSED } from './refusals.ts';
import { build, draftOf, setHeader, type Built, type Draft } from './request.ts';
import type { Excuse, Expectation, Refusal, Step, Story, Undo, Witness } from './sequence.ts';
import { steady, without, type Steady } from './steady.ts';
import { isLoopback, type Target } from './target.ts';
import {
  headerValues,
  mediaType,
  parseJson,
  TransportError,
  type Came,
  type Sent,
  type Transport,
} from './transport.ts';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  operation: string;
  sent: Sent;
  came?: Came;
  /** Why no answer came. */
  problem?: string;
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
}

const LONGEST = 20;

/** Tells a story against a target: every step, every refusal, every clean-up; throws only for mistakes in the fixtures. */
export async function tell(stage: Stage): Promise<StepReport[]> {
  return new Teller(stage).tell();
}

/** Something that the story created, and how to take it away. */
interface Created {
  step: Step;
  undo: Undo;
  id: string;
  scope: Scope;
  /** The story itself has taken it away. */
  done: boolean;
}

/** A story stops here: what follows cannot be judged. */
class Stop extends Error {}

class Teller {
  readonly #stage: Stage;
  readonly #names: Names;
  readonly #recorded = new Map<string, Recorded>();
  readonly #cookies = new Map<string, string>();
  readonly #reports: StepReport[] = [];
  /** Passwords are tried wrongly at most once per account on a machine that is not this one. */
  readonly #triedWrong = new Set<string>();
  /** Accounts whose credentials the server has accepted. */
  readonly #trusted = new Set<string>();
  readonly #derived = new Set<string>();
  readonly #undo: Created[] = [];
  /** Refusals that wait for the end of the story. */
  readonly #later: (() => Promise<void>)[] = [];
  #scope: Scope;
  /** The weakest basis on which an accepted request changed something for good: what follows stands on no firmer ground. */
  #ground: Basis = 'documented';
  /** The weakest basis of a request that should have been refused and was not, since the witnesses looked last. */
  #accepted: Basis | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    const { story, target, redactor } = stage;
    this.#names = new Names(story.sequence.names);
    const known = {
      ...target.names,
      ...Object.fromEntries(Object.entries(target.addresses).map(([key, value]) => [`address.${key}`, value])),
    };
    for (const [name, pattern] of Object.entries(story.sequence.fresh ?? {}))
      known[name] = pattern.replaceAll('{unique}', randomBytes(6).toString('hex'));
    this.#scope = Object.entries(known).reduce<Scope>(
      (scope, [name, value]) => bind(scope, { name, value, place: 'given' }),
      new Map(),
    );
    for (const secret of story.sequence.secret ?? []) redactor.add(this.#scope.get(secret)?.value);
  }

  get #sequence(): Story['sequence'] {
    return this.#stage.story.sequence;
  }

  async tell(): Promise<StepReport[]> {
    const after: { step: Step; index: number }[] = [];
    try {
      for (const [index, step] of this.#sequence.steps.entries()) {
        const draft = draftOf(step.request, step.errata);
        if (step.when && !applies(step.when, this.#question())) continue;
        const lacking = this.#lacking(step, draft);
        if (lacking) {
          this.#reports.push(this.#unrun(step, index, lacking));
          continue;
        }
        if (step.once && !this.#stage.target.ours) after.push({ step, index });
        else await this.#refuse(step, index, draft);
        await this.#step(step, index, draft);
      }
      for (const { step, index } of after) await this.#refuse(step, index, draftOf(step.request, step.errata));
      for (const refuse of this.#later) await refuse();
      for (const [index, probe] of (this.#sequence.probes ?? []).entries()) await this.#probe(probe, index);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    } finally {
      await this.#cleanUp();
    }
    return this.#reports;
  }

  #question(): { names: Names; scope: Scope; recorded: ReadonlyMap<string, Recorded> } {
    return { names: this.#names, scope: this.#scope, recorded: this.#recorded };
  }

  /** Why a step cannot be run: a name that the target was not given (skipped), or that no earlier step has answered. */
  #lacking(step: Step, draft: Draft): Pick<StepReport, 'outcome' | 'reason'> | undefined {
    const { missing } = build(draft, this.#names, this.#scope, this.#recorded, undefined);
    const needed =
      step.session !== undefined && !this.#signedIn(step.session)
        ? [...missing, `the session of '${step.session}'`]
        : missing;
    if (needed.length === 0) return undefined;
    const variables = needed.flatMap((name) => this.#stage.target.absent[name] ?? []);
    const notGiven = needed.every((name) => name in this.#stage.target.absent);
    return notGiven
      ? {
          outcome: 'skipped',
          reason: `${[...new Set(variables)].join(', ')} ${variables.length === 1 ? 'is' : 'are'} not set`,
        }
      : {
          outcome: 'not testable',
          reason: `no earlier step has answered ${needed.filter((name) => !(name in this.#stage.target.absent)).join(', ')}`,
        };
  }

  /** Whether the step that a session comes from was answered with success. */
  #signedIn(step: string): boolean {
    const status = this.#recorded.get(step)?.response.status;
    return status !== undefined && fulfils('2XX', status);
  }

  #report(
    step: { id: string; says: string; page?: string | undefined; basis?: Basis | undefined },
    kind: StepReport['kind'],
    pointer: string,
  ): StepReport {
    const versioned = this.#stage.story.versions[this.#stage.version];
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

  #unrun(step: Step, index: number, lacking: Pick<StepReport, 'outcome' | 'reason'>): StepReport {
    const report = { ...this.#report(step, 'step', `/steps/${index}`), ...lacking };
    if (lacking.outcome === 'not testable')
      report.findings = [
        this.#graded({
          kind: 'not testable',
          where: 'request',
          expected: lacking.reason ?? '',
          came: 'so this was not sent',
          basis: 'documented',
        }),
      ];
    return report;
  }

  #graded(finding: Finding): GradedFinding {
    const { strict, undocumented } = this.#stage.target;
    const grounded = { ...finding, basis: weaker(finding.basis, this.#ground) };
    return { ...grounded, grade: gradeOf(grounded, { strict, undocumented }) };
  }

  async #around(title: string, pointer: string, work: () => Promise<StepReport>): Promise<StepReport> {
    const settled = async (): Promise<StepReport> => this.#deviating(await work());
    const report = await (this.#stage.listener?.around?.(title, pointer, settled) ?? settled());
    this.#reports.push(report);
    return report;
  }

  /** A deviation that the target declares turns its statement around: it must fail, and not for longer than it says. */
  #deviating(report: StepReport): StepReport {
    const { target, story } = this.#stage;
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

  /** Sends, records the exchange, and keeps what later expressions and sessions look at. */
  async #send(built: Built, operation: string, report: StepReport, as?: string): Promise<Came> {
    const { transport, redactor } = this.#stage;
    const exchange: Exchange = { operation, sent: built.sent };
    report.exchanges.push(exchange);
    try {
      const came = await transport.send(built.sent);
      exchange.came = came;
      for (const cookie of headerValues(came.headers, 'set-cookie')) redactor.add(/^[^=]+=([^;]*)/.exec(cookie)?.[1]);
      if (as !== undefined) this.#keep(as, built, came);
      return came;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      exchange.problem = error.message;
      throw error;
    }
  }

  #keep(step: string, built: Built, came: Came): void {
    const parsed = parseJson(came.body);
    const lower = (headers: [string, string][]): Record<string, string> =>
      Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    this.#recorded.set(step, {
      request: { headers: lower(built.sent.headers), body: built.body },
      response: { status: came.status, headers: lower(came.headers), body: 'json' in parsed ? parsed.json : undefined },
    });
    const cookies = headerValues(came.headers, 'set-cookie')
      .map((cookie) => cookie.split(';')[0]?.trim() ?? '')
      .filter((cookie) => !/=$|^$/.test(cookie));
    this.#cookies.set(step, cookies.join('; '));
  }

  #build(draft: Draft, session: string | null | undefined): Built {
    return build(draft, this.#names, this.#scope, this.#recorded, session ? this.#cookies.get(session) : undefined);
  }

  async #step(step: Step, index: number, draft: Draft): Promise<void> {
    const { contract } = this.#stage;
    const pointer = `/steps/${index}`;
    const report = await this.#around(step.says, pointer, async () => {
      const made = this.#report(step, 'step', pointer);
      const operation = contract.operation(step.operation);
      try {
        const filled = this.#filled(step, draft);
        if ('problem' in filled) return this.#untestable(made, filled.problem);
        let built = this.#build(filled.draft, step.session);
        let came = await this.#send(built, operation.id, made, step.id);
        for (let round = 1; this.#goesOn(step, came) && round < LONGEST; round++) {
          this.#take(made, this.#judge(step, { status: 200 }, [], came), false);
          const next = this.#next(step, built, came, filled.draft);
          if ('problem' in next) return this.#untestable(made, next.problem);
          built = this.#build(next.draft, step.session);
          came = await this.#send(built, operation.id, made, step.id);
          this.#merge(step, built, made);
        }
        if (step.paged) came = await this.#pages(step, built, came, made);
        const parsed = parseJson(came.body);
        if (
          step.testable &&
          !this.#stage.target.ours &&
          fulfils('2XX', came.status) &&
          failures(step.testable.schema, 'json' in parsed ? parsed.json : null).length > 0
        )
          return this.#untestable(made, step.testable.otherwise);
        for (let time = 1; time < (step.times ?? 1); time++) {
          this.#take(made, this.#judge(step, step.answer, step.also ?? [], came), false);
          came = await this.#send(built, operation.id, made, step.id);
        }
        const judgement = this.#judge(step, step.answer, step.also ?? [], came, true);
        const refused = this.#credentialsRefused(step, draft, built, came);
        if (refused !== undefined) return this.#untestable(made, refused);
        this.#take(made, judgement, true);
        if (step.undo && fulfils('2XX', came.status)) this.#created(step, step.undo, judgement.json);
        if (fulfils('2XX', came.status)) this.#undone(built.sent);
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        return this.#failed(made, error);
      }
      return this.#closed(made);
    });
    if (report.reason !== undefined && (step.testable || step.fill) && report.outcome === 'not testable')
      throw new Stop();
    if (report.exchanges.some((exchange) => exchange.problem !== undefined)) throw new Stop();
  }

  /** A server that has never accepted the credentials it was given cannot be judged by what it says to them. */
  #credentialsRefused(step: Step, draft: Draft, { sent }: Built, came: Came): string | undefined {
    const given = Object.entries(draft.headers).flatMap(([name, value]) => this.#names.mentioned(value, name));
    const inBody = mentionedIn(draft.body, this.#names);
    const variables = [...new Set([...given, ...inBody].flatMap((name) => this.#stage.target.sources[name] ?? []))];
    const account = unordered(sent.headers.filter(([name]) => /username|authorization/i.test(name)));
    if (came.status < 300) this.#trusted.add(account);
    const expected = statusClaims(step.answer.status, 'documented').some((claim) => String(claim.is).startsWith('2'));
    if (
      came.status !== 401 ||
      !expected ||
      this.#stage.target.ours ||
      this.#trusted.has(account) ||
      variables.length === 0
    )
      return undefined;
    return `the server refuses the credentials (401): check ${variables.join(', ')}`;
  }

  #untestable(report: StepReport, reason: string): StepReport {
    return {
      ...report,
      outcome: 'not testable',
      reason,
      findings: [
        ...report.findings,
        this.#graded({
          kind: 'not testable',
          where: 'body',
          expected: reason,
          came: 'so this could not be judged',
          basis: 'documented',
        }),
      ],
    };
  }

  #failed(report: StepReport, error: TransportError): StepReport {
    const unreachable = ['unreachable', 'tls', 'not http'].includes(error.reason);
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
      findings: [...report.findings, this.#graded(finding)],
    };
  }

  #closed(report: StepReport): StepReport {
    return {
      ...report,
      outcome: report.findings.some((finding) => finding.grade === 'violation')
        ? 'broken'
        : report.findings.some((finding) => fails(finding.grade))
          ? 'not testable'
          : report.outcome,
    };
  }

  #excuses(step: Step): Map<string, Excuse> {
    const excuses = new Map(Object.entries(step.vary ?? {}));
    if (this.#stage.target.ours) return excuses;
    for (const [pointer, excuse] of Object.entries(this.#sequence.configured?.[step.id] ?? {}))
      excuses.set(pointer, typeof excuse === 'string' ? { because: excuse } : excuse);
    return excuses;
  }

  #judge(step: Step, expected: Expectation, statements: Step['also'] & object, came: Came, final = false): Judgement {
    const versioned = this.#stage.story.versions[this.#stage.version];
    const question: Question = {
      ...this.#question(),
      step: step.id,
      contract: this.#stage.contract,
      operation: this.#stage.contract.operation(step.operation),
      expected: { ...expected, basis: expected.basis ?? step.basis ?? 'documented' },
      statements: statements.map((statement) => ({ basis: step.basis ?? 'documented', ...statement })),
      excuses: this.#excuses(step),
      lost: (versioned?.lost ?? [])
        .filter((one) => one.startsWith(`${step.id} `))
        .map((one) => one.slice(step.id.length + 1)),
    };
    if (final) this.#stage.listener?.judged?.({ ...question, recorded: new Map(question.recorded) }, came);
    return judge(question, came);
  }

  #take(report: StepReport, judgement: Judgement, last: boolean): void {
    report.findings.push(...judgement.findings.map((finding) => this.#graded(finding)), ...this.#leaked(report));
    report.statements.push(...judgement.statements);
    if (!last) return;
    this.#scope = judgement.scope;
    for (const name of this.#sequence.secret ?? []) this.#stage.redactor.add(this.#scope.get(name)?.value);
  }

  /** A password or client secret that the target was given has no place in an answer. */
  #leaked(report: StepReport): GradedFinding[] {
    const { secrets, names } = this.#stage.target;
    const body = report.exchanges.at(-1)?.came?.body;
    const plain = Object.values(names).filter((value, index, all) => all.indexOf(value) !== index);
    const leaked = secrets.some((secret) => secret.length > 5 && !plain.includes(secret) && body?.includes(secret));
    const finding: Finding = {
      kind: 'state',
      where: 'body',
      expected: 'no credential that the target was given',
      came: 'one of them',
      basis: 'assumed',
    };
    return leaked ? [this.#graded(finding)] : [];
  }

  /** On a target that is not ours, what is sent follows the form that it has answered with. */
  #filled(step: Step, draft: Draft): { draft: Draft } | { problem: string } {
    if (!step.fill || this.#stage.target.ours) return { draft };
    return this.#fillFrom(step, draft, this.#recorded.get(step.fill.form)?.response.body);
  }

  #fillFrom(step: Step, draft: Draft, form: Json | undefined): { draft: Draft } | { problem: string } {
    if (!step.fill) return { draft };
    const filled = fillForm(
      step.fill,
      form,
      membersAt(step.request.body, step.fill.to),
      this.#stage.target.values[step.fill.value] ?? {},
    );
    return 'problem' in filled
      ? filled
      : { draft: { ...draft, body: withValue(draft.body, step.fill.to, filled.members) ?? {} } };
  }

  #goesOn(step: Step, came: Came): boolean {
    if (!step.again || this.#stage.target.ours) return false;
    const parsed = parseJson(came.body);
    return 'json' in parsed && failures(step.again.while, parsed.json).length === 0;
  }

  #next(step: Step, built: Built, came: Came, draft: Draft): { draft: Draft } | { problem: string } {
    const parsed = parseJson(came.body);
    const form = 'json' in parsed ? parsed.json : undefined;
    const refused = step.fill && unordered(at(built.body, step.fill.to) ?? null) !== '{}' && this.#sameForm(step, form);
    if (refused) return { problem: 'the same form came again: the server does not take the values that were sent' };
    const next = this.#fillFrom(step, draft, form);
    if ('problem' in next || !step.again) return next;
    return {
      draft: {
        ...next.draft,
        body: withValue(next.draft.body, step.again.carry.to, at(form, step.again.carry.from)) ?? {},
      },
    };
  }

  #sameForm(step: Step, form: Json | undefined): boolean {
    const first = step.fill ? this.#recorded.get(step.fill.form)?.response.body : undefined;
    const names = (body: Json | undefined): string =>
      unordered(
        ((at(body, step.fill?.list ?? '') ?? []) as Json[]).map((item) => at(item, step.fill?.name ?? '') ?? null),
      );
    return names(first) === names(form);
  }

  /** Over several rounds, what was sent is what all of them sent. */
  #merge(step: Step, built: Built, report: StepReport): void {
    const recorded = this.#recorded.get(step.id);
    if (!recorded || !step.fill) return;
    const rounds = report.exchanges
      .map((exchange) => parseJson(exchange.sent.body ?? Buffer.alloc(0)))
      .map((one) => membersAt('json' in one ? one.json : undefined, step.fill?.to ?? ''));
    recorded.request.body = withValue(built.body, step.fill.to, Object.assign({}, ...rounds) as JsonObject);
  }

  /** Follows the next links of a list on the API's own address and joins the items. */
  async #pages(step: Step, built: Built, first: Came, report: StepReport): Promise<Came> {
    const parsed = parseJson(first.body);
    if (!step.paged || !('json' in parsed)) return first;
    let body = parsed.json;
    let page = parsed.json;
    for (let round = 1; round < LONGEST; round++) {
      const next = at(page, step.paged.next);
      if (typeof next !== 'string') break;
      const link = new URL(next, built.sent.origin + built.sent.path);
      const came = await this.#send(
        { ...built, sent: { ...built.sent, path: link.pathname + link.search } },
        step.operation,
        report,
      );
      const more = parseJson(came.body);
      if (!('json' in more)) break;
      page = more.json;
      const items = [
        ...((at(body, step.paged.items) ?? []) as Json[]),
        ...((at(page, step.paged.items) ?? []) as Json[]),
      ];
      body = withValue(body, step.paged.items, items) ?? body;
    }
    if (page !== parsed.json) this.#keep(step.id, built, { ...first, body: Buffer.from(JSON.stringify(body)) });
    return { ...first, body: Buffer.from(page === parsed.json ? first.body : JSON.stringify(body)) };
  }

  /** Sends every refusal of a step just before it; then what can be read must be as it was. */
  async #refuse(step: Step, index: number, draft: Draft): Promise<void> {
    const filled = this.#filled(step, draft);
    if ('problem' in filled) return;
    const built = this.#build(filled.draft, step.session);
    const operation = this.#stage.contract.operation(step.operation);
    const written = (this.#sequence.refusals ?? []).flatMap((refusal, at) =>
      refusal.at === step.id ? [{ refusal, pointer: `/refusals/${at}` }] : [],
    );
    const first = this.#sequence.derives !== false && step.derives !== false && !this.#derived.has(operation.id);
    if (first) this.#derived.add(operation.id);
    const derived = first
      ? deriveRefusals(step, operation, this.#stage.contract, built).map((refusal) => ({
          refusal: this.#settled(refusal),
          pointer: `/steps/${index}`,
        }))
      : [];
    const all = [...written, ...derived].filter(({ refusal, pointer }) => {
      if (!this.#mayTry(refusal, step, built)) return false;
      const later = refusal.spends === true && !this.#stage.target.ours && !step.once;
      if (later) this.#later.push(() => this.#refusal(refusal, pointer, step, filled.draft, built));
      return !later;
    });
    if (all.length === 0) return;
    this.#accepted = undefined;
    // What changes from reading to reading by itself is no trace.
    const before = steady(await this.#witness(step), await this.#witness(step));
    for (const { refusal, pointer } of all) await this.#refusal(refusal, pointer, step, filled.draft, built);
    const after = await this.#witness(step);
    await this.#traces(step, index, before, after);
  }

  /** What the sequence says of a derived refusal. */
  #settled(refusal: Refusal): Refusal {
    const settled = this.#sequence.derived?.[refusal.id];
    return settled ? { ...refusal, ...settled } : refusal;
  }

  #mayTry(refusal: Refusal, step: Step, built: Built): boolean {
    const { target } = this.#stage;
    if (refusal.skip !== undefined || (refusal.ours && !target.ours)) return false;
    if (refusal.when && !applies(refusal.when, this.#question())) return false;
    const wrong = Object.entries(refusal.headers ?? {}).find(
      ([name, value]) => value !== null && (/password/i.test(name) || /^basic /i.test(value)),
    );
    if (!wrong || target.ours || (isLoopback(built.sent.origin) && !step.once)) return true;
    const account = unordered(built.sent.headers.filter(([name]) => /username|authorization/i.test(name)));
    if (this.#triedWrong.has(account)) return false;
    this.#triedWrong.add(account);
    return true;
  }

  async #refusal(refusal: Refusal, pointer: string, step: Step, draft: Draft, original: Built): Promise<void> {
    await this.#around(refusal.says, pointer, async () => {
      const report = this.#report({ ...refusal, page: refusal.page ?? step.page }, 'refusal', pointer);
      const built = this.#varied(refusal, draft, original, step);
      if (built.missing.length > 0)
        return { ...report, outcome: 'not applicable', reason: `no value for ${built.missing.join(', ')}` };
      try {
        const came = await this.#send(built, step.operation, report);
        const basis = refusal.basis ?? 'documented';
        const choices = [
          refusal.answer ?? { ...REFUSED, status: { is: '4XX', basis } },
          ...(refusal.or ?? step.refusedBy ?? []),
        ];
        const judged = choices.map((expected) => this.#judge({ ...step, vary: {}, basis }, expected, [], came));
        const best =
          judged.find((one) => one.findings.every((finding) => finding.kind === 'undocumented')) ??
          this.#nearest(judged, choices, came);
        report.findings.push(
          ...best.findings.map((finding) =>
            this.#graded({
              ...finding,
              kind: finding.kind === 'status' ? 'refusal' : finding.kind,
              basis: weaker(finding.basis, basis),
            }),
          ),
        );
        report.findings.push(...this.#repeated(built, came, basis));
        const undo = refusal.undo ?? step.undo;
        if (fulfils('2XX', came.status) && best.findings.some((finding) => finding.kind === 'status')) {
          this.#accepted = weaker(this.#accepted ?? 'documented', basis);
          if (step.witnesses && !undo) this.#ground = weaker(this.#ground, basis);
        }
        if (undo && fulfils('2XX', came.status)) {
          // What was created against the rules goes at once: it must not stand in the way of the story.
          this.#created(step, undo, best.json);
          await this.#takeAway(this.#undo.shift());
        }
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        return this.#failed(report, error);
      }
      return this.#closed(report);
    });
  }

  /** A credential that was sent and stands in the refusal's body: whoever reads the error then reads the credential. */
  #repeated(built: Built, came: Came, basis: Basis): GradedFinding[] {
    const plain = built.sent.headers.filter(([name]) => /username/i.test(name)).map(([, value]) => value);
    const credentials = built.sent.headers
      .filter(([name]) => /password|authorization|cookie/i.test(name))
      .flatMap(([name, value]) => {
        const bare = value.replace(/^(basic|bearer) /i, '');
        const secret = /^basic /i.test(value)
          ? Buffer.from(bare, 'base64').toString().split(':').slice(1).join(':')
          : '';
        return [bare, secret].map((text) => ({ name, text }));
      })
      .filter(({ text }) => text.length > 5 && !plain.includes(text) && came.body.includes(text));
    return credentials.slice(0, 1).map(({ name }) =>
      this.#graded({
        kind: 'refusal',
        where: 'body',
        expected: `nothing of the ${name} that was sent`,
        came: 'an error that repeats it',
        basis: weaker('assumed', basis),
      }),
    );
  }

  /** Of several right answers, the one whose status fits best tells what is wrong. */
  #nearest(judged: Judgement[], choices: Expectation[], came: Came): Judgement {
    const index = choices.findIndex(
      (choice) =>
        statusClaims(choice.status, 'documented').every((claim) => fulfils(claim.is, came.status)) &&
        choice.schema === undefined,
    );
    return judged[Math.max(0, index)] as Judgement;
  }

  #varied(refusal: Refusal, draft: Draft, original: Built, step: Step): Built {
    const changed: Draft = { ...draft, headers: { ...draft.headers } };
    if (refusal.method !== undefined) changed.method = refusal.method;
    if (refusal.url !== undefined) changed.url = refusal.url;
    for (const [name, value] of Object.entries(refusal.headers ?? {})) setHeader(changed.headers, name, value);
    if (refusal.body !== undefined) changed.body = refusal.body;
    for (const [pointer, value] of Object.entries(refusal.set ?? {}))
      changed.body = withValue(changed.body, pointer, value) ?? {};
    for (const pointer of refusal.remove ?? []) changed.body = withValue(changed.body, pointer, undefined) ?? {};
    if (refusal.raw !== undefined) {
      changed.raw = refusal.raw;
      delete changed.body;
    }
    const session = refusal.session === undefined ? step.session : refusal.session;
    const built = this.#build(changed, session);
    return { ...built, sent: { ...built.sent, origin: built.sent.origin || original.sent.origin } };
  }

  /** Reads what the witnesses of a step show. */
  async #witness(step: Step): Promise<Map<string, Json>> {
    const shown = new Map<string, Json>();
    for (const witness of step.witnesses ?? []) {
      const source = this.#sequence.steps.find((one) => one.id === witness.step);
      if (!source) continue;
      const draft = draftOf(source.request, source.errata);
      if (this.#lacking(source, draft)) continue;
      try {
        const came = await this.#stage.transport.send(this.#build(draft, source.session).sent);
        const parsed = parseJson(came.body);
        if ('json' in parsed) shown.set(witness.step, this.#shown(parsed.json, witness, source));
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
      }
    }
    return shown;
  }

  /** What a witness sees: the value without what is known to vary from answer to answer. */
  #shown(body: Json, witness: Witness, source: Step): Json {
    const steady = Object.keys(source.vary ?? {}).reduce<Json>(
      (value, pointer) => withValue(value, pointer, undefined) ?? null,
      body,
    );
    const here = witness.at === undefined ? steady : (at(steady, witness.at) ?? null);
    const text = witness.containing === undefined ? undefined : this.#names.fill(witness.containing, this.#scope).text;
    return Array.isArray(here) && text !== undefined
      ? here.filter((item) => JSON.stringify(item).includes(text))
      : here;
  }

  async #traces(step: Step, index: number, before: Map<string, Steady>, after: Map<string, Json>): Promise<void> {
    if (after.size === 0) return;
    await this.#around(`refused requests to ${step.operation} leave no trace`, `/steps/${index}`, () => {
      const report = this.#report(
        { id: `${step.id}~trace`, says: `refused requests to ${step.operation} leave no trace`, page: step.page },
        'refusal',
        `/steps/${index}`,
      );
      for (const [witness, shown] of after) {
        const was = before.get(witness);
        if (!was) continue;
        const [read, reads] = [unordered(was.value), unordered(without(shown, was.moving))];
        if (read !== reads)
          report.findings.push(
            this.#graded({
              kind: 'trace',
              where: witness,
              expected: `what ${witness} read before: ${read}`,
              came: reads,
              basis: weaker('standard', this.#accepted ?? 'standard'),
            }),
          );
      }
      return Promise.resolve(this.#closed(report));
    });
  }

  /** A form that a page prints and the replay departs from: whether it is served too is told, never a violation. */
  async #probe(
    probe: { id: string; says: string; at: string; url: string; because: string },
    index: number,
  ): Promise<void> {
    const step = this.#sequence.steps.find((one) => one.id === probe.at);
    if (!step) return;
    await this.#around(probe.says, `/probes/${index}`, async () => {
      const report = this.#report(probe, 'probe', `/probes/${index}`);
      const built = this.#build({ ...draftOf(step.request, step.errata), url: probe.url }, step.session);
      if (built.missing.length > 0) return { ...report, outcome: 'not applicable' };
      try {
        const came = await this.#send(built, step.operation, report);
        return {
          ...report,
          reason: `${probe.url} answers ${came.status}${mediaType(came.headers) ? ` (${mediaType(came.headers) ?? ''})` : ''}: ${probe.because}`,
        };
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        return { ...report, reason: error.message };
      }
    });
  }

  #created(step: Step, undo: Undo, body: Json | undefined): void {
    const id = at(body, undo.id);
    if (typeof id === 'string' && id !== '') this.#undo.unshift({ step, undo, id, scope: this.#scope, done: false });
  }

  /** A step of the story itself may have undone what an earlier one created. */
  #undone(sent: Sent): void {
    for (const entry of this.#undo) {
      const built = this.#undoRequest(entry);
      if (built && built.method === sent.method && built.path === sent.path) entry.done = true;
    }
  }

  #undoRequest({ undo, id, scope }: Created): Sent | undefined {
    const draft: Draft = {
      method: this.#stage.contract.operation(undo.operation).method,
      url: undo.url.replace('{id}', encodeURIComponent(id)),
      headers: { ...undo.headers },
    };
    const built = build(draft, this.#names, new Map([...scope, ...this.#scope]), this.#recorded, undefined);
    return built.missing.length === 0 ? built.sent : undefined;
  }

  /** Takes away what was created and is still there, last first. */
  async #cleanUp(): Promise<void> {
    for (const created of this.#undo) {
      const problem = await this.#takeAway(created);
      if (problem === undefined || created.done) continue;
      const report = this.#report(
        { id: `${created.step.id}~clean-up`, says: `what ${created.step.operation} created is taken away again` },
        'clean-up',
        `/steps/${this.#sequence.steps.indexOf(created.step)}`,
      );
      this.#reports.push({ ...report, reason: `${problem}: take it away by hand` });
    }
  }

  /** Sends the request that undoes a creation. @returns what went wrong; that it is gone already is not wrong */
  async #takeAway(created: Created | undefined): Promise<string | undefined> {
    const sent = created && this.#undoRequest(created);
    if (!sent) return undefined;
    try {
      const came = await this.#stage.transport.send(sent);
      return came.status < 300 || came.status === 404 || created.done
        ? undefined
        : `${sent.method} ${sent.path} answered ${came.status}`;
    } catch (error) {
      return error instanceof TransportError ? error.message : String(error);
    }
  }
}

/** The day, as YYYY-MM-DD in UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function mentionedIn(body: Json | undefined, names: Names): string[] {
  return leaves(body ?? null).flatMap(({ value }) => (typeof value === 'string' ? names.mentioned(value) : []));
}

const STRENGTH = ['assumed', 'recorded', 'standard', 'documented'] as const;

function weaker(a: Finding['basis'], b: Finding['basis']): Finding['basis'] {
  return STRENGTH.indexOf(a) < STRENGTH.indexOf(b) ? a : b;
}
