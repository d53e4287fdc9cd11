import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { tlsOf, type TlsFiles } from './tls-files.ts';
import type { Came, Sent } from './transport.ts';

/** Milliseconds that a look at a port may take. */
const LOOK = 3_000;

/** Codes of what happens to a TLS connection where something else is spoken, or nothing. */
const OTHER = /WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE/;

/** Whether a first answer looks like that of a server that was asked with the wrong scheme, or wants a client certificate. */
export function doubtful({ origin, path }: Sent, { status, headers, body }: Came): boolean {
  if (status === 400 || status === 403)
    return /\b(SSL|TLS|HTTPS|certificate)\b/i.test(body.toString('latin1', 0, 4096));
  const [, location = ''] = headers.find(([name]) => name.toLowerCase() === 'location') ?? [];
  if (status < 301 || status > 308 || !origin.startsWith('http:') || !URL.canParse(location)) return false;
  const to = new URL(location);
  return to.protocol === 'https:' && to.hostname === new URL(origin).hostname && to.pathname === path.split('?')[0];
}

/**
 * Looks whether the address is to blame that a server never answered well: whether it wants TLS and was asked without, or
 * asks for a client certificate that was not given.
 * @returns what to do, or undefined where neither is so
 */
export async function wrongScheme(origin: string, files: TlsFiles): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(origin);
  const spoken = await spokenAt(
    hostname.replace(/^\[|\]$/g, ''),
    Number(port || (protocol === 'http:' ? 80 : 443)),
    files,
  );
  if (protocol === 'http:')
    return spoken === undefined ? undefined : 'the server speaks TLS there: write https:// in the address';
  if (spoken === undefined)
    return 'what answers there does not speak TLS: write http:// in the address, or another port';
  if (spoken === 'plain') return undefined;
  return files.certFile
    ? 'the server asks for a client certificate, and ends the connection: does it take the one in TLS_CERT_FILE?'
    : 'the server asks for a client certificate: set TLS_CERT_FILE and TLS_KEY_FILE';
}

/** How TLS is spoken at a port, if it is: whether a client certificate is asked for. */
async function spokenAt(host: string, port: number, files: TlsFiles): Promise<'plain' | 'asks' | undefined> {
  return await new Promise((resolve) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    // Nothing is sent over this connection, so nobody has to be trusted.
    const socket = connect({ host, port, ...name, ...tlsOf(files), rejectUnauthorized: false });
    const end = (spoken: 'plain' | 'asks' | undefined): void => {
      socket.destroy();
      resolve(spoken);
    };
    socket.setTimeout(LOOK, () => end(undefined));
    // Algorithms for a signature of the client are only agreed upon where one is asked for.
    socket.once('secureConnect', () => end(socket.getSharedSigalgs().length > 0 ? 'asks' : 'plain'));
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) =>
      end(code.startsWith('ERR_SSL_') && !OTHER.test(code) ? 'asks' : undefined),
    );
  });
}
