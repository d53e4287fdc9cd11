import { listen, type Answer, type Call } from './http.ts';
import { pingidm, PINGIDM_FAULTS, type PingidmFault } from './pingidm/index.ts';
import { pingone, PINGONE_FAULTS, type PingoneFault } from './pingone/index.ts';

/** Every named fault of behaviour, with the sentence that says what the faulty server does. */
export const FAULTS: Readonly<Record<string, string>> = { ...PINGIDM_FAULTS, ...PINGONE_FAULTS };

export interface ReferenceOptions {
  /** The product that the world is for, and the version that it plays; both products are always there. */
  product?: string;
  version?: string;
  /** Names of faults to switch on. */
  faults?: string[];
  /** Port on loopback; any free one by default. */
  port?: number;
}

/** A running world: the variables that point a client at it, and how to end it. */
export interface Reference {
  variables: Record<string, string>;
  close: () => Promise<void>;
}

/**
 * Starts a fresh world on loopback that plays PingIDM and PingOne from their documentation.
 * @throws Error for a fault that does not exist
 */
export async function start(options: ReferenceOptions = {}): Promise<Reference> {
  const on = new Set(options.faults);
  for (const name of on)
    if (!(name in FAULTS)) throw new Error(`there is no fault '${name}'; there are: ${Object.keys(FAULTS).join(', ')}`);
  const idm = pingidm({
    version: options.product === 'pingidm' && options.version === '7.3.1' ? '7.3.1' : '7.5',
    fault: (name: PingidmFault) => on.has(name),
  });
  const one = pingone({ fault: (name: PingoneFault) => on.has(name) });
  const answer = (call: Call): Answer =>
    idm.api(call) ??
    one.api(call) ?? { status: 404, body: { code: 404, reason: 'Not Found', message: 'Nothing is served here' } };
  const { origin, close } = await listen(answer, undefined, options.port);
  return { variables: { ...idm.variables(origin), ...one.variables(origin) }, close };
}
