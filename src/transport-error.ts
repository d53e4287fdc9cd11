import type { TlsFiles } from './tls-files.ts';
import type { Sent } from './transport.ts';

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

interface Sending extends TlsFiles {
  timeout: number;
  limit: number;
}

/** A failure as Node and undici give it. */
interface Failure {
  code: string;
  message: string;
  /** Whether it happened while the connection was made. */
  connecting: boolean;
  /** Names that the server's certificate is for, where that was the matter. */
  names: string;
  proxied: boolean;
  sending: Sending;
}

/** What a failure means, by the first pattern that its code fits. */
const CODES: [RegExp, TransportError['reason'], (failure: Failure) => string][] = [
  [
    /HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW/,
    'too large',
    () => 'the headers of the answer are too large; reading was stopped',
  ],
  [
    /INVALID_ARG/,
    'not sent',
    () => 'not sent, since its path or a header has characters that HTTP does not allow; did an answer give them?',
  ],
  [/ENOTFOUND|EAI_/, 'unreachable', ({ code }) => `the host name is not known (${code}); check the address`],
  [
    /^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/,
    'unreachable',
    ({ code, proxied }) =>
      proxied
        ? `nothing answers at the address of the proxy (${code}); check HTTPS_PROXY, HTTP_PROXY and NO_PROXY`
        : `nothing answers at this address (${code}); is the server running, and is the port right?`,
  ],
  [
    /UND_ERR_PRX|PROXY|UND_ERR_ABORTED/,
    'unreachable',
    ({ code }) => `the proxy did not let it through (${code}); check HTTPS_PROXY, HTTP_PROXY and NO_PROXY`,
  ],
  [
    /ALTNAME_INVALID/,
    'tls',
    ({ code, names }) =>
      `the certificate of the server is for another host name (${code}${names === '' ? '' : `; it is for ${names}`}): write the name that it is for in the address`,
  ],
  [
    /CERT_HAS_EXPIRED/,
    'tls',
    ({ code }) => `the certificate of the server has expired (${code}): it has to be renewed there`,
  ],
  [
    /CERT_NOT_YET_VALID/,
    'tls',
    ({ code }) => `the certificate of the server is not valid yet (${code}): are the clocks right, there and here?`,
  ],
  [
    /SELF_SIGNED|UNABLE_TO|UNTRUSTED|INVALID_CA/,
    'tls',
    ({ code, sending }) =>
      sending.caFile
        ? `the certificate of the server is not from the authority in TLS_CA_FILE (${code}): give the PEM file of the one that it is from`
        : `the certificate of the server is from an authority that is not known (${code}); for one of your own set TLS_CA_FILE to its PEM file`,
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE/,
    'tls',
    ({ code }) => `what answers there does not speak TLS (${code}): write http:// in the address, or another port`,
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|CIPHER|INSUFFICIENT_SECURITY/,
    'tls',
    ({ code }) => `the server offers no version of TLS, or no cipher, that is still in use (${code})`,
  ],
  [
    /ALERT|CERTIFICATE_REQUIRED/,
    'tls',
    ({ code, sending }) =>
      sending.certFile
        ? `the server refuses the TLS connection (${code}): does it take the client certificate in TLS_CERT_FILE?`
        : `the server refuses the TLS connection (${code}): if it asks for a client certificate, set TLS_CERT_FILE and TLS_KEY_FILE`,
  ],
  [/CERT|SSL|TLS|EPROTO/, 'tls', ({ code }) => `the TLS connection failed (${code})`],
];

/** Any failure in our own words: undici's texts may hold addresses only, but nothing is left to chance. */
export function problemOf(
  error: unknown,
  sent: Sent,
  sending: Sending,
  aborted: boolean,
  begun: boolean,
  proxied: boolean,
): TransportError {
  if (error instanceof TransportError) return error;
  const failure = failureOf(error, sending, proxied);
  const { code, connecting } = failure;
  const where = `${sent.method} ${bare(sent)}`;
  const made = (reason: TransportError['reason'], words: string): TransportError =>
    new TransportError(reason, `${where}: ${words}`);
  if (connecting && /TIMEOUT|ETIMEDOUT/.test(code))
    return made('unreachable', `no connection could be made in time (${code}); check the address and the port`);
  if (aborted || /TIMEOUT|ETIMEDOUT/.test(code))
    return made('timeout', `no whole answer within ${sending.timeout} s (REQUEST_TIMEOUT sets how long to wait)`);
  if (error instanceof RangeError && code === '') return made('not http', `the answer is ${error.message}`);
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(sent, sending.limit);
  const known = CODES.find(([pattern]) => pattern.test(code));
  if (known) return made(known[1], known[2](failure));
  if (connecting && sent.origin.startsWith('https:'))
    return made(
      'tls',
      `the connection ended before TLS was agreed upon (${code}): does it speak TLS there (http:// in the address, if not)?`,
    );
  if (connecting) return made('unreachable', `no connection could be made (${code}); check the address and the port`);
  // Before any of the body: two lengths, or a length and chunks (RFC 9112, 6.3).
  const torn = !begun && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  if (torn || /^HPE_|^Z_|^ERR__/.test(code) || (error as Error).name === 'HTTPParserError')
    return made('not http', `what came is not valid HTTP (${code || 'no status line'})`);
  return made(
    begun ? 'cut short' : 'closed',
    `the connection ended before the whole answer had come (${code || 'closed'})`,
  );
}

function failureOf(error: unknown, sending: Sending, proxied: boolean): Failure {
  type Known = NodeJS.ErrnoException & { cert?: { subjectaltname?: string } };
  const outer = error as Known & { cause?: Known };
  const inner = outer.code === undefined ? (outer.cause ?? outer) : outer;
  const code = String(inner.code ?? '');
  const message = String(inner.message ?? '');
  const connecting =
    inner.syscall === 'connect' ||
    code === 'UND_ERR_CONNECT_TIMEOUT' ||
    message.includes('before secure TLS connection');
  const names = (inner.cert?.subjectaltname ?? '').replaceAll(/[^\w.:*, -]/g, '');
  return { code, message, connecting, names: names.slice(0, 200), proxied, sending };
}

function bare(sent: Sent): string {
  return `${sent.origin}${sent.path.split('?')[0] ?? ''}`;
}

export function tooLarge(sent: Sent, limit: number): TransportError {
  return new TransportError(
    'too large',
    `${sent.method} ${bare(sent)}: the answer is larger than ${limit} bytes; reading was stopped`,
  );
}
