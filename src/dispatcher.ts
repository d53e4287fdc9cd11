import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { SuiteError } from './errors.ts';
import { tlsOf, type TlsFiles } from './tls-files.ts';

/** How connections are made. */
export interface Connecting extends TlsFiles {
  /** Seconds that a connection may take. */
  timeout: number;
}

/** Milliseconds after which a connection that cannot be made is given up in any case. */
const LONGEST = 60_000;

/**
 * Connections to servers: directly to this machine, through the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` to others.
 * @throws SuiteError that names the variable of a file that cannot be used
 */
export function connections(options: Connecting): { direct: Dispatcher; proxied: Dispatcher } {
  const tls = tlsOf(options);
  const connecting = {
    connections: 4,
    // A little less than the whole may take: what cannot be reached is told apart from what does not answer.
    connect: { timeout: Math.min(options.timeout * 900, LONGEST), ...tls },
    keepAliveTimeout: 4_000,
    pipelining: 1,
  };
  const direct = new Agent(connecting);
  if (PROXIES.every((name) => (process.env[name] ?? '') === '')) return { direct, proxied: direct };
  checkProxies();
  return { direct, proxied: new EnvHttpProxyAgent({ ...connecting, requestTls: tls }) };
}

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** @throws SuiteError for a proxy without an address; it is not shown, since it may hold a password */
export function checkProxies(environment: NodeJS.ProcessEnv = process.env): void {
  for (const name of PROXIES) {
    const value = environment[name] ?? '';
    if (value !== '' && !(URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)))
      throw new SuiteError(`${name} is not the address of a proxy: write it like http://proxy.example.com:3128`);
  }
}
