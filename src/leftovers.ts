import { messageOf } from './errors.ts';
import { expressionsIn, stepOf } from './expression.ts';
import type { Entry } from './journal/journal.ts';
import { at } from './json.ts';
import type { Built } from './request.ts';
import type { Step, Undo } from './sequence.ts';
import type { StepReport, Telling } from './telling.ts';
import { NO_ID } from './request.ts';
import { parseJson, TransportError, type Came, type Sent } from './transport.ts';
import { differing, ownerOf, undoLeft, undoRequest, type Left, type Undone } from './undo.ts';

/** What undoes at an address that is known beforehand is found by that alone. */
const UNMARKED = { markers: [], fresh: [] };

/** Something that the story has created or changed, or is about to. */
export interface Begun extends Left {
  step: Step;
  /** Its number in the journal. */
  entry?: number | undefined;
  /** The story itself has undone it. */
  done: boolean;
}

/** What a story creates and changes on a target and has to undo again: said in the journal before it is done. */
export class Leftovers {
  readonly #telling: Telling;
  /** Newest first. */
  #begun: Begun[] = [];

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  /** Before a step and its refusals: what is undone by a request that is known already. */
  foresee(step: Step): void {
    if (step.undo?.id !== undefined || step.undo === undefined) return;
    const { missing } = undoRequest(this.#telling, {
      undo: step.undo,
      scope: this.#telling.scope,
      ...UNMARKED,
    });
    if (step.undo.optional && missing.length > 0) return;
    if (this.#awaits(step.undo)) return;
    this.#begin(step, step.undo, []);
  }

  /** Before a request that may create something whose id only its answer tells. */
  expect(step: Step, undo: Undo | undefined, built: Built, refusal?: string): Begun | undefined {
    if (undo?.id === undefined) return undefined;
    const sent = JSON.stringify(built.body ?? null) + built.sent.path;
    const markers = this.#fresh().filter((value) => sent.includes(JSON.stringify(value).slice(1, -1)));
    return this.#begin(step, undo, markers, refusal);
  }

  /** The values that are made up for this run and are no secret: what is created carries one, or is part of what does. */
  #fresh(): string[] {
    const { fresh = {}, secret = [] } = this.#telling.sequence;
    return Object.keys(fresh).flatMap((name) =>
      secret.includes(name) ? [] : (this.#telling.scope.get(name)?.value ?? []),
    );
  }

  #begin(step: Step, undo: Undo, markers: string[], refusal?: string): Begun {
    const fresh = this.#fresh();
    const begun: Begun = { step, undo, scope: this.#telling.scope, markers, fresh, done: false };
    const entry = { ...this.#entry(undo), step: step.id, refusal, markers, fresh } as Entry;
    begun.entry = this.#telling.stage.journal?.open(entry);
    this.#begun.unshift(begun);
    return begun;
  }

  /** After the answer: where it is, or that nothing was created. What is neither is looked for at the end. */
  settle(begun: Begun | undefined, { status, body }: Came): void {
    if (!begun) return;
    const parsed = parseJson(body);
    const id = 'json' in parsed ? at(parsed.json, begun.undo.id ?? '') : undefined;
    if (status < 300 && typeof id === 'string' && !NO_ID.includes(id)) {
      begun.id = id;
      if (begun.entry !== undefined) this.#telling.stage.journal?.found(begun.entry, id);
    } else if (status >= 300 && status < 500) this.close(begun);
  }

  /**
   * Whether the id that an answer gave leads to something that this run has not created: neither the story nor the clean-up
   * may touch it.
   * @throws TransportError when no answer came
   */
  async strayed(begun: Begun): Promise<boolean> {
    return !this.#telling.stage.target.ours && (await ownerOf(this.#telling, begun)) === 'another';
  }

  /** A step of the story itself may have undone what an earlier one has created or changed. */
  undone(sent: Sent): void {
    for (const begun of this.#begun.filter(
      (one) => !one.done && (one.id === undefined) === (one.undo.id === undefined),
    )) {
      const { sent: undoing, missing } = undoRequest(this.#telling, begun);
      const same = undoing.method === sent.method && undoing.path === sent.path;
      if (missing.length === 0 && same && String(undoing.body ?? '') === String(sent.body ?? '')) begun.done = true;
    }
  }

  /** Undoes what is not undone yet, last first. */
  async cleanUp(): Promise<void> {
    for (const begun of [...this.#begun]) {
      const came = await this.#undo(begun);
      if (!('problem' in came) || (begun.done && begun.id !== undefined)) this.close(begun);
      else this.#telling.reports.push(this.#notUndone(begun, came));
    }
    const problem = this.#telling.stage.journal?.problem;
    if (problem !== undefined) this.#telling.reports.push(this.#unnoted(problem));
  }

  /** Whatever keeps one thing from being undone keeps nothing else from it. */
  async #undo(begun: Begun): Promise<Undone> {
    try {
      return (await this.#isPutBack(begun)) ? { undone: 1 } : await undoLeft(this.#telling, begun);
    } catch (error) {
      return { problem: messageOf(error) };
    }
  }

  /** Whether a step of the story itself has undone it, and it reads as before. */
  async #isPutBack(begun: Begun): Promise<boolean> {
    if (!begun.done || begun.id !== undefined) return false;
    try {
      return (await differing(this.#telling, begun)) === undefined;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return false;
    }
  }

  /** What was done is undone all the same; but after a kill nobody would have known of it. */
  #unnoted(problem: string): StepReport {
    const says = 'what is created and changed is noted in the journal until it is undone';
    const report = this.#telling.report({ id: 'journal~clean-up', says }, 'clean-up', '');
    return this.#telling.untestable(report, problem);
  }

  /** What was created and is still there is only told, and holds nothing; what was changed and is not put back fails. */
  #notUndone({ step, undo }: Begun, { problem, differs }: Exclude<Undone, { undone: number }>): StepReport {
    const changed = undo.body !== undefined;
    const says = `what ${step.operation} ${changed ? 'changed is put back' : 'created is taken away again'}`;
    const pointer = `/steps/${this.#telling.sequence.steps.indexOf(step)}`;
    const again = this.#telling.stage.journal ? 'npm run clean tries again' : 'do it by hand';
    const report = {
      ...this.#telling.report({ id: `${step.id}~clean-up`, says }, 'clean-up', pointer),
      reason: `${problem}: ${again}`,
    };
    if (!changed) return { ...report, outcome: 'not applicable' };
    const finding = this.#telling.graded({
      kind: differs ? 'state' : 'not testable',
      where: 'request',
      expected: says,
      came: problem,
      basis: 'documented',
    });
    return this.#telling.closed({ ...report, findings: [finding] });
  }

  /**
   * Takes away at once what was created against the rules: it must not stand in the way of the story. Where no answer
   * told its id, or nothing is there, what is found may be what the story itself has created: that is left for the end.
   */
  async takeAway(begun: Begun): Promise<void> {
    const isShared = this.#awaits(begun.undo, begun);
    if (begun.id === undefined && isShared) return;
    const came = await undoLeft(this.#telling, begun, !isShared);
    if (!('problem' in came) && (came.undone > 0 || !isShared)) this.close(begun);
  }

  /** Of this nothing is left: it was undone, or refused before anything was created. */
  close(begun: Begun): void {
    this.#begun = this.#begun.filter((one) => one !== begun);
    if (begun.entry !== undefined) this.#telling.stage.journal?.close(begun.entry);
  }

  /** Whether the same request, but for one, is to be sent in the end. */
  #awaits(undo: Undo, but?: Begun): boolean {
    const request = this.#same(undo);
    return this.#begun.some((one) => one !== but && !one.done && this.#same(one.undo) === request);
  }

  #same(undo: Undo): string {
    const { sent } = undoRequest(this.#telling, { undo, scope: this.#telling.scope, ...UNMARKED });
    return `${sent.method} ${sent.path} ${String(sent.body ?? '')}`;
  }

  /** What has to be known to undo it later: no more, and no secret, which the target gives again. */
  #entry(undo: Undo): Omit<Entry, 'step' | 'markers' | 'fresh'> {
    const { stage, names, scope, sequence, recorded } = this.#telling;
    const mentioned = names.mentionedIn([undo.url, undo.find ?? null, undo.body ?? null]);
    const given = (name: string): boolean =>
      name.startsWith('address.') || (name in stage.target.names && !(name in (sequence.fresh ?? {})));
    const values = [...new Set(mentioned)]
      .filter((name) => !given(name) && !sequence.secret?.includes(name))
      .map((name): [string, string | undefined] => [name, scope.get(name)?.value]);
    const steps = expressionsIn(undo.body ?? null).flatMap((one) => stepOf(one) ?? []);
    const answers = steps.flatMap((step): [string, Entry['answers'][string]][] => {
      const { status, text } = recorded.get(step)?.response ?? {};
      return status === undefined ? [] : [[step, { status, ...(text === undefined ? {} : { text }) }]];
    });
    return {
      story: stage.story.id,
      version: stage.version,
      setUps: stage.story.setUps,
      names: Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Entry['names'],
      answers: Object.fromEntries(answers),
    };
  }
}
