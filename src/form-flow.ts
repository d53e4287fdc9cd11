import { membersAt } from './fill.ts';
import { askedBy, answers, inputFor, isEnd, type Form } from './form-input.ts';
import { fulfils } from './form.ts';
import { outOfOrder, stagesOf } from './form-order.ts';
import { at, equal, isObject, tokens, unordered, withValue, type Json, type JsonObject } from './json.ts';
import { printedText, withTemplate, type Template } from './printed.ts';
import { draftOf, type Draft } from './request.ts';
import type { Forms, Refusal, Step } from './sequence.ts';
import type { StepReport, Telling } from './telling.ts';
import { parseJson, type Came } from './transport.ts';

const MAX_FORMS = 20;

/** What a step sends, or why it is not sent: the reason, and whether something that a setting could give is missing. */
export type Brought = { draft: Draft } | { skipped: string; blocked: boolean };

/** The answer that a step is judged by, and how: as printed, as another step's answer is, or by the contract alone. */
export interface Followed {
  came: Came;
  as: Step | 'printed' | 'contract';
}

/** Where a step reads what it submits, in the order of a process. */
interface Place {
  step: Step;
  forms: Forms;
  report: StepReport;
}

/**
 * Follows a process on a server that is not ours: what is sent next is decided by what the server has asked for. A form
 * that a later step submits brings that step forward; one that no step submits is answered with the sequence's values; a
 * step whose form does not come is not sent.
 */
export class FormFlow {
  readonly #telling: Telling;
  /** Runs a step before its turn. */
  readonly #run: (step: Step) => Promise<void>;
  readonly #done: ReadonlySet<string>;
  /** The step whose recorded answer carries the form that is to be submitted, by the first step of a thread. */
  readonly #heads = new Map<string, string>();
  /** The same for what was there right after a step, for those that go on from there again. */
  readonly #after = new Map<string, string>();
  /** The form that a step has submitted. */
  readonly #submitted = new Map<string, Json>();
  /** Steps that are done since the process has ended before them. */
  readonly ended = new Set<string>();

  constructor(telling: Telling, done: ReadonlySet<string>, run: (step: Step) => Promise<void>) {
    this.#telling = telling;
    this.#done = done;
    this.#run = run;
  }

  get #forms(): Forms | undefined {
    return this.#telling.stage.target.ours ? undefined : this.#telling.sequence.forms;
  }

  /** Brings a process to the form that a step submits, and gives what is sent there. */
  async bring(step: Step, draft: Draft, report: StepReport): Promise<Brought> {
    const forms = this.#forms;
    if (!forms || step.submits === undefined) return { draft };
    const printed = membersAt(draft.body, forms.input);
    for (let round = 0; round < MAX_FORMS; round++) {
      const form = this.#current(step);
      if (form === undefined) return { draft };
      if (isEnd(forms, form.body))
        return { skipped: 'the process has ended before this was asked for', blocked: false };
      if (this.#telling.withheldBy(step.submits) !== undefined && !this.#after.has(step.submits)) return { draft };
      if (answers(forms, form.body, printed)) {
        this.#submitted.set(step.id, form.body);
        return this.#filled(forms, form, draft, printed);
      }
      const later = this.#later(step, forms, form.body);
      if (Object.keys(printed).length === 0 && this.#isSubmitted(forms, form.body)) {
        this.#after.set(step.id, form.step);
        return { skipped: 'the process does not ask for this', blocked: false };
      }
      if (later) await this.#early(later, forms);
      else {
        const filled = this.#between({ step, forms, report }, form, draft, {});
        if ('skipped' in filled) return filled;
        const body = await this.#passed({ step, forms, report }, form.body, filled.draft);
        if (body === undefined || this.#sameForm(forms, form.body, body))
          return { skipped: `${this.#stageOf(forms, form.body)} was not passed`, blocked: true };
      }
    }
    return { skipped: 'the process asks for ever more', blocked: true };
  }

  /** A refusal as far as what it changes is asked for where its step is sent; undefined where nothing of it is. */
  asked(step: Step, draft: Draft, refusal: Refusal): Refusal | undefined {
    const forms = this.#forms;
    const { set = {}, remove = [] } = refusal;
    if (!forms || step.submits === undefined) return refusal;
    const printed = membersAt(step.request.body, forms.input);
    const sent = membersAt(draft.body, forms.input);
    const isAsked = (pointer: string): boolean => {
      const name = pointer.startsWith(`${forms.input}/`) ? tokens(pointer)[tokens(forms.input).length] : undefined;
      return name === undefined || Object.hasOwn(sent, name) || !Object.hasOwn(printed, name);
    };
    const kept = Object.entries(set).filter(([pointer]) => isAsked(pointer));
    const removed = remove.filter(isAsked);
    const changes = Object.keys(set).length + remove.length;
    if (changes > 0 && kept.length + removed.length === 0) return undefined;
    return {
      ...refusal,
      ...(refusal.set ? { set: Object.fromEntries(kept) } : {}),
      ...(refusal.remove ? { remove: removed } : {}),
    };
  }

  /** Goes on from the answer to a step until the printed form has come, or one that another step submits. */
  async follow(step: Step, draft: Draft, first: Came, report: StepReport): Promise<Followed> {
    const forms = this.#forms;
    const isPart = step.submits !== undefined || this.#next(step) !== undefined;
    if (!forms || !isPart) return { came: first, as: 'printed' };
    const place = { step, forms, report };
    const printed = membersAt(step.request.body, forms.input);
    const sent = { ...membersAt(this.#telling.recorded.get(step.id)?.request.body, forms.input) };
    let came = first;
    let before = this.#submitted.get(step.id);
    for (let round = 0; round < MAX_FORMS; round++) {
      const parsed = parseJson(came.body);
      if (!fulfils('2XX', came.status) || !('json' in parsed) || this.#sameForm(forms, before, parsed.json)) break;
      const body = parsed.json;
      report.findings.push(...outOfOrder(this.#telling, forms, before, body));
      if (isEnd(forms, body)) return { came, as: this.#atEnd(place, body) };
      this.#go(step);
      if (this.#isPrinted(place, body)) break;
      const left = Object.fromEntries(Object.entries(printed).filter(([name]) => !(name in sent)));
      const mine = answers(forms, body, left);
      if (step.submits === undefined) return { came, as: 'contract' };
      const later = mine ? undefined : this.#later(step, forms, body);
      const source = this.#telling.sequence.steps.find(({ id }) => id === later?.submits);
      if (later) return { came, as: source?.submits === undefined ? 'contract' : source };
      const filled = this.#between(place, { step: step.id, body }, draft, mine ? left : {});
      if ('skipped' in filled) return { came, as: 'contract' };
      before = body;
      Object.assign(sent, membersAt(filled.draft.body, forms.input));
      const next = await this.#send(place, filled.draft);
      this.#judge(place, came);
      this.#merge(step, forms, sent);
      came = next;
    }
    return { came, as: 'printed' };
  }

  /** The form that a step would submit now. */
  #current(step: Step): Form | undefined {
    const id = this.#heads.get(this.#thread(step)) ?? this.#after.get(step.submits ?? '');
    const body = id === undefined ? undefined : this.#telling.recorded.get(id)?.response.body;
    return id === undefined || body === undefined ? undefined : { step: id, body };
  }

  #go(step: Step): void {
    this.#heads.set(this.#thread(step), step.id);
    this.#after.set(step.id, step.id);
  }

  /** The first step of the way that a step is on: the first of those that submit one form goes on, the others go apart. */
  #thread(step: Step): string {
    const source = this.#telling.sequence.steps.find(({ id }) => id === step.submits);
    return source === undefined || this.#next(source) !== step ? step.id : this.#thread(source);
  }

  #next(step: Step): Step | undefined {
    return this.#telling.sequence.steps.find(({ submits, answer }) => submits === step.id && answer.body !== undefined);
  }

  #rest(step: Step): Step[] {
    const next = this.#next(step);
    return next === undefined ? [] : [next, ...this.#rest(next)];
  }

  #later(step: Step, forms: Forms, body: Json): Step | undefined {
    const members = (one: Step): JsonObject => membersAt(draftOf(one.request, one.errata).body, forms.input);
    return this.#rest(step).find((one) => !this.#done.has(one.id) && answers(forms, body, members(one)));
  }

  /** Whether some step of the sequence submits such a form. */
  #isSubmitted(forms: Forms, body: Json): boolean {
    const { steps } = this.#telling.sequence;
    return steps.some(
      (one) =>
        one.submits !== undefined &&
        answers(forms, body, membersAt(draftOf(one.request, one.errata).body, forms.input)),
    );
  }

  /** Runs a step before its turn, and first what answers the names that it needs. */
  async #early(step: Step, forms: Forms): Promise<void> {
    const { sequence, names } = this.#telling;
    const draft = draftOf(step.request, step.errata);
    const input = at(draft.body, forms.input) ?? null;
    const wanted = names.mentionedIn(input).filter((name) => !this.#telling.scope.has(name));
    const sources = sequence.steps.filter(
      (one) =>
        one.submits === undefined &&
        !this.#done.has(one.id) &&
        names.mentionedIn(one.answer.body).some((name) => wanted.includes(name)),
    );
    for (const one of [...sources, step]) await this.#run(one);
  }

  /** What is sent for a form: its members, and what the form gave to be sent with them. */
  #filled(forms: Forms, form: Form, draft: Draft, printed: Record<string, Template>): Brought {
    const { target } = this.#telling.stage;
    const input = inputFor(forms, form, printed, target.values[forms.given] ?? {});
    const stage = this.#stageOf(forms, form.body);
    if ('lacking' in input)
      return {
        skipped: `${stage} asks for ${input.lacking.join(', ')}: give it in ${forms.variable}, for example {"${input.lacking[0] ?? ''}": …}`,
        blocked: true,
      };
    const { latest } = this.#telling.sequence;
    let body = withTemplate(draft.body, forms.input, input.members) ?? {};
    if (latest) {
      // By where it stands: a refusal that is answered by asking again puts a later one there.
      const place = printedText(`$${form.step}.response.body#${latest.from}`);
      body = withTemplate(body, latest.to, at(form.body, latest.from) === undefined ? undefined : place) ?? {};
    }
    return { draft: { ...draft, body } };
  }

  /** The same for a form that no step submits as it came: what is sent there must be known. */
  #between({ step, forms }: Place, form: Form, draft: Draft, printed: Record<string, Template>): Brought {
    const filled = this.#filled(forms, form, draft, printed);
    const lacking = 'draft' in filled ? this.#telling.lacking(step, filled.draft) : undefined;
    if (lacking === undefined) return filled;
    const asked = askedBy(forms, form.body).join(', ');
    return { skipped: `${this.#stageOf(forms, form.body)} asks for ${asked}: ${lacking.reason ?? ''}`, blocked: true };
  }

  /** Answers a form that no step submits, before a step. */
  async #passed(place: Place, before: Json, draft: Draft): Promise<Json | undefined> {
    const came = await this.#send(place, draft);
    this.#judge(place, came);
    const parsed = parseJson(came.body);
    if (!fulfils('2XX', came.status) || !('json' in parsed)) return undefined;
    place.report.findings.push(...outOfOrder(this.#telling, place.forms, before, parsed.json));
    this.#go(place.step);
    return parsed.json;
  }

  /** An answer that is none of the printed ones is held to the contract. */
  #judge({ step, report }: Place, came: Came): void {
    const judged = contractOnly(step);
    this.#telling.take(report, this.#telling.judge(judged, judged.answer, [], came), false);
  }

  #send({ step, report }: Place, draft: Draft): Promise<Came> {
    return this.#telling.send(this.#telling.build(draft, step.session), step.operation, report, step.id);
  }

  /** Whether the printed form has come: what the next step submits, or what the page prints of who asks for what. */
  #isPrinted({ step, forms }: Place, body: Json): boolean {
    const printed = step.answer.body;
    if (isEnd(forms, printed)) return false;
    const next = this.#next(step);
    if (next && answers(forms, body, membersAt(draftOf(next.request, next.errata).body, forms.input))) return true;
    const asked = askedBy(forms, body);
    const isSame = asked.length > 0 && unordered(asked) === unordered(askedBy(forms, printed));
    return isSame || forms.stage.every((pointer) => equal(at(printed, pointer) ?? null, at(body, pointer) ?? null));
  }

  /** How an end is judged: as printed; or, where it came before the printed one or after it, as that one. */
  #atEnd({ step, forms }: Place, body: Json): Followed['as'] {
    const { sequence, recorded } = this.#telling;
    const rest = this.#rest(step);
    const last = rest.at(-1);
    const [type = ''] = forms.stage;
    const ends = at(body, type) ?? null;
    const owed = rest.some(
      (one) =>
        !this.#done.has(one.id) &&
        equal(at(sequence.steps.find(({ id }) => id === one.submits)?.answer.body, type) ?? null, ends),
    );
    // A stage that ends the process without having asked is no shorter process.
    if (owed) return 'printed';
    this.#go(step);
    const own = recorded.get(step.id);
    if (last && own) recorded.set(last.id, own);
    if (last) this.ended.add(last.id);
    const printed = last ?? step;
    const isOther = !equal(at(printed.answer.body, type) ?? null, ends);
    if (isOther && [ends, ''].includes(stagesOf(this.#telling, forms)?.at(-1) ?? null)) return 'contract';
    return last ?? 'printed';
  }

  #sameForm(forms: Forms, before: Json | undefined, body: Json): boolean {
    if (before === undefined || isEnd(forms, body)) return false;
    const shown = (one: Json): string =>
      unordered([askedBy(forms, one), ...forms.stage.map((pointer) => at(one, pointer) ?? null)]);
    return shown(before) === shown(body);
  }

  #stageOf(forms: Forms, body: Json): string {
    const name = at(body, forms.stage[0] ?? '');
    return `the stage '${typeof name === 'string' ? name : '?'}'`;
  }

  /** What a step has sent is what all its requests have sent. */
  #merge(step: Step, forms: Forms, members: JsonObject): void {
    const recorded = this.#telling.recorded.get(step.id);
    if (recorded && isObject(recorded.request.body))
      recorded.request.body = withValue(recorded.request.body, forms.input, members);
  }
}

/** A step whose answer the contract alone holds: no page prints what comes there. */
export function contractOnly(step: Step): Step {
  return { ...step, id: `${step.id}~between`, vary: {}, also: [], answer: { status: 200, basis: 'standard' } };
}
