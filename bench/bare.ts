import { isObject, leaves, at } from '../src/json.ts';
import type { Target } from '../src/target.ts';
import { headerValues, parseJson, Transport, type Came, type Sent } from '../src/transport.ts';
import { TIMEOUT, world, type Exchanged, type Told } from './told.ts';

/** How a request is sent without being judged. */
export type Sender = (sent: Sent) => Promise<Came>;

/** Values of one world, and what stands for them in another: ids, tokens, cookies, addresses. */
class Other {
  readonly #values = new Map<string, string>();

  learn(was: string | undefined, is: string | undefined): void {
    if (was !== undefined && is !== undefined && was !== is && was.length > 5) this.#values.set(was, is);
  }

  text(text: string): string {
    const known = [...this.#values.keys()].filter((one) => text.includes(one)).sort((a, b) => b.length - a.length);
    if (known.length === 0) return text;
    const either = known.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    return text.replace(new RegExp(either, 'g'), (one) => this.#values.get(one) ?? one);
  }

  sent(sent: Sent): Sent {
    const headers = sent.headers.map(([name, value]): [string, string] => [name, this.#header(value)]);
    const body = sent.body && Buffer.from(this.text(sent.body.toString()));
    return { ...sent, origin: this.text(sent.origin), path: this.text(sent.path), headers, body };
  }

  #header(value: string): string {
    const basic = /^Basic (.*)$/.exec(value)?.[1];
    if (basic === undefined) return this.text(value);
    return `Basic ${Buffer.from(this.text(Buffer.from(basic, 'base64').toString())).toString('base64')}`;
  }

  /** What differs between two answers to the same request is another name for the same thing. */
  answer(was: Came, is: Came): void {
    const [before, now] = [parseJson(was.body), parseJson(is.body)];
    if ('json' in before && 'json' in now && isObject(before.json))
      for (const { pointer, value } of leaves(before.json)) {
        const other = at(now.json, pointer);
        if (typeof value === 'string' && typeof other === 'string') this.learn(value, other);
      }
    const cookies = ({ headers }: Came): (string | undefined)[] =>
      headerValues(headers, 'set-cookie').map((one) => /^[^=]+=([^;]*)/.exec(one)?.[1]);
    cookies(was).forEach((cookie, index) => this.learn(cookie, cookies(is)[index]));
  }
}

/**
 * Sends what was sent again, to a fresh world that answers likewise, and looks at nothing. Only the sending is timed;
 * putting the other world's ids and tokens in is not.
 * @returns the time, and how many answers have the status that they had
 */
export async function again(
  told: Told,
  exchanged: Exchanged[],
  before: Target,
  open: () => { send: Sender; close: () => Promise<void> },
): Promise<{ ms: number; alike: number }> {
  const target = await world(told);
  const { send, close } = open();
  const other = new Other();
  for (const key of Object.keys(before.addresses)) other.learn(before.addresses[key], target.addresses[key]);
  for (const name of Object.keys(before.names)) other.learn(before.names[name], target.names[name]);
  let ms = 0;
  let alike = 0;
  try {
    for (const { sent, came } of exchanged) {
      const ready = other.sent(sent);
      const started = performance.now();
      const is = await send(ready);
      ms += performance.now() - started;
      if (is.status === came.status) alike++;
      other.answer(came, is);
    }
  } finally {
    await close();
    await target.close();
  }
  return { ms, alike };
}

/** The suite's own transport, without the suite. */
export function byTransport(): { send: Sender; close: () => Promise<void> } {
  const transport = new Transport({ timeout: TIMEOUT });
  return { send: (sent) => transport.send(sent), close: () => transport.close() };
}

/** What Node has built in. It keeps its connections for itself, so there is nothing to close. */
export function byFetch(): { send: Sender; close: () => Promise<void> } {
  return {
    send: async ({ method, origin, path, headers, body }) => {
      const answer = await fetch(origin + path, {
        method,
        headers,
        redirect: 'manual',
        ...(body && method !== 'GET' ? { body: new Uint8Array(body) } : {}),
      });
      return {
        status: answer.status,
        headers: [...answer.headers],
        body: Buffer.from(await answer.arrayBuffer()),
        ms: 0,
      };
    },
    close: () => Promise.resolve(),
  };
}
