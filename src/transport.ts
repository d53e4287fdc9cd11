import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { connections, type Connecting } from './dispatcher.ts';
import type { Json } from './json.ts';
import { isLoopback } from './loopback.ts';
import { pace } from './pace.ts';
import { scan } from './scan.ts';

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

/** What kept an answer from coming, in our own words: no header and no body is ever part of it. */
export class TransportError extends Error {
  override name = 'TransportError';
  readonly reason: 'unreachable' | 'timeout' | 'tls' | 'closed' | 'cut short' | 'too large' | 'not http' | 'not sent';
  constructor(reason: TransportError['reason'], message: string) {
    super(message);
    this.reason = reason;
    this.stack = `${this.name}: ${message}`;
  }
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

/** How often a request is sent again after a 429 or 503 that says when, and after a 429 that does not. */
const REPEATS = { told: 5, untold: 3 };

/** Methods that are safe to repeat when no answer came (RFC 9110, 9.2.1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

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
    const signal = AbortSignal.timeout(this.#options.timeout * 1000);
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
      return { status: response.statusCode, headers, body, ms: performance.now() - started };
    } catch (error) {
      throw told(error, sent, this.#options, signal.aborted, begun);
    }
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#direct.destroy(), this.#proxied.destroy()]);
  }
}

/** Header values of one name, however it is written. */
export function headerValues(headers: [string, string][], name: string): string[] {
  return headers.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** The media type of an answer without parameters, in lower case; undefined when there is no Content-Type. */
export function mediaType(headers: [string, string][]): string | undefined {
  return headerValues(headers, 'content-type')[0]?.split(';')[0]?.trim().toLowerCase();
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
  const value = headerValues(came.headers, 'retry-after')[0];
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
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
  if (encodings.length > ENCODINGS) throw new RangeError(`encoded ${encodings.length} times`);
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

function bare(sent: Sent): string {
  return `${sent.origin}${sent.path.split('?')[0] ?? ''}`;
}

function tooLarge(sent: Sent, limit: number): TransportError {
  return new TransportError(
    'too large',
    `${sent.method} ${bare(sent)}: the answer is larger than ${limit} bytes; reading was stopped`,
  );
}

/** Any failure in our own words: undici's texts may hold addresses only, but nothing is left to chance. */
function told(
  error: unknown,
  sent: Sent,
  { timeout, limit }: { timeout: number; limit: number },
  aborted: boolean,
  begun: boolean,
): Error {
  if (error instanceof TransportError) return error;
  const code = String(
    (error as NodeJS.ErrnoException).code ?? (error as { cause?: NodeJS.ErrnoException }).cause?.code ?? '',
  );
  const where = `${sent.method} ${bare(sent)}`;
  if (aborted || /TIMEOUT|ETIMEDOUT/.test(code))
    return new TransportError(
      'timeout',
      `${where}: no whole answer within ${timeout} s (REQUEST_TIMEOUT sets how long to wait)`,
    );
  if (/HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW/.test(code))
    return new TransportError('too large', `${where}: the headers of the answer are too large; reading was stopped`);
  if (error instanceof RangeError && code === '')
    return new TransportError(
      'not http',
      `${where}: the answer is ${error.message}; no more than ${ENCODINGS} are read`,
    );
  if (code.includes('INVALID_ARG'))
    return new TransportError(
      'not sent',
      `${where}: not sent, since its path or a header has characters that HTTP does not allow; did an answer give them?`,
    );
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(sent, limit);
  if (/ENOTFOUND|EAI_AGAIN/.test(code))
    return new TransportError('unreachable', `${where}: the host name is not known (${code}); check the address`);
  if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/.test(code))
    return new TransportError(
      'unreachable',
      `${where}: nothing answers at this address (${code}); is the server running, and is the port right?`,
    );
  if (/UND_ERR_PRX|PROXY|UND_ERR_ABORTED/.test(code))
    return new TransportError(
      'unreachable',
      `${where}: the proxy did not let it through (${code}); check HTTPS_PROXY, HTTP_PROXY and NO_PROXY`,
    );
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code))
    return new TransportError(
      'tls',
      `${where}: the TLS connection failed (${code}); for a certificate of your own authority set TLS_CA_FILE to its PEM file`,
    );
  // Before any of the body: two lengths, or a length and chunks (RFC 9112, 6.3).
  const torn = !begun && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  if (torn || /^HPE_|^Z_|^ERR__/.test(code) || (error as Error).name === 'HTTPParserError')
    return new TransportError('not http', `${where}: what came is not valid HTTP (${code || 'no status line'})`);
  return new TransportError(
    begun ? 'cut short' : 'closed',
    `${where}: the connection ended before the whole answer had come (${code || 'closed'})`,
  );
}
