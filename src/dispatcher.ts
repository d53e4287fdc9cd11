import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { tlsOf, type TlsFiles } from './tls-files.ts';

/** How connections are made. */
export interface Connecting extends TlsFiles {
  /** Seconds that a connection may take. */
  timeout: number;
}

/**
 * Connections to servers: directly to this machine, through the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` to others.
 * @throws SuiteError that names the variable of a file that cannot be used
 */
export function connections(options: Connecting): { direct: Dispatcher; proxied: Dispatcher } {
  const tls = tlsOf(options);
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
