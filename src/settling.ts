import { setTimeout as sleep } from 'node:timers/promises';
import type { Delay } from './contract.ts';
import { fulfils } from './form.ts';
import type { Came } from './transport.ts';

/** Milliseconds between two readings of what has not taken effect yet. */
const PAUSE = 250;

/** For each server, the milliseconds after which a change was in effect at the latest, as far as was seen. */
const latest = new Map<string, number>();

/**
 * Changes that were accepted and may show late, by what the contract says of them (`x-settles`). The reference target
 * is never late, so a server is named only where it is another one.
 */
export class Settling {
  /** Without those that were waited for in vain. */
  #delays: Delay[];
  readonly #server: string | undefined;
  /** When each kind of change was accepted last, in milliseconds since 1970. */
  readonly #since = new Map<Delay, number>();

  constructor(delays: Delay[], server: string | undefined) {
    this.#delays = server === undefined ? [] : delays;
    this.#server = server;
  }

  /** After an answer: an accepted change may take its time from now on. */
  note(operation: string, status: number): void {
    for (const delay of this.#delays) {
      const begins = delay.status === undefined ? fulfils('2XX', status) : delay.status === status;
      if (begins && delay.operations?.includes(operation) !== false) this.#since.set(delay, Date.now());
    }
  }

  /**
   * Sends again while the answer is the one that is given for a moment after a change, such as 404 after a creation.
   * @param right whether that answer is what is expected
   * @returns the last answer, and the change that took so long, where one did
   */
  async meanwhile(
    came: Came,
    right: (came: Came) => boolean,
    send: () => Promise<Came>,
  ): Promise<{ came: Came; late?: { delay: Delay; seconds: number } }> {
    for (const delay of this.#pending()) {
      if (delay.meanwhile !== came.status || right(came)) continue;
      const last = await this.#until(delay, came, (one) => one.status !== delay.meanwhile, send);
      if (last.status === delay.meanwhile) return { came: last };
      const seconds = Math.round((Date.now() - (this.#since.get(delay) ?? 0)) / 100) / 10;
      return { came: last, late: { delay, seconds } };
    }
    return { came };
  }

  /** Sends again until the answer shows what was changed, for as long as that may take; learns how long it took. */
  async eventually(came: Came, shows: (came: Came) => boolean, send: () => Promise<Came>): Promise<Came> {
    const [delay] = this.#pending().filter(({ meanwhile }) => meanwhile === undefined);
    if (delay === undefined) return came;
    const elapsed = (): number => Date.now() - (this.#since.get(delay) ?? 0);
    // A server that was late once may be later the next time.
    const learn = (milliseconds: number): void => {
      if (this.#server !== undefined) latest.set(this.#server, Math.max(latest.get(this.#server) ?? 0, milliseconds));
    };
    if (shows(came)) {
      learn(elapsed());
      return came;
    }
    const last = await this.#until(delay, came, shows, send);
    if (shows(last)) learn(2 * elapsed());
    else this.#delays = this.#delays.filter((one) => one !== delay);
    return last;
  }

  /** Before what can be sent only once: waits until every change has had as much time as this server was seen to need. */
  async rest(): Promise<void> {
    for (const delay of this.#pending().filter(({ meanwhile }) => meanwhile === undefined)) {
      const needed = Math.min(latest.get(this.#server ?? '') ?? Infinity, delay.within * 1000);
      const left = (this.#since.get(delay) ?? 0) + needed - Date.now();
      if (left > 0) await sleep(left);
    }
  }

  /** The changes that may still be on their way, the latest first. */
  #pending(): Delay[] {
    const now = Date.now();
    return [...this.#since]
      .filter(([delay, since]) => this.#delays.includes(delay) && now - since < delay.within * 1000)
      .sort(([, a], [, b]) => b - a)
      .map(([delay]) => delay);
  }

  async #until(delay: Delay, first: Came, right: (came: Came) => boolean, send: () => Promise<Came>): Promise<Came> {
    const end = (this.#since.get(delay) ?? 0) + delay.within * 1000;
    let came = first;
    for (let left = end - Date.now(); left > 0 && !right(came); left = end - Date.now()) {
      await sleep(Math.min(PAUSE, left + 1));
      came = await send();
    }
    return came;
  }
}
