import { at, type Json } from './json.ts';
import type { Scope } from './names.ts';
import { build, type Draft } from './request.ts';
import type { Step, Undo } from './sequence.ts';
import type { Telling } from './telling.ts';
import { TransportError, type Sent } from './transport.ts';

/** Something that the story created, and how to take it away. */
interface Created {
  step: Step;
  undo: Undo;
  id: string;
  scope: Scope;
  /** The story itself has taken it away. */
  done: boolean;
}

/** What a story has created on a target and has to take away again. */
export class Leftovers {
  readonly #telling: Telling;
  readonly #undo: Created[] = [];

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  /** Remembers what an answer says was created. */
  created(step: Step, undo: Undo, body: Json | undefined): void {
    const id = at(body, undo.id);
    if (typeof id === 'string' && id !== '')
      this.#undo.unshift({ step, undo, id, scope: this.#telling.scope, done: false });
  }

  /** A step of the story itself may have undone what an earlier one created. */
  undone(sent: Sent): void {
    for (const entry of this.#undo.filter((one) => !one.done && this.#method(one) === sent.method)) {
      const built = this.#undoRequest(entry);
      if (built?.path === sent.path) entry.done = true;
    }
  }

  #method({ undo }: Created): string {
    return this.#telling.stage.contract.operation(undo.operation).method;
  }

  #undoRequest(created: Created): Sent | undefined {
    const { undo, id, scope } = created;
    const draft: Draft = {
      method: this.#method(created),
      url: undo.url.replace('{id}', encodeURIComponent(id)),
      headers: { ...undo.headers },
    };
    const built = build(
      draft,
      this.#telling.names,
      new Map([...scope, ...this.#telling.scope]),
      this.#telling.recorded,
      undefined,
    );
    return built.missing.length === 0 ? built.sent : undefined;
  }

  /** Takes away what was created and is still there, last first. */
  async cleanUp(): Promise<void> {
    for (const created of this.#undo) {
      const problem = await this.#takeAway(created);
      if (problem === undefined || created.done) continue;
      const report = this.#telling.report(
        { id: `${created.step.id}~clean-up`, says: `what ${created.step.operation} created is taken away again` },
        'clean-up',
        `/steps/${this.#telling.sequence.steps.indexOf(created.step)}`,
      );
      this.#telling.reports.push({ ...report, reason: `${problem}: take it away by hand` });
    }
  }

  /** Sends the request that undoes a creation. @returns what went wrong; that it is gone already is not wrong */
  async #takeAway(created: Created | undefined): Promise<string | undefined> {
    const sent = created && this.#undoRequest(created);
    if (!sent) return undefined;
    try {
      const came = await this.#telling.stage.transport.send(sent);
      return came.status < 300 || came.status === 404 || created.done
        ? undefined
        : `${sent.method} ${sent.path} answered ${came.status}`;
    } catch (error) {
      return error instanceof TransportError ? error.message : String(error);
    }
  }

  /** Takes away what was created last. */
  async takeLast(): Promise<void> {
    await this.#takeAway(this.#undo.shift());
  }
}
