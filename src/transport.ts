import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { connections, type Connecting } from './dispatcher.ts';
import { headerValues, mediaType } from './fields.ts';
import type { Json } from './json.ts';
import { isLoopback } from './loopback.ts';
import { pace } from './pace.ts';
import { scan } from './scan.ts';
import { problemOf, tooLarge, TransportError } from './transport-error.ts';
import { doubtful, wrongScheme } from './tls-probe.ts';

export { headerValues, mediaType, TransportError };

/** A request as it goes over the wire: nothing is added but Host, Connection and Content-Length. */
export interface Sent {
  method: string;
  /** `http://host:port` */
  origin: string;
  /** Path and query, sent verbatim. */
  path: string;
  headers: [string, string][];
  body?: Buffer | undefined;
}

/** An answer as it came. */
export interface Came {
  status: number;
  /** In order and in the case in which they came. */
  headers: [string, string][];
  /** Decoded from its Content-Encoding. */
  body: Buffer;
  /** From sending to the last byte, in milliseconds. */
  ms: number;
  /** Why the request was sent again, each time that it was. */
  repeated?: string[];
}

export interface TransportOptions extends Connecting {
  /** Seconds that one exchange may take. */
  timeout: number;
  /** Bytes that an answer may have. */
  limit?: number;
  /** Requests per second at most, to each origin. */
  maxRps?: number | undefined;
  /** Seconds to wait after a first 429 that does not say how long; twice as long each time after. */
  backoff?: number;
  /** Where requests may go, with or without a path: credentials follow no link to anywhere else. */
  addresses?: Record<string, string>;
}

/** Milliseconds that a timer of Node's takes at most: with more it is due at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How often a request is sent again after a 429 or 503 that says when, and after a 429 that does not. */
const REPEATS = { told: 5, untold: 3 };

/** Methods that are safe to repeat when no answer came (RFC 9110, 9.2.1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** Origins that have answered: their address is right, and what they do from then on is theirs. */
const answered = new Set<string>();

/** What a server meets with that is asked without TLS and wants it, or the other way round. */
const DOUBTFUL: TransportError['reason'][] = ['closed', 'cut short', 'not http', 'timeout'];

/** Sends requests, one connection pool per target. Redirects are answers like any other: none is followed. */
export class Transport {
  readonly #direct: Dispatcher;
  readonly #proxied: Dispatcher;
  readonly #options: TransportOptions & { limit: number; backoff: number };

  constructor(options: TransportOptions) {
    this.#options = { limit: 10 * 1024 * 1024, backoff: 1, ...options };
    const { direct, proxied } = connections(options);
    this.#direct = direct;
    this.#proxied = proxied;
  }

  /** @throws TransportError for a request to a host that is none of the target's */
  #known({ method, origin }: Sent): void {
    const known = Object.values(this.#options.addresses ?? { any: origin }).map((address) => new URL(address).origin);
    if (URL.canParse(origin) && known.includes(new URL(origin).origin)) return;
    throw new TransportError(
      'not sent',
      `${method} ${origin === '' ? 'without a host' : origin}: not sent, since it is none of the target's addresses (${known.join(', ')}); did an answer lead there?`,
    );
  }

  /**
   * Sends one request and reads the whole answer. A 429 or 503 that says Retry-After (RFC 9110, 10.2.3) is waited for
   * and sent again, since the server has said that it did nothing; so is a 429 that does not say it (RFC 6585, 4: it may),
   * after one, two and four seconds, and, once, what is safe to repeat and met a connection that the server had closed.
   * @throws TransportError when no whole answer came
   */
  async send(sent: Sent): Promise<Came> {
    this.#known(sent);
    const repeated: string[] = [];
    for (let attempt = 1; ; attempt++) {
      try {
        const came = await this.#once(sent);
        const told = came.status === 429 || came.status === 503 ? retryAfter(came) : undefined;
        const wait = told ?? (came.status === 429 ? this.#options.backoff * 2 ** (attempt - 1) : undefined);
        if (wait === undefined || attempt > (told === undefined ? REPEATS.untold : REPEATS.told))
          return repeated.length > 0 ? { ...came, repeated } : came;
        repeated.push(`${came.status} ${told === undefined ? 'without' : 'with'} Retry-After`);
        await sleep(Math.min(wait, 60) * 1000);
      } catch (error) {
        const closed = error instanceof TransportError && error.reason === 'closed' && SAFE.includes(sent.method);
        if (!closed || repeated.includes(CLOSED)) throw error;
        repeated.push(CLOSED);
      }
    }
  }

  async #once(sent: Sent): Promise<Came> {
    await pace(sent.origin, this.#options.maxRps);
    const started = performance.now();
    const agent = isLoopback(sent.origin) ? this.#direct : this.#proxied;
    const signal = AbortSignal.timeout(Math.min(this.#options.timeout * 1000, LONGEST_TIMER));
    let begun = false;
    try {
      const response = await agent.request({
        origin: sent.origin,
        path: sent.path,
        method: sent.method,
        headers: sent.headers.flat(),
        body: sent.body ?? null,
        signal,
        responseHeaders: 'raw',
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      begun = true;
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of response.body) {
        chunks.push(chunk as Buffer);
        size += (chunk as Buffer).length;
        if (size > this.#options.limit) {
          response.body.destroy();
          throw tooLarge(sent, this.#options.limit);
        }
      }
      const headers = pairs(response.headers as unknown as string[] | Record<string, string | string[]>);
      const body = decoded(Buffer.concat(chunks), headers, this.#options.limit);
      const came = { status: response.statusCode, headers, body, ms: performance.now() - started };
      if (!answered.has(sent.origin) && doubtful(sent, came)) await this.#scheme(sent, agent);
      answered.add(sent.origin);
      return came;
    } catch (error) {
      const problem = problemOf(error, sent, this.#options, signal.aborted, begun, agent !== this.#direct);
      if (!answered.has(sent.origin) && DOUBTFUL.includes(problem.reason)) await this.#scheme(sent, agent);
      throw problem;
    }
  }

  /** @throws TransportError where the address is to blame for what came, and not the server */
  async #scheme(sent: Sent, agent: Dispatcher): Promise<void> {
    // Through a proxy nothing is known of the connection to the server.
    const wrong = agent === this.#direct ? await wrongScheme(sent.origin, this.#options) : undefined;
    if (wrong !== undefined) throw new TransportError('tls', `${sent.method} ${sent.origin}: ${wrong}`);
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#direct.destroy(), this.#proxied.destroy()]);
  }
}

/** Why what met a connection that was closed already is sent again. */
const CLOSED = 'the server had closed the connection';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What no API answers with, and what would exhaust whoever reads it: RFC 8259, 9 leaves such limits to parsers. */
const DEEPEST = 100;
const MOST = 200_000;

/**
 * The body as JSON, with a member that an object has twice; or why it is none. Bytes that are not UTF-8 are not JSON, nor is
 * what begins with a byte order mark (RFC 8259, 8.1).
 */
export function parseJson(body: Buffer): { json: Json; repeated?: string } | { problem: string } {
  if (body.length === 0) return { problem: 'an empty body' };
  const { depth, values, repeated } = scan(body);
  if (depth > DEEPEST) return { problem: `JSON nested ${depth} deep; no more than ${DEEPEST} is read` };
  if (values > MOST) return { problem: `JSON of ${values} values; no more than ${MOST} are read` };
  if (body.subarray(0, 3).equals(BOM)) return { problem: 'a byte order mark, with which no JSON begins' };
  try {
    const json = JSON.parse(utf8.decode(body)) as Json;
    return repeated === undefined ? { json } : { json, repeated };
  } catch {
    const start = body.subarray(0, 60).toString('latin1').trimStart();
    if (/^<(!doctype|html|\?xml|head|body)/i.test(start))
      return { problem: 'HTML or XML, not JSON (a proxy, a gateway or a login page answered?)' };
    return { problem: 'something that is not JSON (cut short?)' };
  }
}

const BOM = Buffer.from('\ufeff');

function retryAfter(came: Came): number | undefined {
  const seconds = headerValues(came.headers, 'retry-after')
    .map((value) => (/^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000))
    .filter(Number.isFinite);
  return seconds.length === 0 ? undefined : Math.max(0, ...seconds);
}

function pairs(headers: string[] | Record<string, string | string[]>): [string, string][] {
  if (Array.isArray(headers)) {
    const text = headers.map(String);
    return text.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, (text[index + 1] ?? '').trim()]] : [],
    );
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one.trim()]),
  );
}

/** How often an answer may be encoded: each time may make a hundred bytes of one. */
const ENCODINGS = 4;

function decoded(body: Buffer, headers: [string, string][], maxOutputLength: number): Buffer {
  const encodings = headerValues(headers, 'content-encoding')
    .join(',')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .reverse();
  if (body.length === 0) return body;
  if (encodings.length > ENCODINGS)
    throw new RangeError(`encoded ${encodings.length} times; no more than ${ENCODINGS} are read`);
  return encodings.reduce((bytes, encoding) => {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, { maxOutputLength });
    // RFC 9110, 8.4.1.2: some send deflate without its zlib frame, which begins with 8 in the low half of a byte.
    if (encoding === 'deflate')
      return ((bytes[0] ?? 0) & 0x0f) === 8
        ? inflateSync(bytes, { maxOutputLength })
        : inflateRawSync(bytes, { maxOutputLength });
    return encoding === 'br' ? brotliDecompressSync(bytes, { maxOutputLength }) : bytes;
  }, body);
}
