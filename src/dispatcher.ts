import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { SuiteError } from './errors.ts';

/** How connections are made. */
export interface Connecting {
  /** Seconds that a connection may take. */
  timeout: number;
  /** File with a PEM certificate authority to trust besides the usual ones. */
  caFile?: string | undefined;
  /** Files with a PEM certificate and its key, for servers that ask for one. */
  certFile?: string | undefined;
  keyFile?: string | undefined;
}

/**
 * Connections to servers: directly to this machine, through the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` to others.
 * @throws SuiteError that names the variable of a file that cannot be used
 */
export function connections(options: Connecting): { direct: Dispatcher; proxied: Dispatcher } {
  const tls = {
    ...(options.caFile ? { ca: [...rootCertificates, read('TLS_CA_FILE', options.caFile)] } : {}),
    ...(options.certFile ? { cert: read('TLS_CERT_FILE', options.certFile) } : {}),
    ...(options.keyFile ? { key: read('TLS_KEY_FILE', options.keyFile) } : {}),
  };
  const connecting = {
    connections: 4,
    connect: { timeout: options.timeout * 1000, ...tls },
    keepAliveTimeout: 4_000,
    pipelining: 1,
  };
  const direct = new Agent(connecting);
  return { direct, proxied: isProxied() ? new EnvHttpProxyAgent({ ...connecting, requestTls: tls }) : direct };
}

function isProxied(): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => (process.env[name] ?? '') !== '');
}

function read(variable: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new SuiteError(`${variable}: ${file} cannot be read (${code}); give the path of a PEM file`);
  }
  if (!text.includes('-----BEGIN ')) throw new SuiteError(`${variable}: ${file} is not a PEM file (no BEGIN line)`);
  return text;
}
