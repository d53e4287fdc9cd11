import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** One request as the reference target sees it. Paths are kept as sent, not normalised. */
export interface Call {
  method: string;
  /** The path without the query, percent-encoded as sent. */
  path: string;
  query: URLSearchParams;
  /** Header values by lower-case name; repeated headers joined as node does. */
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body is longer than this server takes; `body` is empty then. */
  tooLong?: true;
  /** Where the client reached us: `http://host:port`. */
  origin: string;
  /** The client's address, as the socket tells it. */
  remoteAddress: string;
}

/** What a handler answers. `body` is sent as JSON unless it is undefined (no body) or a Buffer (sent as it is). */
export interface Answer {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: unknown;
}

/** A product's API: answers a call, or undefined when the path is not its own. */
export type Api = (call: Call) => Answer | undefined;

/** Header names and values in the order in which they are sent. */
export type RawHeaders = [string, string][];

/** The answer as bytes, just before it is sent; a conforming variant may change how it travels. */
export interface Outgoing {
  status: number;
  headers: RawHeaders;
  body: Buffer | undefined;
  /** The words after the status; the usual ones by default. */
  reason?: string;
  /** Value of the Link header of an interim answer (103) that goes first. */
  hints?: string;
  /** Written in pieces of so many bytes, so many milliseconds apart. */
  pieces?: { bytes: number; ms: number };
  /** Fields after a body that is sent in chunks. */
  trailers?: RawHeaders;
  /** Without a length: the body ends with the connection. */
  untilClose?: true;
}

/** Finishes an answer: JSON, media type, length. */
function outgoing(answer: Answer): Outgoing {
  const headers: RawHeaders = Object.entries(answer.headers ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  if (answer.body === undefined) return { status: answer.status, headers, body: undefined };
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(JSON.stringify(answer.body));
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['Content-Type', 'application/json']);
  return { status: answer.status, headers, body };
}

/** Sends an answer as it is told to travel. */
async function write(response: ServerResponse, out: Outgoing, { method }: Call): Promise<void> {
  const { hints: link } = out;
  if (link !== undefined) await new Promise<void>((sent) => response.writeEarlyHints({ link }, sent));
  const unmeasured = out.untilClose ?? out.headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  const length: RawHeaders =
    unmeasured || out.status === 204 ? [] : [['Content-Length', String(out.body?.length ?? 0)]];
  response.sendDate = true;
  if (out.untilClose) response.useChunkedEncodingByDefault = false;
  const headers = [...out.headers, ...length].flat();
  if (out.reason === undefined) response.writeHead(out.status, headers);
  else response.writeHead(out.status, out.reason, headers);
  const body = method === 'HEAD' ? undefined : out.body;
  if (body === undefined || !out.pieces) {
    if (body) response.write(body);
  } else {
    for (let from = 0; from < body.length; from += out.pieces.bytes) {
      response.write(body.subarray(from, from + out.pieces.bytes));
      await (out.pieces.ms === 0 ? nextTurn() : sleep(out.pieces.ms));
    }
  }
  if (out.trailers) response.addTrailers(out.trailers);
  response.end();
}

/** How long a body may be, in bytes. */
const MAX_BODY = 1024 * 1024;

/** The body; of one that is too long nothing is kept, but the client may finish sending it before it is refused. */
async function readBody(message: IncomingMessage): Promise<Pick<Call, 'body' | 'tooLong'>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += (chunk as Buffer).length;
    if (length > MAX_BODY) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  return { body: Buffer.concat(chunks), ...(length > MAX_BODY ? { tooLong: true } : {}) };
}

/**
 * Starts an HTTP server on loopback.
 * @param answer answers a call
 * @param send how the answer travels; by default as it is, with a Content-Length
 * @param port 0 for any free one
 * @returns the origin (`http://127.0.0.1:PORT`) and a function that closes every connection
 */
export async function listen(
  answer: (call: Call) => Answer,
  send: (out: Outgoing, call: Call) => Outgoing | Promise<Outgoing> = (out) => out,
  port = 0,
): Promise<{ origin: string; close: () => Promise<void> }> {
  let origin = '';
  const server: Server = createServer((message, response) => {
    void (async () => {
      const body = await readBody(message);
      const [path = '/', query = ''] = splitOnce(message.url ?? '/', '?');
      const call: Call = {
        method: message.method ?? 'GET',
        path,
        query: new URLSearchParams(query),
        headers: message.headers,
        ...body,
        origin,
        remoteAddress: message.socket.remoteAddress ?? '',
      };
      await write(response, await send(outgoing(answer(call)), call), call);
    })().catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
