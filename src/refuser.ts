import { anew } from './anew.ts';
import { deriveRefusals, mistaken, REFUSED } from './refusals.ts';
import type { Basis } from './finding.ts';
import { at, leaves, unordered, without, withValue, type Json } from './json.ts';
import { applies } from './statement.ts';
import { fulfils, statusClaims } from './form.ts';
import type { FormFlow } from './form-flow.ts';
import { type Judgement } from './judge.ts';
import type { Leftovers } from './leftovers.ts';
import { Live, withTemplate } from './printed.ts';
import { draftOf, setHeader, withBody, type Built, type Draft } from './request.ts';
import type { Expectation, Refusal, Step, Witness } from './sequence.ts';
import { steady, type Steady } from './steady.ts';
import { isLoopback } from './loopback.ts';
import { weaker, type GradedFinding, type StepReport, type Telling } from './telling.ts';
import { parseJson, TransportError, type Came } from './transport.ts';
import { undoLeft } from './undo.ts';

/** Whose credentials a request carries. */
function accountOf({ sent }: Built): string {
  return unordered(sent.headers.filter(([name]) => /username|authorization/i.test(name)));
}

/** The members of a body that are named like passwords. */
function passwordsIn(body: Json | undefined): { name: string; text: string }[] {
  return leaves(body ?? null).flatMap(({ pointer, value }) => {
    const name = pointer.split('/').at(-1) ?? '';
    return typeof value === 'string' && /password|secret/i.test(name) ? [{ name, text: value }] : [];
  });
}

/** Sends what must be refused, each just before the step that it varies, and looks for traces afterwards. */
export class Refuser {
  readonly #telling: Telling;
  readonly #leftovers: Leftovers;
  /** Passwords are tried wrongly at most once per account on a machine that is not this one. */
  readonly #triedWrong = new Set<string>();
  /** Accounts whose password was tried in every wrong way. */
  readonly #triedEveryWay = new Set<string>();
  readonly #derived = new Set<string>();
  /** Refusals that wait for the end of the story, or for the first deletion. */
  readonly #later: (() => Promise<void>)[] = [];
  /** The weakest basis of a request that should have been refused and was not, since the witnesses looked last. */
  #accepted: Basis | undefined;

  /** A refusal as far as what it changes is asked for at its step. */
  readonly #asked: FormFlow['asked'];

  constructor(telling: Telling, leftovers: Leftovers, asked: FormFlow['asked']) {
    this.#asked = asked;
    this.#telling = telling;
    this.#leftovers = leftovers;
  }

  /** Sends what had to wait, because it could have used something up; each is sent once. */
  async refuseLater(): Promise<void> {
    for (const refuse of this.#later.splice(0)) await refuse();
  }

  /** Sends every refusal of a step just before it; then what can be read must be as it was. */
  async refuse(step: Step, index: number, draft: Draft): Promise<void> {
    const built = this.#telling.build(draft, step.session);
    const operation = this.#telling.stage.contract.operation(step.operation);
    const written = (this.#telling.sequence.refusals ?? []).flatMap((refusal, at) =>
      refusal.at === step.id ? [{ refusal, pointer: `/refusals/${at}` }] : [],
    );
    const first =
      this.#telling.sequence.derives !== false && step.derives !== false && !this.#derived.has(operation.id);
    if (first) this.#derived.add(operation.id);
    const derived = first
      ? deriveRefusals(step, operation, this.#telling.stage.contract, built, this.#everyWay(built)).map((refusal) => ({
          refusal: this.#settled(refusal),
          pointer: `/steps/${index}`,
        }))
      : [];
    const asked = [...written, ...derived].flatMap(({ refusal, pointer }) => {
      const one = this.#asked(step, draft, refusal);
      return one === undefined ? [] : [{ refusal: one, pointer }];
    });
    const all = asked.filter(({ refusal, pointer }) => {
      if (!this.#mayTry(refusal, built)) return false;
      const later = refusal.spends === true && !this.#telling.stage.target.ours && !step.once;
      if (later) this.#later.push(() => this.#refusal(refusal, pointer, step, draft, built));
      return !later;
    });
    if (all.length === 0) return;
    this.#accepted = undefined;
    // What changes from reading to reading by itself is no trace.
    const before = steady(await this.#witness(step), await this.#witness(step));
    for (const { refusal, pointer } of all) await this.#refusal(refusal, pointer, step, draft, built);
    const after = await this.#witness(step);
    await this.#traces(step, index, before, after);
  }

  /** What the sequence says of a derived refusal. */
  #settled(refusal: Refusal): Refusal {
    const settled = this.#telling.sequence.derived?.[refusal.id];
    return settled ? { ...refusal, ...settled } : refusal;
  }

  #mayTry(refusal: Refusal, built: Built): boolean {
    const { target } = this.#telling.stage;
    if (refusal.skip !== undefined || (refusal.ours && !target.ours)) return false;
    if (refusal.when && !applies(refusal.when, this.#telling.question())) return false;
    const wrong = Object.entries(refusal.headers ?? {}).find(
      ([name, value]) =>
        value !== null && (/password/i.test(name) || /^basic /i.test(value instanceof Live ? value.value : value)),
    );
    if (!wrong || target.ours || isLoopback(built.sent.origin)) return true;
    const account = accountOf(built);
    if (this.#triedWrong.has(account)) return false;
    this.#triedWrong.add(account);
    return true;
  }

  /** Whether the password of whoever sends this is still to be tried in every wrong way: once in a story. */
  #everyWay(built: Built): boolean {
    const account = accountOf(built);
    if (this.#triedEveryWay.has(account)) return false;
    this.#triedEveryWay.add(account);
    return true;
  }

  async #refusal(refusal: Refusal, pointer: string, step: Step, draft: Draft, original: Built): Promise<void> {
    await this.#telling.around(refusal.says, pointer, async () => {
      const report = this.#telling.report({ ...refusal, page: refusal.page ?? step.page }, 'refusal', pointer);
      const work = (): Promise<StepReport> => this.#refused(refusal, step, draft, original, report);
      if (!Array.isArray(refusal.spends) || this.#telling.stage.target.ours) return work();
      try {
        return await anew(this.#telling, refusal.spends, report, async () => {
          const done = await work();
          // Then it is done rightly, so that wrong tries do not add up.
          const right = this.#telling.build(draft, step.session);
          if (right.missing.length === 0) await this.#telling.exchange(right.sent);
          return done;
        });
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        return this.#telling.failed(report, error);
      }
    });
  }

  async #refused(refusal: Refusal, step: Step, draft: Draft, original: Built, report: StepReport): Promise<StepReport> {
    const built = this.#varied(refusal, draft, original, step);
    if (built.missing.length > 0)
      return { ...report, outcome: 'not applicable', reason: `no value for ${built.missing.join(', ')}` };
    try {
      const undo = refusal.undo ?? step.undo;
      const begun = this.#leftovers.expect(step, undo, built, refusal.undo && refusal.id);
      const basis = refusal.basis ?? 'documented';
      const choices = [
        refusal.answer ?? { ...REFUSED, status: { is: '4XX', basis } },
        ...(refusal.or ?? step.refusedBy ?? []),
      ];
      const came = await this.#telling.send(built, step.operation, report, undefined, choices);
      this.#leftovers.settle(begun, came);
      const judged = choices.map((expected) => this.#telling.judge({ ...step, vary: {}, basis }, expected, [], came));
      const right = judged.find((one) => one.findings.every((finding) => finding.kind === 'undocumented'));
      const best = right ?? this.#nearest(judged, choices, came);
      this.#telling.renew(draft.body, right?.json, `${step.id}~${refusal.id} body`);
      report.findings.push(
        ...best.findings.map((finding) =>
          this.#telling.graded({
            ...finding,
            kind: finding.kind === 'status' ? 'refusal' : finding.kind,
            basis: weaker(finding.basis, basis),
          }),
        ),
      );
      report.findings.push(...this.#repeated(built, came, basis));
      if (fulfils('2XX', came.status) && best.findings.some((finding) => finding.kind === 'status')) {
        this.#accepted = weaker(this.#accepted ?? 'documented', basis);
        const restored = await this.#putBack(refusal);
        if ((step.witnesses ?? refusal.undo) && !begun && !restored)
          this.#telling.ground = weaker(this.#telling.ground, basis);
      }
      if (begun && fulfils('2XX', came.status)) {
        if (right && begun.id === undefined) this.#leftovers.close(begun);
        else await this.#leftovers.takeAway(begun);
      }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return this.#telling.failed(report, error);
    }
    return this.#telling.closed(report);
  }

  /**
   * Puts back at once what a request that should have been refused has changed: it must not stand in the way of the story.
   * @returns whether the refusal says how, and the server did it
   */
  async #putBack({ undo }: Refusal): Promise<boolean> {
    if (undo === undefined || undo.id !== undefined) return false;
    return !(
      'problem' in (await undoLeft(this.#telling, { undo, scope: this.#telling.scope, markers: [], fresh: [] }))
    );
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
      .concat(passwordsIn(built.body))
      .filter(({ text }) => text.length > 5 && !plain.includes(text) && came.body.includes(text));
    return credentials.slice(0, 1).map(({ name }) =>
      this.#telling.graded({
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
      changed.body = withTemplate(changed.body, pointer, value) ?? {};
    for (const pointer of refusal.remove ?? []) changed.body = withTemplate(changed.body, pointer, undefined) ?? {};
    if (refusal.raw !== undefined) {
      changed.raw = refusal.raw;
      delete changed.body;
    }
    const session = refusal.session === undefined ? step.session : refusal.session;
    const made = this.#telling.build(changed, session);
    const built = { ...made, sent: { ...made.sent, origin: made.sent.origin || original.sent.origin } };
    if (!refusal.wrong) return built;
    const body = Object.entries(refusal.wrong).reduce<Json>((value, [pointer, how]) => {
      const right = at(value, pointer);
      return typeof right === 'string' ? (withValue(value, pointer, mistaken(right, how)) ?? value) : value;
    }, built.body ?? {});
    return withBody(built, body);
  }

  /** Reads what the witnesses of a step show. */
  async #witness(step: Step): Promise<Map<string, Json>> {
    const shown = new Map<string, Json>();
    for (const witness of step.witnesses ?? []) {
      const source = this.#telling.sequence.steps.find((one) => one.id === witness.step);
      if (!source) continue;
      const draft = draftOf(source.request, source.errata);
      if (this.#telling.lacking(source, draft)) continue;
      try {
        const came = await this.#telling.exchange(this.#telling.build(draft, source.session).sent);
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
    const steady = without(body, Object.keys(source.vary ?? {}));
    const here = witness.at === undefined ? steady : (at(steady, witness.at) ?? null);
    const text =
      witness.containing === undefined
        ? undefined
        : this.#telling.names.fill(witness.containing, this.#telling.scope).text;
    return Array.isArray(here) && text !== undefined
      ? here.filter((item) => JSON.stringify(item).includes(text))
      : here;
  }

  async #traces(step: Step, index: number, before: Map<string, Steady>, after: Map<string, Json>): Promise<void> {
    if (after.size === 0) return;
    await this.#telling.around(`refused requests to ${step.operation} leave no trace`, `/steps/${index}`, () => {
      const report = this.#telling.report(
        { id: `${step.id}~trace`, says: `refused requests to ${step.operation} leave no trace`, page: step.page },
        'refusal',
        `/steps/${index}`,
      );
      const bases = new Map((step.witnesses ?? []).map(({ step: id, basis }) => [id, basis]));
      for (const [witness, shown] of after) {
        const was = before.get(witness);
        if (!was) continue;
        const [read, reads] = [unordered(was.value), unordered(without(shown, was.moving))];
        if (read !== reads)
          report.findings.push(
            this.#telling.graded({
              kind: 'trace',
              where: witness,
              expected: `what ${witness} read before: ${read}`,
              came: reads,
              basis: weaker(bases.get(witness) ?? 'standard', this.#accepted ?? 'standard'),
            }),
          );
      }
      return Promise.resolve(this.#telling.closed(report));
    });
  }
}
