import { bearerWanted } from './challenge.ts';
import { failures } from './assertion.ts';
import { evaluate } from './expression.ts';
import { fillForm, membersAt } from './fill.ts';
import { at, brief, unordered, withValue, type Json, type JsonObject } from './json.ts';
import { applies } from './statement.ts';
import { fulfils, statusClaims } from './form.ts';
import { contractOnly, FormFlow } from './form-flow.ts';
import { Leftovers, type Begun } from './leftovers.ts';
import { deniedBy, notOffered } from './offer.ts';
import { Refuser } from './refuser.ts';
import { printable } from './printable.ts';
import { Live, withTemplate } from './printed.ts';
import { draftOf, pathOf, type Built, type Draft, type PrintedDraft } from './request.ts';
import type { Sequence, Step } from './sequence.ts';
import { absentFrom, equipped } from './set-ups.ts';
import { filled } from './template.ts';
import { Telling, type Stage, type StepReport } from './telling.ts';
import { mediaType, parseJson, TransportError, type Came } from './transport.ts';

const LONGEST = 20;

/** Tells a story against a target: every step, every refusal, every clean-up; throws only for mistakes in the fixtures. */
export async function tell(stage: Stage): Promise<StepReport[]> {
  const { target } = stage;
  const story = equipped(stage.story, target);
  return new Teller({ ...stage, story, target: { ...target, absent: absentFrom(story, target) } }).tell();
}

/** Why a story stops whose server gave another id than that of what it created. */
const STRAYED = 'the id that was answered is not that of what was created; the rest of this was not told';

/** A story stops here: what follows cannot be judged. */
class Stop extends Error {}

class Teller {
  readonly #telling: Telling;
  readonly #leftovers: Leftovers;
  readonly #refuser: Refuser;
  /** Accounts whose credentials the server has accepted. */
  readonly #trusted = new Set<string>();
  /** Steps that have had their turn. */
  readonly #done = new Set<string>();
  /** Steps whose refusals come after the story. */
  readonly #after: { step: Step; index: number; draft: Draft }[] = [];
  readonly #forms: FormFlow;

  constructor(stage: Stage) {
    this.#telling = new Telling(stage);
    this.#leftovers = new Leftovers(this.#telling);
    this.#forms = new FormFlow(this.#telling, this.#done, (step) => this.#turn(step));
    this.#refuser = new Refuser(this.#telling, this.#leftovers, (...one) => this.#forms.asked(...one));
  }

  async tell(): Promise<StepReport[]> {
    try {
      for (const step of this.#telling.sequence.steps) await this.#turn(step);
      for (const { step, index, draft } of this.#after) await this.#refuse(step, index, draft);
      await this.#refuser.refuseLater();
      for (const [index, probe] of (this.#telling.sequence.probes ?? []).entries()) await this.#probe(probe, index);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    } finally {
      await this.#leftovers.cleanUp();
      // Another story begins where this one's changes are no longer in effect.
      await this.#telling.settling.rest();
    }
    this.#telling.stage.listener?.ended?.(this.#telling.scope);
    return this.#telling.reports;
  }

  /** A step that tells by itself whether the target offers what it is about, and is not run where it does not. */
  async #absent(step: Step, index: number, draft: PrintedDraft): Promise<StepReport | undefined> {
    const { offered = [] } = this.#telling.sequence;
    if (this.#telling.stage.target.ours || ![offered].flat().slice(1).includes(step.id)) return undefined;
    const report = this.#telling.report(step, 'step', `/steps/${index}`);
    const answers = await notOffered(this.#telling, draft, step.operation, report, step.session);
    if (answers === undefined) return undefined;
    return { ...report, outcome: 'not applicable', reason: `it is not offered: ${answers}` };
  }

  /** Runs a step, after what must be refused there; once, though the form that it submits may bring it forward. */
  async #turn(step: Step): Promise<void> {
    if (this.#done.has(step.id)) return;
    this.#done.add(step.id);
    if (this.#forms.ended.has(step.id)) return;
    const index = this.#telling.sequence.steps.indexOf(step);
    if (this.#telling.stage.progress) this.#telling.stage.progress.step = index;
    if (step.when && !applies(step.when, this.#telling.question())) {
      this.#telling.withhold(step, this.#telling.withheldBy(step.when.value) ?? `'${step.id}' does not apply here`);
      return;
    }
    const made = this.#telling.report(step, 'step', `/steps/${index}`);
    const brought = await this.#brought(step, made);
    if ('skipped' in brought) {
      this.#telling.withhold(step, brought.skipped);
      const { exchanges, findings } = made;
      if (brought.blocked || exchanges.length > 0)
        this.#telling.reports.push(
          this.#telling.closed({
            ...made,
            exchanges,
            findings,
            outcome: brought.blocked ? 'skipped' : 'not applicable',
            reason: brought.skipped,
          }),
        );
      return;
    }
    const { draft } = brought;
    const lacking = this.#telling.lacking(step, draft);
    if (lacking) {
      if (lacking.outcome === 'skipped') this.#telling.withhold(step, lacking.reason ?? '');
      this.#telling.reports.push(this.#unrun(step, index, lacking));
      return;
    }
    const absent = await this.#absent(step, index, draftOf(step.request, step.errata));
    if (absent !== undefined) {
      this.#telling.withhold(step, absent.reason ?? '');
      this.#telling.reports.push(absent);
      return;
    }
    // What waits may need what is deleted now.
    if (draft.method === 'DELETE') await this.#refuser.refuseLater();
    this.#leftovers.foresee(step);
    if (step.once && !this.#telling.stage.target.ours) this.#after.push({ step, index, draft });
    else await this.#refuse(step, index, draft);
    await this.#step(step, index, draft, made);
  }

  async #brought(step: Step, report: StepReport): ReturnType<FormFlow['bring']> {
    try {
      return await this.#forms.bring(step, draftOf(step.request, step.errata), report);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#telling.reports.push(this.#telling.failed(report, error));
      throw new Stop();
    }
  }

  #unrun(step: Step, index: number, lacking: Pick<StepReport, 'outcome' | 'reason'>): StepReport {
    const report = { ...this.#telling.report(step, 'step', `/steps/${index}`), ...lacking };
    if (lacking.outcome === 'not testable')
      report.findings = [
        this.#telling.graded({
          kind: 'not testable',
          where: 'request',
          expected: lacking.reason ?? '',
          came: 'so this was not sent',
          basis: 'documented',
        }),
      ];
    return report;
  }

  async #step(step: Step, index: number, draft: Draft, made: StepReport): Promise<void> {
    const { contract } = this.#telling.stage;
    const pointer = `/steps/${index}`;
    const preparing = index < this.#telling.stage.story.setUp;
    const report = await this.#telling.around(step.says, pointer, async () => {
      const operation = contract.operation(step.operation);
      try {
        const filled = this.#filled(step, draft);
        if ('problem' in filled) return this.#telling.untestable(made, filled.problem);
        let built = this.#telling.build(filled.draft, step.session);
        await this.#follow(step, built, made);
        const begun = this.#leftovers.expect(step, step.undo, built);
        let came = await this.#sent(step, built, made);
        this.#leftovers.settle(begun, came);
        if (begun && (await this.#leftovers.strayed(begun))) return this.#strayed(made, begun);
        const followed = await this.#forms.follow(step, draft, came, made);
        came = followed.came;
        for (let round = 1; this.#goesOn(step, came) && round < LONGEST; round++) {
          this.#telling.take(made, this.#telling.judge(step, { status: 200 }, [], came), false);
          const next = this.#next(step, built, came, filled.draft);
          if ('problem' in next) return this.#telling.untestable(made, next.problem);
          built = this.#telling.build(next.draft, step.session);
          came = await this.#telling.send(built, operation.id, made, step.id);
          this.#merge(step, built, made);
        }
        if (step.paged) came = await this.#pages(step, built, came, made);
        const parsed = parseJson(came.body);
        if (
          step.testable &&
          !this.#telling.stage.target.ours &&
          fulfils('2XX', came.status) &&
          failures(step.testable.schema, 'json' in parsed ? parsed.json : null).length > 0
        )
          return this.#telling.untestable(made, step.testable.otherwise);
        for (let time = 1; time < (step.times ?? 1); time++) {
          this.#telling.take(made, this.#telling.judge(step, step.answer, step.also ?? [], came), false);
          came = await this.#telling.send(built, operation.id, made, step.id);
        }
        const { as } = followed;
        const judgement =
          as === 'printed'
            ? this.#telling.judge(step, step.answer, step.also ?? [], came, true)
            : this.#judgedAs(as === 'contract' ? contractOnly(step) : as, came);
        const refused = this.#credentialsRefused(step, draft, built, came);
        if (refused !== undefined) return this.#telling.untestable(made, refused);
        const denied = preparing ? undefined : deniedBy(this.#telling, step, built, came.status);
        if (denied !== undefined) {
          if (this.#telling.required) return this.#telling.untestable(made, denied);
          this.#telling.withhold(step, denied);
          return { ...made, outcome: 'skipped', reason: denied };
        }
        this.#telling.take(made, judgement, true);
        if (fulfils('2XX', came.status)) this.#leftovers.undone(built.sent);
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        return this.#telling.failed(made, error);
      }
      return this.#telling.closed(preparing ? this.#telling.prepared(made) : made);
    });
    if (preparing && report.outcome === 'not testable') throw new Stop();
    if (report.reason !== undefined && (step.testable || step.fill) && report.outcome === 'not testable')
      throw new Stop();
    if (report.reason === STRAYED || report.exchanges.some((exchange) => exchange.problem !== undefined))
      throw new Stop();
  }

  /** What stands at the id that was answered is somebody else's: the rest of the story would change it. */
  #strayed(report: StepReport, { undo, id }: Begun): StepReport {
    const finding = this.#telling.graded({
      kind: 'state',
      where: undo.id ?? '',
      expected: 'the id of what was created',
      came: `${brief(id)}, at which something else stands; it is left alone`,
      basis: 'standard',
    });
    return this.#telling.closed({ ...report, reason: STRAYED, findings: [...report.findings, finding] });
  }

  /** Sends a step's request: once, after what was changed has had its time, or until its answer shows what was changed. */
  async #sent(step: Step, built: Built, report: StepReport): Promise<Came> {
    const { settling } = this.#telling;
    if (step.once) await settling.rest();
    const send = (): Promise<Came> => this.#telling.send(built, step.operation, report, step.id, [step.answer]);
    const came = await send();
    if (step.eventually === undefined) return came;
    const { eventually } = step;
    const known = this.#telling.question();
    const isUnknown = filled(eventually, known).missing.length > 0;
    const shows = ({ body }: Came): boolean => {
      const parsed = parseJson(body);
      return isUnknown || failures(eventually, 'json' in parsed ? parsed.json : null, known).length === 0;
    };
    return settling.eventually(came, shows, send);
  }

  /** An answer that came in another order than is printed. */
  #judgedAs(step: Step, came: Came): ReturnType<Telling['judge']> {
    return this.#telling.judge(step, step.answer, [], came);
  }

  /** A server that has never accepted the credentials it was given cannot be judged by what it says to them. */
  #credentialsRefused(step: Step, draft: Draft, { sent }: Built, came: Came): string | undefined {
    const given = Object.entries(draft.headers).flatMap(([name, value]) =>
      value instanceof Live ? [] : this.#telling.names.mentioned(value, name),
    );
    const inBody = this.#telling.names.mentionedIn(draft.body);
    const variables = [
      ...new Set([...given, ...inBody].flatMap((name) => this.#telling.stage.target.sources[name] ?? [])),
    ];
    // In whatever form they are sent: credentials that were accepted once are right.
    const whose = sent.headers.filter(([name]) => /username|authorization/i.test(name));
    const account = unordered(given.length > 0 ? [whose.map(([name]) => name.toLowerCase()), given] : whose);
    if (came.status < 300) this.#trusted.add(account);
    const expected = statusClaims(step.answer.status, 'documented').some((claim) => String(claim.is).startsWith('2'));
    if (!expected || this.#telling.stage.target.ours || this.#trusted.has(account)) return undefined;
    const bearer = bearerWanted(
      came,
      sent.headers.map(([name]) => name),
    );
    if (bearer !== undefined || came.status !== 401 || variables.length === 0) return bearer;
    return `the server refuses the credentials (401): check ${variables.join(', ')}`;
  }

  /** On a target that is not ours, what is sent follows the form that it has answered with. */
  #filled(step: Step, draft: Draft): { draft: Draft } | { problem: string } {
    if (!step.fill || this.#telling.stage.target.ours) return { draft };
    return this.#fillFrom(step, draft, this.#telling.recorded.get(step.fill.form)?.response.body);
  }

  #fillFrom(step: Step, draft: Draft, form: Json | undefined): { draft: Draft } | { problem: string } {
    if (!step.fill) return { draft };
    const filled = fillForm(
      step.fill,
      form,
      membersAt(step.request.body, step.fill.to),
      this.#telling.stage.target.values[step.fill.value] ?? {},
    );
    return 'problem' in filled
      ? filled
      : { draft: { ...draft, body: withTemplate(draft.body, step.fill.to, filled.members) } };
  }

  #goesOn(step: Step, came: Came): boolean {
    if (!step.again || this.#telling.stage.target.ours) return false;
    const parsed = parseJson(came.body);
    return 'json' in parsed && failures(step.again.while, parsed.json).length === 0;
  }

  #next(step: Step, built: Built, came: Came, draft: Draft): { draft: Draft } | { problem: string } {
    const parsed = parseJson(came.body);
    const form = 'json' in parsed ? parsed.json : undefined;
    const refused = step.fill && unordered(at(built.body, step.fill.to) ?? null) !== '{}' && this.#sameForm(step, form);
    if (refused) return { problem: 'the same form came again: the server does not take the values that were sent' };
    const next = this.#fillFrom(step, draft, form);
    const { latest } = this.#telling.sequence;
    if ('problem' in next || !latest) return next;
    const token = at(form, latest.from);
    const body = withTemplate(next.draft.body, latest.to, token === undefined ? undefined : new Live(token));
    return { draft: { ...next.draft, body } };
  }

  #sameForm(step: Step, form: Json | undefined): boolean {
    const first = step.fill ? this.#telling.recorded.get(step.fill.form)?.response.body : undefined;
    const names = (body: Json | undefined): string =>
      unordered(
        ((at(body, step.fill?.list ?? '') ?? []) as Json[]).map((item) => at(item, step.fill?.name ?? '') ?? null),
      );
    return names(first) === names(form);
  }

  /** Over several rounds, what was sent is what all of them sent. */
  #merge(step: Step, built: Built, report: StepReport): void {
    const recorded = this.#telling.recorded.get(step.id);
    if (!recorded || !step.fill) return;
    const rounds = report.exchanges
      .map((exchange) => parseJson(exchange.sent.body ?? Buffer.alloc(0)))
      .map((one) => membersAt('json' in one ? one.json : undefined, step.fill?.to ?? ''));
    recorded.request.body = withValue(built.body, step.fill.to, Object.assign({}, ...rounds) as JsonObject);
  }

  /**
   * Goes where a link leads that an earlier answer gave, before the step goes where the page says. Where both are the same
   * place, once is enough; credentials follow no link to another host.
   */
  async #follow(step: Step, built: Built, report: StepReport): Promise<void> {
    const link = step.follows === undefined ? undefined : evaluate(step.follows, this.#telling.recorded);
    if (typeof link !== 'string') return;
    const path = pathOf(link, built.sent.origin);
    if (path === undefined || path === built.sent.path) return;
    const elsewhere = new URL(link, built.sent.origin).origin !== new URL(built.sent.origin).origin;
    if (elsewhere) return;
    const came = await this.#telling.send({ ...built, sent: { ...built.sent, path } }, step.operation, report);
    if (!fulfils('2XX', came.status))
      report.findings.push(
        this.#telling.graded({
          kind: 'state',
          where: step.follows ?? '',
          expected: 'a link that leads to what it names',
          came: `${came.status} at ${path}`,
          basis: 'assumed',
        }),
      );
  }

  /** Follows the next links of a list on the API's own address and joins the items. */
  async #pages(step: Step, built: Built, first: Came, report: StepReport): Promise<Came> {
    const parsed = parseJson(first.body);
    if (!step.paged || !('json' in parsed)) return first;
    let body = parsed.json;
    let page = parsed.json;
    for (let round = 1; round < LONGEST; round++) {
      const next = at(page, step.paged.next);
      const path = typeof next === 'string' ? pathOf(next, built.sent.origin + built.sent.path) : undefined;
      if (path === undefined) break;
      const came = await this.#telling.send({ ...built, sent: { ...built.sent, path } }, step.operation, report);
      const more = parseJson(came.body);
      if (!('json' in more)) break;
      page = more.json;
      const items = [
        ...((at(body, step.paged.items) ?? []) as Json[]),
        ...((at(page, step.paged.items) ?? []) as Json[]),
      ];
      body = withValue(body, step.paged.items, items) ?? body;
    }
    if (page === parsed.json) return first;
    const whole = { ...first, body: Buffer.from(JSON.stringify(body)) };
    this.#telling.keep(step.id, step.operation, built, whole);
    return whole;
  }

  /** A form that a page prints and the replay departs from: whether it is served too is told, never a violation. */
  async #probe(probe: NonNullable<Sequence['probes']>[number], index: number): Promise<void> {
    const step = this.#telling.sequence.steps.find((one) => one.id === probe.at);
    if (!step) return;
    await this.#telling.around(probe.says, `/probes/${index}`, async () => {
      const report = this.#telling.report(probe, 'probe', `/probes/${index}`);
      const built = this.#telling.build({ ...draftOf(step.request, step.errata), url: probe.url }, step.session);
      if (built.missing.length > 0) return { ...report, outcome: 'not applicable' };
      try {
        const came = await this.#telling.send(built, step.operation, report);
        return {
          ...report,
          reason: `${probe.url} answers ${came.status}${mediaType(came.headers) ? ` (${printable(mediaType(came.headers) ?? '')})` : ''}: ${probe.because}`,
        };
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        return { ...report, outcome: 'not applicable', reason: error.message };
      }
    });
  }

  /** Sends what must be refused before a step; where a form cannot be filled, the step itself says so. */
  async #refuse(step: Step, index: number, draft: Draft): Promise<void> {
    const filled = this.#filled(step, draft);
    if (!('problem' in filled)) await this.#refuser.refuse(step, index, filled.draft);
  }
}
